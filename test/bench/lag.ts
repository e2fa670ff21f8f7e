import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LagEstimate, LagMethod } from '../../shared/domain/sync-lag.ts';
import { type Lab, up } from '../lab/lab.ts';
import { setSyncDelay } from '../lab/network.ts';
import { run, until } from '../lab/shell.ts';
import { type LagWatch, watchLag } from '../lab/watch-lag.ts';
import { command } from '../lab/watch-status.ts';
import { median, wireLags } from '../lab/wire-lag.ts';
import type { BenchFigure } from './figure.ts';

const modes = ['ftfw', 'notrack', 'alarm'] as const;
/** What the sync link takes each way, ms. */
const delays = [0, 50, 500, 2_000] as const;
const runs = 3;
const burstEveryMs = 4_000;
/** What the machine itself adds between a packet and a counter, ms. */
const slackMs = 25;

/**
 * Each estimate of lag beside the truth on the wire, in every mode and with a sync link that is slow on purpose. The value
 * is by how much the estimate is off; it holds if the truth lies within what the estimate says of itself.
 */
export async function benchLag(): Promise<BenchFigure[]> {
  const figures: BenchFigure[] = [];
  for (const mode of modes) {
    const lab = await up({ mode });
    const lag = watchLag(lab.inventory.ops, burstEveryMs);
    try {
      for (const ms of delays) {
        const found = await measure(lab, lag, `${mode} ${ms} ms`, ms);
        // it takes a quarter of an hour: who waits may see how far it is
        for (const { name } of found) process.stderr.write(`${name}\n`);
        figures.push(...found);
      }
    } finally {
      lag.close();
      await lab.traffic.stop().catch(() => undefined);
      await lab.down();
    }
  }
  return figures;
}

async function measure(lab: Lab, lag: LagWatch, cell: string, ms: number): Promise<BenchFigure[]> {
  const [one, other] = lab.plan.nodes;
  if (!one || !other) throw new Error('two nodes are needed');
  await lab.traffic.stop().catch(() => undefined);
  await setSyncDelay([one, other], ms);
  const quietAt = Date.now() + 6_000 + 2 * ms;
  await lag.until(
    'a quiet moment',
    () => lag.estimate('fw2', 'counter-delay', quietAt)?.note === 'nothing changed while it was sampled',
    60_000,
  );
  await lab.traffic.start();
  // the first burst of a slow link only tells how much later the slave is to be sampled
  const warm = Date.now() + burstEveryMs + 2 * ms + 3_000;
  await lag.until('a burst', () => lag.estimate('fw2', 'counter-delay', warm) !== undefined, 60_000);
  const truth = wireLags('fw1', 'fw2', runs * (burstEveryMs + ms) + 4_000);
  const seen: Record<LagMethod, LagEstimate[]> = { backlog: [], 'counter-delay': [], canary: [] };
  for (let since = Date.now(); seen['counter-delay'].length < runs; since = Date.now()) {
    const estimate = await until('the next burst', () => lag.estimate('fw2', 'counter-delay', since), 60_000);
    seen['counter-delay'].push(estimate);
    const queue = lag.estimate('fw2', 'backlog');
    if (queue) seen.backlog.push(queue);
  }
  const wire = median(await truth);
  const canary = await sendCanary(lab);
  if (canary) seen.canary.push(canary);
  return (Object.keys(seen) as LagMethod[]).flatMap((method) => figuresOf(cell, method, seen[method], wire));
}

async function sendCanary(lab: Lab): Promise<LagEstimate | undefined> {
  const state = mkdtempSync(join(tmpdir(), 'handover-bench-'));
  const words = ['canary', '--cluster', 'lab', '--to', 'fw2', '--json', '--inventory', lab.inventory.ops];
  const { stdout } = await run([process.execPath, command, ...words], {
    env: { ...process.env, XDG_STATE_HOME: state },
    timeout: 90_000,
  });
  rmSync(state, { recursive: true, force: true });
  return (JSON.parse(stdout) as { estimate?: LagEstimate }).estimate;
}

/** None where the mode has no such estimate; one that is unknown is a miss. */
function figuresOf(
  cell: string,
  method: LagMethod,
  estimates: readonly LagEstimate[],
  wire: number,
): BenchFigure[] {
  const tried = estimates.filter(({ kind }) => kind !== 'not-measurable');
  if (tried.length === 0) return [];
  const offs = tried.map(({ kind, seconds }) =>
    kind === 'unknown' || seconds === undefined ? Number.NaN : Math.round(seconds * 1000 - wire),
  );
  const said = tried.map(words);
  const pass = tried.every((each) => holds(each, wire));
  const name = `lag ${cell} (on the wire ${wire.toFixed(1)} ms): ${method} ${said.join(', ')}`;
  const widest = Math.max(
    ...tried.map(({ kind, seconds = 0, resolution = 0 }) =>
      kind === 'below' ? seconds * 1000 : resolution * 1000,
    ),
  );
  return [
    { name, n: tried.length, value: median(offs), unit: 'ms', goal: Math.round(widest), pass, runs: offs },
  ];
}

function holds({ kind, seconds = 0, resolution = 0 }: LagEstimate, wire: number): boolean {
  if (kind === 'below') return wire <= seconds * 1000 + slackMs;
  return kind === 'measured' && Math.abs(seconds * 1000 - wire) <= resolution * 1000 + slackMs;
}

function words({ kind, seconds = 0, resolution = 0 }: LagEstimate): string {
  const ms = Math.round(seconds * 1000);
  if (kind === 'below') return `< ${ms}`;
  return kind === 'measured' ? `${ms} ± ${Math.round(resolution * 1000)}` : kind;
}
