/**
 * The lab's namespaces. Each is held by a process and by nothing else: no name under /run/netns, no mount in the
 * machine's own mount namespace. When the process ends, the kernel takes the namespace with all that is in it.
 *
 * A process belongs to the lab when its environment says so, not by its name: that is how `down` finds, and ends, what
 * the lab started and nothing else, also after an `up` that was killed half-way. The network that the lab was started
 * in is part of the mark: one lab fits in a network, and several stand beside each other in networks of their own.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { until } from './shell.ts';

export const stateFolder = '/run/handover-lab';
/** What outlives `down`: the nodes' host keys, so that a console's known_hosts stays true. */
export const keptFolder = '/var/lib/handover-lab';

const mark = 'HANDOVER_LAB_PLACE';
const placeOf = (purpose: string): string =>
  `${readlinkSync('/proc/self/ns/net').replace(/\D/g, '')}/${purpose}`;

export interface LabProcess {
  readonly pid: number;
  /** What it is for: a node's name, `switch`, `client`, `server`, `traffic-client`, … */
  readonly purpose: string;
}

/** Starts a process of the lab in the background; its output goes to `<stateFolder>/log/<purpose>.log`. */
export function startProcess(purpose: string, argv: readonly string[]): number {
  const [program, ...args] = argv;
  if (program === undefined) throw new Error('no program given');
  mkdirSync(`${stateFolder}/log`, { recursive: true });
  const log = openSync(`${stateFolder}/log/${purpose}.log`, 'a', 0o600);
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', [mark]: placeOf(purpose) },
  });
  closeSync(log);
  child.on('error', () => {}); // seen by whoever waits for the process to do its work
  child.unref();
  if (child.pid === undefined) throw new Error(`cannot start ${program}`);
  return child.pid;
}

export function findProcesses(): LabProcess[] {
  const found: LabProcess[] = [];
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    const purpose = Number.isInteger(pid) ? purposeOf(pid) : undefined;
    if (purpose !== undefined) found.push({ pid, purpose });
  }
  return found;
}

function purposeOf(pid: number): string | undefined {
  const ours = `${mark}=${placeOf('')}`;
  return environmentOf(pid)
    ?.split('\0')
    .find((word) => word.startsWith(ours))
    ?.slice(ours.length);
}

function environmentOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return undefined; // ended meanwhile, or a process whose environment is nobody's business
  }
}

/** Ends the lab's processes, all or those of one purpose, and waits until they are gone. */
export async function endProcesses(
  purpose?: string,
  signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL',
): Promise<void> {
  const ours = (): LabProcess[] =>
    findProcesses().filter((p) => purpose === undefined || p.purpose === purpose);
  for (const { pid } of ours()) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended by itself between the look and the signal.
    }
  }
  await until(
    `the processes of ${purpose ?? 'the lab'} to end`,
    () => (ours().length === 0 ? true : undefined),
    15_000,
    50,
  );
}

const pauseHere = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** The process whose namespaces are those of the node, of the switch, of the client or of the server. */
export function holderOf(space: string): number {
  const file = `${stateFolder}/spaces/${space}`;
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  // a process that is just becoming another program (`exec`) has no environment for that moment
  for (let left = 200; left > 0 && environmentOf(pid) === ''; left -= 1) pauseHere(1);
  if (pid === 0 || purposeOf(pid) !== space) throw new Error(`the lab's ${space} is not up`);
  return pid;
}

export function isUp(space: string): boolean {
  try {
    return holderOf(space) > 0;
  } catch {
    return false;
  }
}

/** The words before a command that put it into a network namespace alone, or into all of a node's namespaces. */
export function enter(space: string, depth: 'network' | 'node'): string[] {
  const target = ['nsenter', '--target', String(holderOf(space)), '--net'];
  return depth === 'network' ? [...target, '--'] : [...target, '--mount', '--uts', '--ipc', '--pid', '--'];
}

/** A bare network namespace, held by a process that does nothing. */
export async function startNetwork(space: string): Promise<void> {
  startProcess(space, [
    'unshare',
    '--net',
    '--',
    '/bin/sh',
    '-c',
    `echo $$ > ${stateFolder}/spaces/${space}; exec sleep infinity`,
  ]);
  await untilUp(space);
}

/** Waits until the namespaces are held; if they are not, the error carries what their process said. */
export async function untilUp(space: string): Promise<void> {
  await until(`${space} to come up`, () => (isUp(space) ? true : undefined), 10_000, 5).catch(
    (error: Error) => {
      throw new Error(
        `${error.message}; its log: ${readFileSync(`${stateFolder}/log/${space}.log`, 'utf8').trim()}`,
      );
    },
  );
}
