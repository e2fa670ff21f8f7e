/** What the coverage command says of a lab's slave, and what is put into its master's table for it to name. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Connection } from '../../shared/domain/connection.ts';
import type { Lab } from './lab.ts';

/** The command line's own file. */
export const command = new URL('../../main/cli/main.ts', import.meta.url).pathname;

export interface Slave {
  readonly of: number;
  readonly replicated: number;
  readonly inFlight: number;
  readonly missing: number;
  readonly stale: number;
  readonly notReplicable: number;
  readonly ghosts: number;
  readonly coverage: number;
  readonly missingByReason: Readonly<Record<string, number>>;
  readonly connections: readonly {
    readonly class: string;
    readonly reason?: string;
    readonly evidence?: string;
    readonly connection: Connection;
  }[];
}

let compared = 0;
/** What the command says of fw2; `folder` is for its state. Each is a Handover of its own, which knows nothing of what another one read. */
export const compare = (lab: Lab, folder: string, ...options: string[]): Promise<Slave> =>
  new Promise((resolve, reject) => {
    // as root, which takes half of the processor time that sudo does
    const words = [command, 'coverage', '--cluster', 'lab', '--json', '--inventory', lab.inventory.root];
    compared += 1;
    const env = { ...process.env, XDG_STATE_HOME: join(folder, `state-${compared}`) };
    const limits = { env, maxBuffer: 64 * 2 ** 20 };
    execFile(process.execPath, [...words, ...options], limits, (_, stdout, stderr) => {
      if (!stdout.endsWith('\n')) return reject(new Error(`${stdout.length} characters, and: ${stderr}`));
      const [slave] = (JSON.parse(stdout) as { slaves: Slave[] }).slaves;
      return slave ? resolve(slave) : reject(new Error(stdout));
    });
  });

/** `1-9 12`: a thousand numbers that fit on a line. */
export function inRanges(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const each of numbers.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.[1] === each - 1) last[1] = each;
    else ranges.push([each, each]);
  }
  return ranges.map(([first, last]) => `${first}-${last}`).join(' ');
}

/** Puts flows from `src` into the master's table, with source ports from `first` to `last`. `protocol`: and its state. */
export async function insert(
  lab: Lab,
  src: string,
  first: number,
  last: number,
  protocol = 'tcp --state ESTABLISHED -u SEEN_REPLY,ASSURED',
): Promise<void> {
  const lines = Array.from({ length: last - first + 1 }, (_, index) => first + index).map(
    (port) =>
      `-A -p ${protocol} -s ${src} -d 10.77.2.10 -r 10.77.2.10 -q ${src} --sport ${port} --dport 80 --reply-port-src 80 --reply-port-dst ${port} -t 600\n`,
  );
  const { code, stderr } = await lab.exec('fw1', ['sh', '-c', 'cat | conntrack -R -'], {
    input: lines.join(''),
  });
  if (code !== 0) throw new Error(stderr);
}
