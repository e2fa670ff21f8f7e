import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** One key line of a known_hosts file; sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". */
interface KnownHostEntry {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly revoked: boolean;
  /** Comma-separated patterns, or one hashed name `|1|salt|hash`. */
  readonly hosts: string;
  readonly keyType: string;
  /** The public key in SSH wire form. */
  readonly key: Buffer;
}

/** What the known_hosts files say of the key that a host offers. Only `known` may be trusted. */
export type HostKeyVerdict =
  | { readonly kind: 'known'; readonly entry: KnownHostEntry }
  | { readonly kind: 'revoked'; readonly entry: KnownHostEntry }
  /** Another key of this type is known for the host. */
  | { readonly kind: 'changed'; readonly entry: KnownHostEntry }
  | { readonly kind: 'unknown'; readonly otherTypes: readonly string[] };

/** Certificate authorities are left out: ssh2 knows no host certificates. Lines that cannot be read are left out. */
export function parseKnownHosts(text: string, file: string): KnownHostEntry[] {
  return text.split(/\r?\n/).flatMap((row, index): KnownHostEntry[] => {
    if (/^\s*(#|$)/.test(row)) return [];
    const words = row.trim().split(/\s+/);
    const marker = words[0]?.startsWith('@') ? words.shift() : undefined;
    const [hosts, keyType, base64] = words;
    if (hosts === undefined || base64 === undefined) return [];
    if (marker !== undefined && marker !== '@revoked') return [];
    const key = Buffer.from(base64, 'base64');
    if (keyType === undefined || keyTypeOf(key) !== keyType) return [];
    return [{ file, line: index + 1, revoked: marker === '@revoked', hosts, keyType, key }];
  });
}

/**
 * Like OpenSSH: on a port other than 22 the name is `[host]:port`, and an entry for the bare host is taken where it
 * holds this very key; where it does not, the bare name says nothing about this port.
 */
export function judgeHostKey(
  entries: readonly KnownHostEntry[],
  host: string,
  port: number,
  key: Buffer,
): HostKeyVerdict {
  const keyType = keyTypeOf(key);
  const own = entries.filter((entry) => names(entry, knownHostName(host, port)));
  const bare = entries.filter((entry) => names(entry, host.toLowerCase()) && entry.key.equals(key));
  const same = [...own.filter((entry) => entry.key.equals(key)), ...bare];
  const revoked = same.find((entry) => entry.revoked);
  if (revoked) return { kind: 'revoked', entry: revoked };
  const [known] = same;
  if (known) return { kind: 'known', entry: known };
  const trusted = own.filter((entry) => !entry.revoked);
  const other = trusted.find((entry) => entry.keyType === keyType);
  if (other) return { kind: 'changed', entry: other };
  return { kind: 'unknown', otherTypes: [...new Set(trusted.map((entry) => entry.keyType))] };
}

/** The key types known for a host: to be asked for first, so that a host with several keys shows a known one. */
export const knownKeyTypes = (entries: readonly KnownHostEntry[], host: string, port: number): string[] => {
  const wanted = [knownHostName(host, port), host.toLowerCase()];
  return entries
    .filter((entry) => !entry.revoked && wanted.some((name) => names(entry, name)))
    .map((entry) => entry.keyType);
};

/** The name under which OpenSSH keeps a host: `host`, or `[host]:port` where the port is not 22. */
export const knownHostName = (host: string, port: number): string =>
  port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;

/** `SHA256:…` as OpenSSH prints it. */
export const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** The type that stands in a public key in wire form, such as `ssh-ed25519`; '' where there is none. */
export const keyTypeOf = (key: Buffer): string =>
  key.length < 4 ? '' : key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');

/** Reads the files in order. One that is missing or unreadable holds no keys, and `looked` says so. */
export async function readKnownHosts(
  files: readonly string[],
): Promise<{ entries: KnownHostEntry[]; looked: string[] }> {
  const read = await Promise.all(
    files.map(async (file) => {
      try {
        return { entries: parseKnownHosts(await readFile(file, 'utf8'), file), looked: file };
      } catch (error) {
        const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        return { entries: [], looked: `${file} (${missing ? 'does not exist' : 'cannot be read'})` };
      }
    }),
  );
  return { entries: read.flatMap((one) => one.entries), looked: read.map((one) => one.looked) };
}

function names({ hosts }: KnownHostEntry, name: string): boolean {
  if (hosts.startsWith('|')) return hashes(hosts, name);
  const matching = hosts
    .toLowerCase()
    .split(',')
    .filter((pattern) => wildcard(pattern.replace(/^!/, '')).test(name));
  return matching.length > 0 && !matching.some((pattern) => pattern.startsWith('!'));
}

function hashes(hashed: string, name: string): boolean {
  const [, version, salt, hash] = hashed.split('|');
  if (version !== '1' || salt === undefined || hash === undefined) return false;
  const expected = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** `*` and `?` alone mean something; every other character is itself, brackets too. */
const wildcard = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );
