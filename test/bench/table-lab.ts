import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fillTable } from '../lab/fill-table.ts';
import { identityFile, knownHostsFile } from '../lab/inventory.ts';
import { type Lab, up } from '../lab/lab.ts';
import { startService, stopService } from '../lab/services.ts';
import { makeTableRoom, type TableRoom } from '../lab/table-room.ts';
import type { BenchFigure } from './figure.ts';

/** What a node holds beside what it was filled with: its own connections. */
export const ownMost = 500;

/** How often what needs a second or more is measured: of a table below a million rows it is only seen that it works. */
export const runsFor = (n: number): number => (n >= 1_000_000 ? 3 : 1);

/** The lab with the master's table filled. */
export interface TableLab {
  readonly lab: Lab;
  /** Connections that the benches are about. */
  readonly n: number;
  /** Fills the master's table up to so many; never empties it. Resolves when both nodes have digested it. */
  fill(entries: number): Promise<void>;
  /** A command on a node, in a session of its own as root, into /dev/null: how long it took, ms. */
  ssh(node: string, command: string): Promise<number>;
  /** What more than one bench is about is measured once, under this name, whoever asks. */
  once<T>(name: string, measure: () => Promise<T>): Promise<T>;
}

export type TableBench = (on: TableLab) => Promise<readonly BenchFigure[]>;

/**
 * Brings the lab up with room for `most` connections, runs the benches in their order, and takes it down whatever happens.
 * What could not be measured keeps nobody from the rest, and is thrown at the end.
 */
export async function* onTableLab(
  n: number,
  most: number,
  benches: readonly TableBench[],
): AsyncGenerator<BenchFigure> {
  const lab = await up();
  let room: TableRoom | undefined;
  // the settings of the kernel would come back by themselves, but then nobody could say when
  const interrupted = () =>
    void lab
      .down()
      .then(() => room?.close())
      .finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    room = await makeTableRoom(most + ownMost);
    try {
      const on = tableLab(lab, n);
      const failures: unknown[] = [];
      for (const bench of benches) {
        const figures = await bench(on).catch((failure: unknown) => {
          failures.push(failure);
          return [];
        });
        yield* figures;
      }
      if (failures.length > 0) throw new AggregateError(failures, 'Not all of it could be measured.');
    } finally {
      // first the entries, then the room for them
      await lab.down();
      await room.close();
    }
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await lab.down();
  }
}

function tableLab(lab: Lab, n: number): TableLab {
  let filled = 0;
  const measured = new Map<string, Promise<unknown>>();
  return {
    lab,
    n,
    fill: async (entries) => {
      if (entries <= filled) return;
      await withoutAgents(lab, () => fillTable('fw1', filled, entries));
      filled = entries;
      await untilReplicated(lab, entries);
    },
    ssh: (node, command) => timedSsh(lab, node, command),
    once: <T>(name: string, measure: () => Promise<T>) => {
      const known = (measured.get(name) as Promise<T> | undefined) ?? measure();
      measured.set(name, known);
      return known;
    },
  };
}

/** A sync agent that hears of each entry would make filling several times slower, and lose some of so many. */
async function withoutAgents(lab: Lab, act: () => Promise<void>): Promise<void> {
  const nodes = lab.plan.nodes.map(({ name }) => name);
  for (const node of nodes) await stopService(node, 'agent');
  await act();
  for (const node of nodes) await startService(node, 'agent');
}

const mostResyncs = 20;

/** Of a bulk of so many entries some may be lost as well: the slave asks for it again until it has them all. */
async function untilReplicated(lab: Lab, entries: number): Promise<void> {
  for (let asked = 0; ; asked += 1) {
    try {
      return await lab.untilInStep(2_000 + entries / 200);
    } catch (error) {
      if (asked === mostResyncs) throw error;
      await lab.exec('fw2', ['conntrackd', '-n']);
    }
  }
}

/** The words that log in to a node as root. */
export function sshWords(lab: Lab, node: string, ...options: string[]): string[] {
  const host = lab.plan.nodes.find(({ name }) => name === node)?.management ?? node;
  const known = ['-o', `UserKnownHostsFile=${knownHostsFile}`, '-o', 'BatchMode=yes'];
  return ['ssh', ...options, '-i', identityFile, ...known, `root@${host}`];
}

async function timedSsh(lab: Lab, node: string, command: string): Promise<number> {
  const [program = '', ...words] = sshWords(lab, node);
  const startedAt = performance.now();
  const child = spawn(program, [...words, command], { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${node}: ${command} ended with ${code}`);
  return performance.now() - startedAt;
}
