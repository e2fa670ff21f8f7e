import { type ClusterSeries, FigureName } from '../../../shared/domain/history.ts';

type Node = ClusterSeries['nodes'][number];
type Values = readonly (number | null)[];

/** From when on a live chart has to ask: its newest point may still change. */
export const tailFrom = ({ times }: ClusterSeries): number | undefined => times.at(-1);

/**
 * A series that goes on with its newest points. `seconds`: how much of it is shown; what is older falls out. Undefined
 * where they do not fit together, and the whole has to be read again.
 */
export function withTail(
  series: ClusterSeries,
  tail: ClusterSeries,
  seconds: number,
): ClusterSeries | undefined {
  const [view, before] = [tail.view, series.view];
  if (!view || !before || view.span !== before.span) return undefined;
  const from = view.to - seconds * 1_000;
  const begin = tail.times[0] ?? Number.POSITIVE_INFINITY;
  const first = series.times.findIndex((at) => at >= from);
  const last = series.times.findIndex((at) => at >= begin);
  const kept = {
    first: first === -1 ? series.times.length : first,
    end: last === -1 ? series.times.length : last,
  };
  const times = [...series.times.slice(kept.first, kept.end), ...tail.times];
  const missing = tail.times.map(() => null);
  const cut = (values: Values, more: Values | undefined) => [
    ...values.slice(kept.first, kept.end),
    ...(more ?? missing),
  ];
  return {
    times,
    nodes: tail.nodes.map((node) => {
      const old = series.nodes.find(({ name }) => name === node.name);
      return old ? joined(old, node, cut) : joined(blank(node, series.times.length), node, cut);
    }),
    marks: [...series.marks.filter(({ at }) => at >= from && at < view.from), ...tail.marks],
    view: { ...view, from },
  };
}

const blank = ({ name }: Node, length: number): Node => {
  const values = Array.from({ length }, () => null);
  return { name, connections: values, replicated: values, lag: values, backlog: values };
};

type Cut = (values: Values, more: Values | undefined) => (number | null)[];

function joined(old: Node, node: Node, cut: Cut): Node {
  const figures = FigureName.options.flatMap((figure) => {
    const [before, after] = [old[figure], node[figure]];
    return before || after ? [[figure, cut(before ?? gap(old), after)] as const] : [];
  });
  const extremes = (which: 'lowest' | 'highest') =>
    Object.fromEntries(
      FigureName.options.flatMap((figure) => {
        const [before, after] = [old[which]?.[figure], node[which]?.[figure]];
        if (!before && !after) return [];
        return [[figure, cut(before ?? old[figure] ?? gap(old), after ?? node[figure])] as const];
      }),
    );
  const kinds = { before: old.lagKind ?? old.lag.map(() => null), after: node.lagKind };
  const places = cut(
    kinds.before.map((_, index) => index),
    kinds.after?.map((_, index) => kinds.before.length + index),
  );
  const both = [...kinds.before, ...(kinds.after ?? [])];
  return {
    ...node,
    ...Object.fromEntries(figures),
    lagKind: places.map((place) => (place === null ? null : (both[place] ?? null))),
    lowest: extremes('lowest'),
    highest: extremes('highest'),
  };
}

const gap = (node: Node): Values => node.connections.map(() => null);
