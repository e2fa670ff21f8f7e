import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLag,
  formatRate,
  formatShare,
} from '../../../shared/domain/format.ts';
import type { ClusterSeries, FigureName } from '../../../shared/domain/history.ts';
import {
  type Chart,
  type ChartBand,
  type ChartLine,
  type LegendRow,
  nodeColour,
  roundScale,
  type Scale,
  type Values,
} from '../../components/charts/chart-model.ts';

type Node = ClusterSeries['nodes'][number];

const known = (values: Values | undefined): values is Values =>
  values?.some((value) => value !== null) ?? false;

/** A figure of each node that ever had it. `word`: how the figure is called before the node's name. */
function linesOf(
  series: ClusterSeries,
  figure: FigureName,
  word: string,
  format: (value: number) => string,
  rest: Partial<ChartLine> = {},
): ChartLine[] {
  return series.nodes.flatMap((node, index) => {
    const values = node[figure];
    if (!known(values)) return [];
    const text = (at: number) => textOf(values[at], format);
    const [lowest, highest] = [node.lowest?.[figure], node.highest?.[figure]];
    const name = `${word} ${node.name}`;
    return [
      {
        key: `${figure} ${node.name}`,
        name,
        values,
        lowest,
        highest,
        colour: nodeColour(index),
        text,
        ...rest,
      },
    ];
  });
}

const textOf = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? 'unknown' : format(value);

const rowOf = (line: ChartLine, word = ''): LegendRow => ({
  key: line.key,
  label: `${line.key.slice(line.key.indexOf(' ') + 1)}${word}`,
  lines: [line],
});

/** Lowest and highest of everything drawn. */
function bounds(lines: readonly ChartLine[], bands: readonly ChartBand[] = []): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const all = [
    ...lines.flatMap(({ values, lowest, highest }) => [values, lowest ?? [], highest ?? []]),
    ...bands.flatMap((band) => [band.low, band.high]),
  ];
  for (const values of all) {
    for (const value of values) {
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return [low, high];
}

const nothing: Scale = { low: 0, high: 1, ticks: [] };

/** A count starts at zero where its distance from zero matters. */
function fromZero(lines: readonly ChartLine[], least: number, bands: readonly ChartBand[] = []): Scale {
  const [, high] = bounds(lines, bands);
  return high < 0 ? nothing : roundScale(0, Math.max(high, least));
}

/** A level shows its own range, in whole numbers. */
function level(lines: readonly ChartLine[]): Scale {
  const [low, high] = bounds(lines);
  if (low > high) return nothing;
  return roundScale(Math.max(0, Math.min(low, high - 3)), Math.max(high, low + 3));
}

export function connections(series: ClusterSeries): Chart {
  const own = linesOf(series, 'connections', 'connections on', formatCount);
  const replicated = linesOf(series, 'replicated', 'replicated on', formatCount, { dashed: true });
  const lines = [...own, ...replicated];
  return {
    times: series.times,
    lines,
    bands: [],
    legend: [...own.map((line) => rowOf(line)), ...replicated.map((line) => rowOf(line, ' replicated'))],
    scale: level(lines),
    format: formatCount,
  };
}

/** The edge of a figure's error, never below zero. */
const aside = (value: number | null, by: number | null | undefined, sign: 1 | -1): number | null =>
  value === null || by === null || by === undefined ? null : Math.max(0, value + sign * by);

/** Where the axis of the coverage may begin: close enough that a per mille is seen, and never in between. */
const coverageFloors = [0.999, 0.99, 0.95, 0.9, 0.8, 0.5, 0];

export function coverage(series: ClusterSeries): Chart {
  const lines = linesOf(series, 'coverage', 'coverage of', formatShare);
  const bands = lines.flatMap((line): ChartBand[] => {
    const node = series.nodes.find(({ name }) => line.key === `coverage ${name}`);
    const error = node?.coverageError;
    if (!known(error)) return [];
    const off = (sign: 1 | -1) =>
      line.values.map((value, index) => {
        const edge = aside(value, error[index], sign);
        return edge === null ? null : Math.min(1, edge);
      });
    return [{ key: `${line.key} error`, colour: line.colour, low: off(-1), high: off(1) }];
  });
  const [least] = bounds(lines, bands);
  const low = coverageFloors.find((floor) => floor <= least) ?? 0;
  const ticks = low < 0.999 ? [low, (low + 1) / 2, 1] : [low, 1];
  return {
    times: series.times,
    lines,
    bands,
    legend: lines.map((line) => rowOf(line)),
    scale: lines.length === 0 ? nothing : { low, high: 1, ticks },
    format: formatShare,
  };
}

/** `below` is no value: all that is known is a bound, and the lag is anywhere under it. */
function lagText(node: Node, index: number): string {
  const kind = node.lagKind?.[index];
  const seconds = node.lag[index];
  if (kind === null || kind === undefined)
    return seconds == null ? 'unknown' : formatDuration(seconds * 1000);
  return formatLag({ kind, ...(seconds != null && { seconds }) }).replace(' in this mode', '');
}

export function lag(series: ClusterSeries): Chart {
  const lines: ChartLine[] = [];
  const bands: ChartBand[] = [];
  series.nodes.forEach((node, index) => {
    const kinds = node.lagKind ?? [];
    if (!known(node.lag) && !kinds.some((kind) => kind !== null)) return;
    const [colour, text] = [nodeColour(index), (at: number) => lagText(node, at)];
    const where = (below: boolean, values: Values) =>
      values.map((value, at) => ((kinds[at] === 'below') === below ? value : null));
    const key = `lag ${node.name}`;
    const highest = node.highest?.lag ?? node.lag;
    // What was measured within a point that ended below a bound reaches out of the bound, and is not lost.
    const outside = (of: Values) =>
      of.map((value, at) =>
        kinds[at] !== 'below' || (highest[at] ?? 0) > (node.lag[at] ?? 0) ? value : null,
      );
    const extremes = node.highest?.lag && {
      lowest: outside(
        node.lowest?.lag?.map((value, at) => (kinds[at] === 'below' ? (node.lag[at] ?? null) : value)) ??
          node.lag,
      ),
      highest: outside(highest),
    };
    lines.push({
      ...{ key, name: `lag of ${node.name}`, values: where(false, node.lag), colour, text },
      ...extremes,
    });
    const bound = where(true, node.lag);
    const low = bound.map((value) => (value === null ? null : 0));
    const [measured, resolution] = [where(false, node.lag), node.lagResolution];
    const off = (sign: 1 | -1) => measured.map((value, at) => aside(value, resolution?.[at], sign));
    if (known(resolution)) bands.push({ key: `${key} resolution`, colour, low: off(-1), high: off(1) });
    if (known(bound)) bands.push({ key: `${key} bound`, colour, low, high: bound, hatched: true });
  });
  return {
    times: series.times,
    lines,
    bands,
    legend: lines.map((line) => rowOf(line)),
    scale: fromZero(lines, 2, bands),
    format: secondsText,
  };
}

const secondsText = (value: number): string => (value === 0 ? '0 s' : formatDuration(value * 1000));

/** What is sent goes up from zero, what is received goes down. */
function rates(
  series: ClusterSeries,
  word: string,
  [sent, received]: [FigureName, FigureName],
  format: (value: number) => string,
  scaleFormat: (value: number) => string,
): Chart {
  const out = linesOf(series, sent, `${word} a second sent by`, format);
  const into = linesOf(series, received, `${word} a second received by`, format, { below: true });
  const lines = [...out, ...into];
  const [, high] = bounds(lines);
  const top = roundScale(0, Math.max(1, high), 1).high;
  const arrow = (line: ChartLine, sign: string): ChartLine => ({
    ...line,
    text: (index) => (line.values[index] === null ? 'unknown' : `${sign} ${line.text(index)}`),
  });
  return {
    times: series.times,
    lines,
    bands: [],
    legend: out.map((line, index) => {
      const back = into[index];
      return { ...rowOf(line), lines: [arrow(line, '↑'), ...(back ? [arrow(back, '↓')] : [])] };
    }),
    scale: lines.length === 0 ? nothing : { low: -top, high: top, ticks: [-top, 0, top] },
    format: scaleFormat,
  };
}

export function backlog(series: ClusterSeries): Chart {
  const lines = linesOf(series, 'backlog', 'backlog of', formatCount);
  return {
    times: series.times,
    lines,
    bands: [],
    legend: lines.map((line) => rowOf(line)),
    scale: fromZero(lines, 3),
    format: formatCount,
  };
}

export function tableFill(series: ClusterSeries): Chart {
  const lines = linesOf(series, 'connections', 'table fill of', formatShare).flatMap((line) => {
    const limits = series.nodes.find(({ name }) => line.key === `connections ${name}`)?.tableLimit;
    if (!known(limits)) return [];
    const share = (values: Values) =>
      values.map((value, index) => (value === null || !limits[index] ? null : value / limits[index]));
    const values = share(line.values);
    return [
      {
        ...line,
        key: line.key.replace('connections', 'fill'),
        values,
        lowest: line.lowest && share(line.lowest),
        highest: line.highest && share(line.highest),
        text: (index: number) => textOf(values[index], formatShare),
      },
    ];
  });
  return {
    times: series.times,
    lines,
    bands: [],
    legend: lines.map((line) => rowOf(line)),
    scale: fromZero(lines, 0.03),
    format: formatShare,
  };
}

// What stands below zero is no less than nothing, but goes the other way.
const bytesText = (value: number): string => formatBytes(Math.round(value));
const upOrDownRate = (value: number): string => formatRate(Math.abs(value));
const upOrDownBytes = (value: number): string => bytesText(Math.abs(value));

export const messages = (series: ClusterSeries): Chart =>
  rates(series, 'messages', ['messagesSent', 'messagesReceived'], formatRate, upOrDownRate);
export const bytes = (series: ClusterSeries): Chart =>
  rates(series, 'bytes', ['bytesSent', 'bytesReceived'], bytesText, upOrDownBytes);
