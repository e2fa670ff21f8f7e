import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { columnsOf, figureNames } from '../../main/history/figures.ts';
import { openHistory } from '../../main/history/history.ts';
import { openFile } from '../../main/history/open-file.ts';
import { tiers } from '../../main/history/tiers.ts';
import { snapshot } from '../unit/history/made-up-snapshot.ts';
import { atMost, type BenchFigure } from './figure.ts';

/** How long a year of a three-node cluster's history holds up the polls: reading it in every range, and writing on. */

const day = 86_400;
const now = Date.UTC(2026, 5, 1, 12);
const nodes = ['fw1', 'fw2', 'fw3'];
const seen = (at: number) => snapshot(at, Object.fromEntries(nodes.map((name) => [name, {}])));
const ranges = [300, 3_600, day, 7 * day, 30 * day, 74 * day, 365 * day];
const writes = 700;

export async function benchHistory(): Promise<readonly BenchFigure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'handover-bench-history-'));
  const path = join(folder, 'history.db');
  try {
    fillYear(path);
    const reads: number[] = [];
    const whole: number[] = [];
    const written: number[] = [];
    for (let run = 0; run < 5; run += 1) {
      const clock = { now: now + run * writes * 1_000 };
      const history = openHistory(path, () => clock.now);
      let longest = 0;
      let slowest = 0;
      for (const seconds of ranges) {
        const began = performance.now();
        longest = Math.max(
          longest,
          await held(() => history.series(seen(clock.now), { seconds, points: 300 })),
        );
        slowest = Math.max(slowest, performance.now() - began);
      }
      reads.push(longest);
      whole.push(slowest);
      written.push(await held(() => record(history, clock)));
      history.close();
    }
    return [
      atMost(20, 'ms', 'history-read-longest-hold', nodes.length, reads),
      atMost(1_000, 'ms', 'history-read-slowest-range', nodes.length, whole),
      atMost(20, 'ms', 'history-write-longest-hold', nodes.length, written),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Seconds of life, each written as the engine does, as fast as the disk takes them. */
async function record(history: ReturnType<typeof openHistory>, clock: { now: number }): Promise<void> {
  const { setTimeout: real } = globalThis;
  for (let each = 0; each < writes; each += 1) {
    clock.now += 1_000;
    let write = () => {};
    // The second that lies between two writes is not waited for.
    globalThis.setTimeout = ((work: () => void) => {
      write = work;
      return { unref: () => undefined };
    }) as unknown as typeof setTimeout;
    history.record(seen(clock.now));
    globalThis.setTimeout = real;
    write();
    await new Promise(setImmediate);
  }
}

/** The longest time (ms) for which nothing else had its turn while this went on; of the processor's, which a busy machine does not stretch. */
async function held(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let ended = false;
  let last = processorMs();
  const turn = () => {
    const at = processorMs();
    longest = Math.max(longest, at - last);
    last = at;
    if (!ended) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  await new Promise(setImmediate);
  ended = true;
  return longest;
}

function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** Every row that a year leaves in each tier. */
function fillYear(path: string): void {
  const opened = openFile(path);
  if (!opened.ok) throw new Error(`no history for the bench: ${JSON.stringify(opened.error)}`);
  const database = opened.value;
  const columns = figureNames.flatMap(columnsOf);
  for (const name of nodes) database.prepare("INSERT INTO node (cluster, name) VALUES ('edge', ?)").run(name);
  for (const { table, step, kept } of tiers) {
    const until = Math.floor(now / step) * step;
    database
      .prepare(
        `WITH RECURSIVE step (at) AS (SELECT ? UNION ALL SELECT at + ${step} FROM step WHERE at + ${step} < ?)
         INSERT INTO ${table} (node, at, ${columns.join(', ')})
         SELECT id, at, ${columns.map(() => 'abs(random() % 100000) / 7.0').join(', ')} FROM node CROSS JOIN step`,
      )
      .run(until - Math.floor(kept / step) * step, until);
    if (table !== 'second') database.prepare('INSERT INTO progress VALUES (?, ?)').run(table, until);
  }
  database.close();
}
