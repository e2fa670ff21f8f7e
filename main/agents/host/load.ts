import { type Command, command } from '../command.ts';

/** The processors that run, as ranges: `0-3,6`. Read from files, which every login may and every distribution has. */
export const processorsCommand: Command = command(['/usr/bin/cat', '/sys/devices/system/cpu/online']);

export const memoryCommand: Command = command(['/usr/bin/cat', '/proc/meminfo']);

/** What the kernel says of these processes. */
export const processesCommand = (pids: readonly number[]): Command =>
  command(['/usr/bin/cat', ...pids.map((pid) => `/proc/${pid}/status`)]);

/** How many processors run; undefined where the text does not tell. */
export function parseProcessors(stdout: string): number | undefined {
  const ranges = stdout.trim().split(',');
  if (!ranges.every((range) => /^\d+(-\d+)?$/.test(range))) return undefined;
  return ranges.reduce((sum, range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return sum + last - first + 1;
  }, 0);
}

/** Memory (bytes) that could be had without swapping. */
export const parseAvailableMemory = (stdout: string): number | undefined =>
  kibibytes(/^MemAvailable:\s*(\d+) kB$/m, stdout);

/** Memory (bytes) of the largest of these processes. */
export function parseLargestProcess(stdout: string): number | undefined {
  const sizes = stdout.split(/^(?=Name:)/m).flatMap((each) => kibibytes(/^VmRSS:\s*(\d+) kB$/m, each) ?? []);
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}

/** `pgrep`'s answer. */
export const parsePids = (stdout: string): number[] =>
  stdout
    .split('\n')
    .filter((line) => /^\d+$/.test(line))
    .map(Number);

const kibibytes = (pattern: RegExp, text: string): number | undefined => {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found) * 1024;
};
