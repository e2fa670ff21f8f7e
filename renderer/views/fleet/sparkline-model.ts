import { formatCount } from '../../../shared/domain/format.ts';
import type { ClusterSeries } from '../../../shared/domain/history.ts';

/** A curve without axes on a field of 100 × 20; `words` say what it shows. */
export interface Sparkline {
  /** One a stretch without a gap, as the `d` of a path. */
  readonly paths: readonly string[];
  /** Where, from 0 to 100, something grave happened. */
  readonly marks: readonly number[];
  readonly words: string;
}

const width = 100;
const height = 20;

/** Connections of the cluster: of the node that has most, which is the master whoever that was at the time. */
export function sparklineOf({ times, nodes, marks }: ClusterSeries): Sparkline {
  const figures = times.map((_, index) =>
    nodes.reduce<number | null>((most, node) => {
      const value = node.connections[index] ?? null;
      return value === null || (most !== null && most >= value) ? most : value;
    }, null),
  );
  const known = figures.filter((value) => value !== null);
  const [from, to] = [times[0] ?? 0, times.at(-1) ?? 0];
  if (known.length === 0 || to <= from)
    return { paths: [], marks: [], words: 'nothing is known of the last hour' };
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (at: number) => round(((at - from) / (to - from)) * width);
  // A table that hardly moved is a flat line, and not a mountain range.
  const room = Math.max(high - low, high * 0.05, 1);
  const y = (value: number) => round(height - 1 - ((value - low) / room) * (height - 2));
  const paths: string[] = [];
  let path = '';
  times.forEach((at, index) => {
    const value = figures[index] ?? null;
    if (value !== null) path += `${path === '' ? 'M' : 'L'}${x(at)} ${y(value)}`;
    if (path !== '' && (value === null || index === times.length - 1)) {
      paths.push(path);
      path = '';
    }
  });
  return {
    paths,
    marks: marks
      .filter(({ at, severity }) => severity === 'critical' && at >= from && at <= to)
      .map(({ at }) => x(at)),
    words: `last hour: ${formatCount(low)} to ${formatCount(high)} connections`,
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;
