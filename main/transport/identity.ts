import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import ssh2, {
  type AnyAuthMethod,
  type BaseAgent,
  type IdentityCallback,
  type KnownPublicKeys,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2';
import type { SshTarget } from './target.ts';

/** What came of the keys of one login attempt, for the sentence that an operator reads when none was taken. */
export interface LoginReport {
  readonly offered: string[];
  readonly problems: KeyProblem[];
}

/** A key that could not even be offered. `lockedKey`: its file, where the passphrase is missing or wrong. */
export interface KeyProblem {
  readonly what: string;
  readonly remedy: string;
  readonly lockedKey?: string;
}

/** Keys opened with a passphrase stay in memory while the session lives, so that a reconnect asks nobody. */
export type OpenedKeys = Map<string, ParsedKey>;

type AskPassphrase = (identityFile: string) => Promise<string | undefined>;

/**
 * The keys to offer, in order: the agent's copy of the identity file (no passphrase needed), the identity file, the
 * agent's other keys. sshd counts attempts (MaxAuthTries), so the named key must not wait behind a full agent.
 */
export async function* loginAttempts(
  target: SshTarget,
  opened: OpenedKeys,
  ask: AskPassphrase,
  report: LoginReport,
): AsyncGenerator<AnyAuthMethod, void, void> {
  const { user: username, identityFile } = target;
  const { agentSocket } = target;
  const agent = agentSocket ? ssh2.createAgent(agentSocket) : undefined;
  const held = agent && agentSocket ? await agentKeys(agent, agentSocket, report) : [];
  const fromAgent = (keys: readonly ParsedKey[]): AnyAuthMethod[] => {
    if (!agent || keys.length === 0) return [];
    report.offered.push(keys.length === 1 ? "the agent's key" : `the agent's ${keys.length} keys`);
    return [{ type: 'agent', username, agent: new ChosenKeys(agent, keys) }];
  };
  const named = identityFile === undefined ? undefined : await publicHalf(identityFile);
  const copies = held.filter((key) => named?.equals(key.getPublicSSH()));
  yield* fromAgent(copies);
  const others = held.filter((key) => !copies.includes(key));
  if (identityFile === undefined) yield* fromAgent(others);
  for (const file of identityFile === undefined ? usualFiles() : [identityFile]) {
    if (copies.length > 0) continue;
    const key = await openKey(file, { opened, ask, report, named: identityFile !== undefined });
    if (!key) continue;
    report.offered.push(file);
    yield { type: 'publickey', username, key };
  }
  if (identityFile !== undefined) yield* fromAgent(others);
}

const usualFiles = (): string[] =>
  ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(homedir(), '.ssh', name));

async function openKey(
  file: string,
  {
    opened,
    ask,
    report,
    named,
  }: { opened: OpenedKeys; ask: AskPassphrase; report: LoginReport; named: boolean },
): Promise<ParsedKey | undefined> {
  const already = opened.get(file);
  if (already) return already;
  const problem = (what: string, remedy: string, lockedKey?: string): undefined => {
    report.problems.push({ what, remedy, ...(lockedKey !== undefined && { lockedKey }) });
  };
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT')
      return named
        ? problem(`The key file ${file} does not exist`, 'Name an existing identityFile in the inventory.')
        : undefined;
    return problem(
      `The key file ${file} cannot be read (${code === 'EACCES' ? 'permission denied' : code})`,
      `Make it readable for the user who runs Handover: ls -l ${file}`,
    );
  }
  const plain = firstKey(ssh2.utils.parseKey(content));
  if (!(plain instanceof Error)) return plain;
  if (!/no passphrase given/i.test(plain.message))
    return problem(
      `The key file ${file} is not a private key that Handover can read`,
      'OpenSSH, PEM and PuTTY keys are read; keys on FIDO devices and certificates are not.',
    );
  const passphrase = await ask(file);
  if (passphrase === undefined || passphrase === '')
    return problem(
      `The key file ${file} is encrypted and no passphrase was given`,
      `Give its passphrase, or hand the key to the agent: ssh-add ${file}`,
      file,
    );
  const key = firstKey(ssh2.utils.parseKey(content, passphrase));
  if (key instanceof Error)
    return problem(
      `The passphrase does not open the key file ${file}`,
      `Try again with the right one, or hand the key to the agent: ssh-add ${file}`,
      file,
    );
  opened.set(file, key);
  return key;
}

/** The public key beside a private one, in wire form: encrypted or not, it stands in `FILE.pub`. */
async function publicHalf(file: string): Promise<Buffer | undefined> {
  try {
    const key = firstKey(ssh2.utils.parseKey(await readFile(`${file}.pub`)));
    return key instanceof Error ? undefined : key.getPublicSSH();
  } catch {
    return undefined;
  }
}

/** Newer PuTTY and OpenSSH containers may hold several keys; ssh2 then gives an array. */
function firstKey(parsed: ParsedKey | ParsedKey[] | Error): ParsedKey | Error {
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  return key ?? new Error('no key in the file');
}

async function agentKeys(agent: BaseAgent, socket: string, report: LoginReport): Promise<ParsedKey[]> {
  const keys = await new Promise<KnownPublicKeys | undefined>((resolve) => {
    agent.getIdentities((error, answer) => resolve(error ? undefined : answer));
  });
  if (!keys)
    report.problems.push({
      what: `The SSH agent at ${socket} does not answer`,
      remedy: 'Start it and add the key (ssh-add -l must list it), or name an identityFile in the inventory.',
    });
  return (keys ?? []).filter((key) => typeof key === 'object' && 'getPublicSSH' in key);
}

/** An agent of which only some keys are offered. */
class ChosenKeys extends ssh2.BaseAgent {
  readonly #agent: BaseAgent;
  readonly #keys: readonly ParsedKey[];
  constructor(agent: BaseAgent, keys: readonly ParsedKey[]) {
    super();
    this.#agent = agent;
    this.#keys = keys;
  }
  getIdentities(answer: IdentityCallback): void {
    answer(undefined, [...this.#keys]);
  }
  sign(
    key: ParsedKey | Buffer | string,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback,
  ): void {
    if (typeof options === 'function') this.#agent.sign(key, data, options);
    else this.#agent.sign(key, data, options, done);
  }
}
