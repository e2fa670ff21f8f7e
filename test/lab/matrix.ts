/** What Handover says in each cell of the lab, healthy and broken, beside what it should say. */
import type { Cell } from './cells.ts';
import type { FaultName } from './faults.ts';
import { type Lab, up } from './lab.ts';
import { type Cluster, watchStatus } from './watch-status.ts';

export type Situation =
  | 'healthy'
  | Extract<FaultName, 'first-sync-link' | 'sync-link' | 'one-way' | 'agent' | 'full-cache' | 'node-crash'>;

/** About the cluster, and about its last node, which is the slave that is struck. */
export interface Said {
  readonly verdict: string;
  readonly phase: string;
  /** counted, or none where a cache is missing or nothing is read. */
  readonly coverage: string;
  readonly lag: string;
}

export interface Outcome {
  readonly cell: Cell;
  readonly situation: Situation;
  /** Several words that may do are joined by a bar. */
  readonly expected: Said;
  readonly seen: Said | undefined;
  /** From before the fault was made until it was said; absent where it never was. */
  readonly seconds?: number;
  /** The reasons that were given where something else was said. */
  readonly why?: readonly string[];
}

/** Seconds in which each must be said; of what is to change nothing, for how long it may be told at most. */
export const deadlines: Record<Situation, number> = {
  healthy: 60,
  'first-sync-link': 5,
  'sync-link': 5,
  'one-way': 5,
  agent: 5,
  'full-cache': 15,
  'node-crash': 8,
};

export function situationsOf(cell: Cell): Situation[] {
  return [
    'healthy',
    ...(cell.links === 2 ? (['first-sync-link'] as const) : []),
    'sync-link',
    'one-way',
    'agent',
    ...(cell.caches === 'both' ? (['full-cache'] as const) : []),
    'node-crash',
  ];
}

/**
 * Lag as far as it can be told: FTFW's queue bounds it, for two nodes; in the other modes, and with three nodes, only
 * counters sampled side by side tell, once a minute, and only if something irregular enough happens in those two seconds.
 */
const lagOf = ({ mode, nodes }: Cell): string => {
  if (mode === 'ftfw' && nodes === 2) return 'below|measured';
  return `${mode === 'ftfw' ? 'unknown' : 'not-measurable|unknown'}|below|measured`;
};

export function expected(cell: Cell, situation: Situation): Said {
  const lag = lagOf(cell);
  const noLag = cell.mode === 'ftfw' ? 'unknown' : 'not-measurable|unknown';
  const coverage = cell.caches === 'both' ? 'counted' : 'none';
  const graver = cell.nodes === 2 ? 'critical' : 'warning';
  const queued = cell.mode === 'ftfw' && cell.nodes === 2 ? 'measured|unknown' : noLag;
  const silent: Said = { verdict: graver, phase: 'silent', coverage, lag: queued };
  switch (situation) {
    case 'healthy':
      return { verdict: 'ok', phase: 'in-step', coverage, lag };
    case 'first-sync-link':
      // The slave changes to the second link; the master follows when it hears the slave there, and in ALARM a slave
      // has nothing to say: the master goes on sending on the link whose carrier it still has, to nobody.
      if (cell.mode === 'alarm') return silent;
      // With three nodes FTFW throws away what comes from the one whose numbers are the lower, its keepalives too.
      if (cell.mode === 'ftfw' && cell.nodes === 3)
        return { verdict: 'ok|warning', phase: 'in-step|silent', coverage, lag };
      return { verdict: 'ok', phase: 'in-step', coverage, lag };
    case 'sync-link':
    case 'one-way':
      return silent;
    case 'agent':
      return { verdict: graver, phase: 'unknown', coverage: 'none', lag: noLag };
    case 'full-cache':
      return { verdict: 'warning', phase: 'behind', coverage, lag };
    case 'node-crash':
      return { verdict: graver, phase: 'unknown', coverage: 'none', lag: 'unknown' };
  }
}

/** Brings the cell up, breaks it in every way and mends it again, until something stays wrong; the lab is down then. `patience`: times the deadline. */
export async function* runCell(
  cell: Cell,
  environment: NodeJS.ProcessEnv,
  situations = situationsOf(cell),
  patience = 1,
): AsyncGenerator<Outcome> {
  // a slave whose flush is pending is not ready: after each boot all would wait for it
  const lab = await up({ ...cell, purgeSeconds: 2 });
  // as root, which takes half of the processor time that sudo does: what sudo allows is proved elsewhere
  const observer = watchStatus(lab.inventory.root, environment);
  try {
    await lab.traffic.start();
    for (const situation of situations) {
      const startedAt = performance.now();
      if (situation !== 'healthy') await lab.fault(situation, true);
      yield await observe(cell, situation, observer, startedAt, patience * deadlines[situation]);
      if (situation === 'healthy') continue;
      await lab.fault(situation, false);
      const well = await mended(cell, lab, observer);
      if (holds(well)) continue;
      yield well;
      return;
    }
  } finally {
    observer.end();
    await endOf(lab);
  }
}

/**
 * FTFW resends what was lost and ALARM repeats it, NOTRACK lacks it; and over TCP a daemon that starts asks for all before
 * its connection stands. Where it does not come by itself, the slave asks for all, as an operator does.
 */
async function mended(cell: Cell, lab: Lab, observer: Observer): Promise<Outcome> {
  const [master = '', slave = ''] = [lab.plan.nodes[0]?.name, lab.plan.nodes.at(-1)?.name];
  const lacksForGood = cell.mode === 'notrack' && cell.caches === 'both';
  const askForAll = { on: slave, word: '-n', seconds: 15 };
  // in FTFW a third node's asking may be thrown away
  const sendAll = { on: master, word: '-B', seconds: 25 };
  let well = await observe(cell, 'healthy', observer, performance.now(), lacksForGood ? 0 : 15);
  for (const { on, word, seconds } of [askForAll, sendAll]) {
    if (holds(well)) break;
    if (cell.caches === 'both') await lab.exec(on, ['conntrackd', word]);
    well = await observe(cell, 'healthy', observer, performance.now(), seconds);
  }
  return well;
}

async function endOf(lab: Lab): Promise<void> {
  await lab.traffic.stop().catch(() => undefined);
  await lab.down();
}

async function observe(
  cell: Cell,
  situation: Situation,
  observer: Observer,
  startedAt: number,
  seconds: number,
): Promise<Outcome> {
  const wanted = expected(cell, situation);
  const agreed = (cluster: Cluster) => agrees(wanted, saidOf(cluster));
  const changesNothing = situation === 'first-sync-link' && wanted.verdict.startsWith('ok');
  const wait = changesNothing ? untilSettled : untilSaid;
  const took = await wait(observer, agreed, startedAt, seconds);
  const newest = observer.newest();
  return {
    cell,
    situation,
    expected: wanted,
    seen: newest && saidOf(newest),
    ...(took === undefined
      ? { why: newest?.reasons.map(({ code, message }) => `${code}: ${message}`) ?? [] }
      : { seconds: Math.round(took * 10) / 10 }),
  };
}

type Observer = ReturnType<typeof watchStatus>;
type Wait = (
  observer: Observer,
  agreed: (cluster: Cluster) => boolean,
  startedAt: number,
  seconds: number,
) => Promise<number | undefined>;

const since = (startedAt: number): number => (performance.now() - startedAt) / 1000;

/** Seconds from `startedAt` until it was said; undefined: it was not, within so many seconds. */
const untilSaid: Wait = (observer, agreed, startedAt, seconds) =>
  observer.until('what is expected', agreed, Math.max(0, seconds - since(startedAt))).then(
    () => since(startedAt),
    () => undefined,
  );

/** Seconds until it was said for good: nothing else in as many seconds as it may take at most. */
const untilSettled: Wait = async (observer, agreed, startedAt, seconds) => {
  let settled = 0;
  for (;;) {
    if ((await untilSaid(observer, agreed, startedAt, seconds)) === undefined) return undefined;
    const wavers = await untilSaid(observer, (cluster) => !agreed(cluster), performance.now(), seconds);
    if (wavers === undefined) return settled;
    await untilSaid(observer, agreed, startedAt, seconds);
    settled = since(startedAt);
  }
};

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
  (['verdict', 'phase', 'coverage', 'lag'] as const).every((word) =>
    wanted[word].split('|').includes(seen[word]),
  );

export const holds = ({ seconds }: Outcome): boolean => seconds !== undefined;
