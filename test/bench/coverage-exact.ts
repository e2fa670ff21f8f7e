import type { CoverageReport } from '../../shared/domain/coverage.ts';
import { type BenchFigure, published, ratioAtMost } from './figure.ts';
import { withEngine } from './table-engine.ts';
import { ownMost, runsFor, type TableBench, type TableLab } from './table-lab.ts';

interface Compared {
  /** From the first byte of the second reading of the master to the report, ms. */
  readonly exactMs: number;
  /** With the reading before it and the wait for what was on its way. */
  readonly allMs: number;
}

/**
 * The master's table against the slave's cache, connection by connection, over both dumps run together into /dev/null. A
 * comparison reads the master once more beforehand and waits two seconds, so that nothing is called missing that was on
 * its way: that is left out of the one figure and in the other.
 */
export const benchCoverageExact: TableBench = async (on) => {
  await on.fill(on.n);
  const plain: number[] = [];
  const compared: Compared[] = [];
  for (let run = 0; run < runsFor(on.n); run += 1) {
    const startedAt = performance.now();
    await Promise.all([on.ssh('fw1', 'conntrack -L'), on.ssh('fw2', 'conntrackd -e')]);
    plain.push(performance.now() - startedAt);
    compared.push(await compare(on));
  }
  const all = compared.map(({ allMs }) => allMs);
  const figures: BenchFigure[] = [
    ratioAtMost(
      1.1,
      'ms',
      'coverage-exact',
      on.n,
      compared.map(({ exactMs }) => exactMs),
      plain,
    ),
    published('ms', 'coverage-exact-with-recheck', on.n, all),
  ];
  return figures;
};

/** By an engine of its own: a cache is read once a minute at most. */
const compare = (on: TableLab): Promise<Compared> =>
  withEngine(on, async ({ handlers }) => {
    const report = () => handlers['coverage.report']({ cluster: 'lab', filter: '', limit: 0 });
    let bothSince: number | undefined;
    const look = setInterval(async () => {
      const { progress } = await report();
      if (progress?.step === 'reading-both') bothSince ??= performance.now();
    }, 10);
    const startedAt = performance.now();
    const answer = await handlers['coverage.compare']({ cluster: 'lab' });
    const endedAt = performance.now();
    clearInterval(look);
    if (!answer.accepted) throw new Error(answer.reason);
    const found = (await report()).report;
    if (found === undefined || bothSince === undefined) throw new Error('nothing was compared');
    assertCovered(found, on.n);
    return { exactMs: endedAt - bothSince, allMs: endedAt - startedAt };
  });

/** Everything that was put in is on both nodes; what is not is the nodes' own, which their filter keeps back. */
function assertCovered({ slaves: [slave] }: CoverageReport, n: number): void {
  const isRight =
    slave &&
    slave.replicated >= n - ownMost &&
    slave.of - slave.replicated < ownMost &&
    slave.missing === (slave.missingByReason.filtered ?? 0);
  if (!isRight) throw new Error(`of ${n}: ${JSON.stringify({ ...slave, connections: [] })}`);
}
