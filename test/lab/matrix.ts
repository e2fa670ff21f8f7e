/** What Handover says in each cell of the lab, healthy and broken, beside what it should say. */
import { type Cell, optionsOf } from './cells.ts';
import type { FaultName } from './faults.ts';
import { type Lab, up } from './lab.ts';
import { type Cluster, watchStatus } from './watch-status.ts';

export type Situation =
  | 'healthy'
  | Extract<FaultName, 'first-sync-link' | 'sync-link' | 'agent' | 'full-cache' | 'node-crash'>;

/** About the cluster, and about its last node, which is the slave that is struck. */
interface Said {
  readonly verdict: string;
  readonly phase: string;
  readonly coverage: 'counted' | 'none';
  readonly lag: string;
}

export interface Outcome {
  readonly cell: Cell;
  readonly situation: Situation;
  /** Of `lag` several may do, joined by a bar. */
  readonly expected: Said;
  readonly seen: Said | undefined;
  /** From the fault being made until it was said; absent where it never was. */
  readonly seconds?: number;
}

/** Seconds in which each must be said. */
const deadlines: Record<Situation, number> = {
  healthy: 25,
  'first-sync-link': 5,
  'sync-link': 5,
  agent: 5,
  'full-cache': 15,
  'node-crash': 8,
};

export function situationsOf(cell: Cell): Situation[] {
  return [
    'healthy',
    ...(cell.links === 2 ? (['first-sync-link'] as const) : []),
    'sync-link',
    'agent',
    ...(cell.caches === 'both' ? (['full-cache'] as const) : []),
    'node-crash',
  ];
}

export function expected(cell: Cell, situation: Situation): Said {
  const lag = cell.mode !== 'ftfw' ? 'not-measurable' : cell.nodes === 2 ? 'below' : 'unknown';
  const coverage = cell.caches === 'both' ? 'counted' : 'none';
  const graver = cell.nodes === 2 ? 'critical' : 'warning';
  switch (situation) {
    case 'healthy':
    case 'first-sync-link':
      return { verdict: 'ok', phase: 'in-step', coverage, lag };
    case 'sync-link':
      return {
        verdict: graver,
        phase: 'silent',
        coverage,
        lag: lag === 'below' ? 'measured|unknown' : lag,
      };
    case 'agent':
      return {
        verdict: graver,
        phase: 'unknown',
        coverage: 'none',
        lag: lag === 'below' ? 'unknown' : lag,
      };
    case 'full-cache':
      return { verdict: 'warning', phase: 'behind', coverage, lag };
    case 'node-crash':
      return { verdict: graver, phase: 'unknown', coverage: 'none', lag: 'unknown' };
  }
}

/** Brings the cell up, breaks it in every way and mends it again, until something stays wrong; the lab is down then. */
export async function* runCell(
  cell: Cell,
  environment: NodeJS.ProcessEnv,
  situations = situationsOf(cell),
): AsyncGenerator<Outcome> {
  const lab = await up(cell);
  const observer = watchStatus(lab.inventory.ops, environment);
  try {
    await lab.traffic.start();
    for (const situation of situations) {
      if (situation !== 'healthy') await lab.fault(situation, true);
      yield await observe(cell, situation, observer);
      if (situation === 'healthy') continue;
      await lab.fault(situation, false);
      const well = await observe(cell, 'healthy', observer, 40);
      if (holds(well)) continue;
      yield well;
      return;
    }
  } finally {
    observer.end();
    await endOf(lab);
  }
}

async function endOf(lab: Lab): Promise<void> {
  await lab.traffic.stop().catch(() => undefined);
  await lab.down();
}

async function observe(
  cell: Cell,
  situation: Situation,
  observer: ReturnType<typeof watchStatus>,
  seconds = deadlines[situation],
): Promise<Outcome> {
  const wanted = expected(cell, situation);
  const agreed = (cluster: Cluster) => agrees(wanted, saidOf(cluster));
  const took = await observer.until(situation, agreed, seconds).catch(() => undefined);
  // where nothing may be told, it must go on not being told
  const wavered =
    situation === 'first-sync-link' &&
    (await observer
      .until('another word', (cluster) => !agreed(cluster), seconds)
      .then(
        () => true,
        () => false,
      ));
  const newest = observer.newest();
  return {
    cell,
    situation,
    expected: wanted,
    seen: newest && saidOf(newest),
    ...(took !== undefined && !wavered && { seconds: Math.round(took * 10) / 10 }),
  };
}

function saidOf({ verdict, nodes }: Cluster): Said {
  const slave = nodes.at(-1);
  return {
    verdict,
    phase: slave?.phase ?? 'unknown',
    coverage: slave?.coverage === undefined ? 'none' : 'counted',
    lag: slave?.lag.kind ?? 'unknown',
  };
}

const agrees = (wanted: Said, seen: Said): boolean =>
  wanted.verdict === seen.verdict &&
  wanted.phase === seen.phase &&
  wanted.coverage === seen.coverage &&
  wanted.lag.split('|').includes(seen.lag);

export const holds = ({ seconds }: Outcome): boolean => seconds !== undefined;

const words = ({ verdict, phase, coverage, lag }: Said): string =>
  `${verdict}, ${phase}, ${coverage}, ${lag.replace('|', ' or ')}`;

/** A row of Markdown an outcome. */
export function table(outcomes: readonly Outcome[]): string {
  const head = ['cell', 'situation', 'expected: verdict, phase, coverage, lag', 'seen', 'after'];
  const rows = outcomes.map((outcome) => [
    optionsOf(outcome.cell).join(' ') || 'plain',
    outcome.situation,
    words(outcome.expected),
    outcome.seen ? words(outcome.seen) : 'nothing',
    outcome.seconds === undefined ? '**not seen**' : `${outcome.seconds.toFixed(1)} s`,
  ]);
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
