import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { indexAt, roundScale, timeTicks } from '../../../renderer/components/charts/chart-model.ts';
import { areaPath, linePath, unknownSpans } from '../../../renderer/components/charts/path.ts';
import { panned, selected, zoomed } from '../../../renderer/components/charts/time-window.ts';
import {
  definitions,
  points,
  ranges,
  refreshInterval,
} from '../../../renderer/views/cluster/charts-model.ts';
import { figuresCsv } from '../../../renderer/views/cluster/figures-csv.ts';
import { tailFrom, withTail } from '../../../renderer/views/cluster/series-tail.ts';
import { shortNames } from '../../../renderer/views/cluster/short-names.ts';
import type { ClusterSeries } from '../../../shared/domain/history.ts';
import { ClusterSeries as Schema } from '../../../shared/domain/history.ts';
import { seriesOf } from '../../e2e/console-page/made-up-series.ts';
import { scenes } from '../../e2e/console-page/scenes.ts';

const at = 1_800_000_000_000;

type Node = ClusterSeries['nodes'][number];
const node = (parts: Partial<Node>): Node => ({
  ...{ name: 'fw2', connections: [], replicated: [], lag: [], backlog: [] },
  ...parts,
});
const series = (nodes: Node[], times = [0, 1_000, 2_000]): ClusterSeries => ({
  times,
  nodes,
  marks: [],
  view: { from: 0, to: 3_000, span: 1_000 },
});
const chart = (id: string, of: ClusterSeries) => {
  const definition = definitions.find((each) => each.id === id);
  if (!definition) throw new Error(`no chart ${id}`);
  return definition.build(of);
};
const same = (value: number) => value;

describe('a curve', () => {
  it('has a gap where nothing was known, and never a zero', () => {
    expect(linePath([0, 1, 2, 3, 4], [5, 6, null, 7, 8], same, same, 1)).toBe('M0 5L1 6M3 7L4 8');
  });

  it('shows a value that stands alone for as long as it stood', () => {
    expect(linePath([0, 10, 20], [null, 6, null], same, same, 10)).toBe('M10 6h10');
  });

  it('has an area of its extremes only where both are known, up to the end of each point', () => {
    expect(areaPath([0, 1, 2], [0, null, 0], [5, 5, 6], same, same, 1)).toBe(
      'M0 5L1 5L1 0L0 0ZM2 6L3 6L3 0L2 0Z',
    );
  });

  it('is hatched where no node could be read, and only there', () => {
    expect(
      unknownSpans(
        [0, 1, 2, 3],
        [
          [1, null, null, 4],
          [null, null, 2, null],
        ],
      ),
    ).toEqual([[1, 2]]);
    expect(unknownSpans([0, 1, 2], [[1, null, null]])).toEqual([[1, 2]]);
  });
});

describe('the lag', () => {
  it('below a bound is a band from zero to the bound, not a line at it, and said as below', () => {
    const { lines, bands, scale } = chart(
      'lag',
      series([node({ lag: [1, 1, 3], lagKind: ['below', 'below', 'measured'] })]),
    );
    expect(lines.map(({ values }) => values)).toEqual([[null, null, 3]]);
    expect(bands.map(({ low, high, hatched }) => ({ low, high, hatched }))).toEqual([
      { low: [0, 0, null], high: [1, 1, null], hatched: true },
    ]);
    expect([0, 2].map((index) => lines[0]?.text(index))).toEqual(['< 1 s', '3.0 s']);
    expect(scale.low).toBe(0);
    expect(scale.high).toBeGreaterThanOrEqual(3);
  });

  it('that was measured is a line with its resolution around it', () => {
    const { bands } = chart(
      'lag',
      series([
        node({ lag: [0.2, 3, 1], lagKind: ['measured', 'measured', 'below'], lagResolution: [0.5, 1, null] }),
      ]),
    );
    expect(bands[0]).toMatchObject({ low: [0, 2, null], high: [0.7, 4, null] });
  });

  it('that rose within a point which ended below its bound is still seen', () => {
    const { lines, scale } = chart(
      'lag',
      series([node({ lag: [1, 1], lagKind: ['below', 'below'], highest: { lag: [40, 1] } })], [0, 1_000]),
    );
    expect([lines[0]?.lowest, lines[0]?.highest]).toEqual([
      [1, null],
      [40, null],
    ]);
    expect(scale.high).toBeGreaterThanOrEqual(40);
  });

  it('that the mode cannot tell is said so, and draws nothing', () => {
    const { lines, bands } = chart(
      'lag',
      series([node({ lag: [null, null, null], lagKind: ['not-measurable', 'not-measurable', null] })]),
    );
    expect(bands).toEqual([]);
    expect(lines[0]?.values).toEqual([null, null, null]);
    expect([0, 2].map((index) => lines[0]?.text(index))).toEqual(['not measurable', 'unknown']);
  });
});

describe('the charts of a cluster', () => {
  const history = seriesOf(scenes['three-nodes'] ?? { clusters: () => [] }, { seconds: 300, points });

  it('show connections, coverage, lag, messages, bytes, backlog and table fill, of every node that has them', () => {
    const seen = definitions.map(({ id }) => [id, chart(id, history).legend.map(({ label }) => label)]);
    expect(Object.fromEntries(seen)).toEqual({
      connections: ['fw1', 'fw2', 'fw3', 'fw2 replicated', 'fw3 replicated'],
      coverage: ['fw2', 'fw3'],
      lag: ['fw2', 'fw3'],
      messages: ['fw1', 'fw2', 'fw3'],
      bytes: ['fw1', 'fw2', 'fw3'],
      backlog: ['fw2'],
      table: ['fw1', 'fw2', 'fw3'],
    });
  });

  it('keep every value within their axis, the extremes and the error of the coverage too', () => {
    for (const { id } of definitions) {
      const { lines, bands, scale } = chart(id, history);
      const drawn = [
        ...lines.flatMap(({ values, lowest = [], highest = [], below }) =>
          [...values, ...lowest, ...highest].map((value) => value && (below ? -value : value)),
        ),
        ...bands.flatMap(({ low, high }) => [...low, ...high]),
      ].filter((value) => value !== null);
      expect(Math.min(...drawn), id).toBeGreaterThanOrEqual(scale.low);
      expect(Math.max(...drawn), id).toBeLessThanOrEqual(scale.high);
    }
  });

  it('say unknown for a value that was not known, and nothing else', () => {
    const { lines } = chart('connections', series([node({ connections: [0, null, 5] })]));
    expect([0, 1, 2].map((index) => lines[0]?.text(index))).toEqual(['0', 'unknown', '5']);
  });

  it('show how full a table is only where its size is known', () => {
    const { lines } = chart(
      'table',
      series([
        node({
          connections: [50, 60, 70],
          tableLimit: [100, null, 0],
          highest: { connections: [80, 90, 90] },
        }),
      ]),
    );
    expect(lines[0]?.values).toEqual([0.5, null, null]);
    expect(lines[0]?.highest).toEqual([0.8, null, null]);
    expect(lines[0]?.text(1)).toBe('unknown');
  });

  it('have nothing to draw before anything was recorded', () => {
    for (const { id } of definitions) expect(chart(id, series([node({})], [])).lines).toEqual([]);
  });
});

describe('a live chart', () => {
  const scene = scenes['three-nodes'] ?? { clusters: () => [] };

  it('that goes on with what is new is the same as one read whole', () => {
    vi.useFakeTimers({ now: at });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const whole = seriesOf(scene, { seconds: 300, points });
    const before = seriesOf(scene, { seconds: 300, points });
    const cut = (values: readonly (number | null)[]) => values.slice(0, -40);
    const old: ClusterSeries = {
      ...before,
      times: before.times.slice(0, -40),
      marks: before.marks.filter((mark) => mark.at < (before.times.at(-40) ?? 0)),
      nodes: before.nodes.map((each) => ({
        ...each,
        ...Object.fromEntries(
          Object.entries(each).map(([key, value]) => [
            key,
            Array.isArray(value) ? cut(value as number[]) : value,
          ]),
        ),
      })),
    };
    const from = tailFrom(old);
    expect(from).toBe(old.times.at(-1));
    const joined = withTail(
      old,
      seriesOf(scene, { seconds: 300, points, ...(from !== undefined && { from }) }),
      300,
    );
    expect(joined?.times).toEqual(whole.times.slice(-(joined?.times.length ?? 0)));
    expect(joined?.times.length).toBeGreaterThan(295);
    expect(joined?.nodes.map(({ connections, lagKind }) => [connections.length, lagKind?.length])).toEqual(
      whole.nodes.map(() => [joined?.times.length, joined?.times.length]),
    );
    expect(joined?.nodes[1]?.connections).toEqual(
      whole.nodes[1]?.connections.slice(-(joined?.times.length ?? 0)),
    );
    expect(joined?.nodes[1]?.lagKind).toEqual(whole.nodes[1]?.lagKind?.slice(-(joined?.times.length ?? 0)));
    expect(joined?.marks.map(({ label }) => label)).toEqual(whole.marks.map(({ label }) => label));
    expect(Schema.safeParse(joined).success).toBe(true);
  });

  it('keeps the extremes of what it had, and lets fall what is too old', () => {
    const old = series([node({ connections: [1, 2, 3], highest: { connections: [9, 9, 9] } })]);
    const tail: ClusterSeries = {
      ...series([node({ connections: [4, 5], lag: [1, 1] })], [2_000, 3_000]),
      view: { from: 2_000, to: 4_000, span: 1_000 },
    };
    const joined = withTail(old, tail, 3);
    expect(joined?.times).toEqual([1_000, 2_000, 3_000]);
    expect(joined?.nodes[0]?.connections).toEqual([2, 4, 5]);
    expect(joined?.nodes[0]?.highest?.connections).toEqual([9, 4, 5]);
  });

  it('is read whole again where the new points are of another length', () => {
    const tail = { ...series([node({})], []), view: { from: 0, to: 1, span: 5 } };
    expect(withTail(series([node({})]), tail, 3)).toBeUndefined();
  });

  it('asks twice a second at most, and never less than four times a minute', () => {
    expect(ranges.map(({ seconds }) => refreshInterval(seconds))).toEqual([
      500, 6_000, 15_000, 15_000, 15_000, 15_000,
    ]);
  });
});

it('names nodes by what tells them apart where their names are long, and in full where they are not', () => {
  const long = ['perimeter-firewall-fra3-rack-17-unit-02', 'perimeter-firewall-fra3-rack-18-unit-02'];
  expect([...shortNames(long).values()]).toEqual(['…17-unit-02', '…18-unit-02']);
  expect([...shortNames(['fw1', 'fw2']).values()]).toEqual(['fw1', 'fw2']);
  expect([...shortNames(['a-name-that-is-long-but-alone']).values()]).toEqual([
    'a-name-that-is-long-but-alone',
  ]);
});

describe('zoom and pan', () => {
  const span = { from: at - 300_000, to: at };

  it('keep what is under the pointer where it is', () => {
    const middle = at - 150_000;
    expect(zoomed(span, 0.5, middle, at)).toEqual({ kind: 'still', from: at - 225_000, to: at - 75_000 });
  });

  it('never leave the time that there is: no later than now, a year back, ten seconds close', () => {
    expect(panned(span, 60_000, at)).toEqual({ kind: 'still', ...span });
    expect(zoomed(span, 1e-9, at, at)).toEqual({ kind: 'still', from: at - 10_000, to: at });
    const far = zoomed(span, 1e9, at, at);
    expect(far).toEqual({ kind: 'still', from: at - 366 * 86_400_000, to: at });
    expect(panned({ from: at - 366 * 86_400_000, to: at - 365 * 86_400_000 }, -1e12, at)).toMatchObject({
      from: at - 366 * 86_400_000,
    });
  });

  it('select in either direction, and no less than ten seconds', () => {
    expect(selected(at - 10_000, at - 90_000, at)).toEqual({
      kind: 'still',
      from: at - 90_000,
      to: at - 10_000,
    });
    expect(selected(at - 20_000, at - 21_000, at)).toMatchObject({ from: at - 25_500, to: at - 15_500 });
  });
});

describe('an axis', () => {
  it('is round, and stays as it is while its values move a little', () => {
    expect(roundScale(46_890, 48_970)).toEqual(roundScale(46_910, 48_931));
    expect(roundScale(0, 0.4).ticks).toEqual([0, 0.2, 0.4]);
    expect(roundScale(5, 5).high).toBeGreaterThan(5);
  });

  it('marks whole minutes, so that it stands still while time goes on', () => {
    const ticks = timeTicks(at, at + 300_000);
    expect(ticks.length).toBeGreaterThan(2);
    expect(ticks.every((tick) => tick % 60_000 === 0)).toBe(true);
    const later = timeTicks(at + 1000, at + 301_000);
    expect(later.filter((tick) => ticks.includes(tick)).length).toBeGreaterThan(2);
    for (const { seconds } of ranges)
      expect(timeTicks(at - seconds * 1_000, at).length).toBeLessThanOrEqual(8);
  });

  it('knows no figure in a hole, where nobody looked', () => {
    expect(indexAt([0, 1_000, 60_000], 900, 1_000)).toBe(1);
    expect(indexAt([0, 1_000, 60_000], 30_000, 1_000)).toBeUndefined();
    expect(indexAt([], 5, 1_000)).toBeUndefined();
  });
});

describe('the figures as CSV', () => {
  it('leave a field empty that was not known, name units, and quote what needs it', () => {
    const csv = figuresCsv({
      ...series([
        node({
          name: 'fw,2',
          connections: [0, null, 5],
          lag: [1, null, 2],
          lagKind: ['below', null, 'measured'],
        }),
      ]),
      marks: [{ at: 1_500, label: '=1+1, "quoted"', severity: 'info' }],
    });
    expect(csv.split('\r\n')).toEqual([
      'time,"fw,2 connections","fw,2 lag (s)","fw,2 lag is",happened',
      '1970-01-01T00:00:00.000Z,0,1,below,',
      `1970-01-01T00:00:01.000Z,,,,"'=1+1, ""quoted"""`,
      '1970-01-01T00:00:02.000Z,5,2,measured,',
      '',
    ]);
  });
});
