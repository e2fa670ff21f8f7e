/** What a lab can be made of, and which combinations conntrackd or its protocol makes impossible: the one table. */

/** Every value of every dimension, the plain one first. */
export const dimensions = {
  mode: ['ftfw', 'notrack', 'alarm'],
  transport: ['multicast', 'udp', 'tcp'],
  /** Sync links: sync0 alone, or sync1 beside it as its stand-in. */
  links: [1, 2],
  /** The caches that conntrackd keeps. Without the external one foreign states go straight into the kernel. */
  caches: ['both', 'internal', 'external', 'none'],
  nodes: [2, 3],
  preempt: [true, false],
} as const;

type Dimensions = typeof dimensions;
export type Cell = { readonly [Name in keyof Dimensions]: Dimensions[Name][number] };

export const plainCell: Cell = {
  mode: 'ftfw',
  transport: 'multicast',
  links: 1,
  caches: 'both',
  nodes: 2,
  preempt: true,
};

interface Impossible {
  readonly what: string;
  readonly why: string;
  readonly holds: (cell: Pick<Cell, 'mode' | 'transport' | 'caches'> & { readonly nodes: number }) => boolean;
}

export const impossible: readonly Impossible[] = [
  {
    what: 'ALARM without both caches',
    why: 'conntrackd 1.4.7 takes neither DisableInternalCache nor DisableExternalCache in Mode ALARM (syntax error)',
    holds: ({ mode, caches }) => mode === 'alarm' && caches !== 'both',
  },
  {
    what: 'FTFW without the internal cache',
    why: 'conntrackd 1.4.7 takes DisableInternalCache in Mode NOTRACK alone (syntax error): FTFW resends from that cache',
    holds: ({ mode, caches }) => mode === 'ftfw' && !hasInternal(caches),
  },
  {
    what: 'three nodes over UDP or TCP',
    why: 'such a channel has one IPv4_Destination_Address, and a second channel stands in for the first: one peer',
    holds: ({ transport, nodes }) => transport !== 'multicast' && nodes > 2,
  },
];

export const hasInternal = (caches: Cell['caches']): boolean => caches === 'both' || caches === 'internal';
export const hasExternal = (caches: Cell['caches']): boolean => caches === 'both' || caches === 'external';

/** Why there is no such lab; undefined where there is one. */
export function refusal(cell: Parameters<Impossible['holds']>[0]): string | undefined {
  const found = impossible.find((each) => each.holds(cell));
  return found && `${found.what} is impossible: ${found.why}`;
}

/** As the options that bring it up, without what is plain: `--mode alarm --nodes 3`. */
export function optionsOf(cell: Cell): string[] {
  const words = (['mode', 'transport', 'links', 'caches', 'nodes'] as const).flatMap((name) =>
    cell[name] === plainCell[name] ? [] : [`--${name}`, String(cell[name])],
  );
  return cell.preempt ? words : [...words, '--no-preempt'];
}

/** Every cell there is, and every one that there is not. */
export function allCells(): { possible: Cell[]; refused: Cell[] } {
  const every = (Object.keys(dimensions) as (keyof Cell)[]).reduce<Partial<Cell>[]>(
    (cells, name) => dimensions[name].flatMap((value) => cells.map((cell) => ({ ...cell, [name]: value }))),
    [{}],
  ) as Cell[];
  return {
    possible: every.filter((cell) => refusal(cell) === undefined),
    refused: every.filter((cell) => refusal(cell) !== undefined),
  };
}

/** Few possible cells in which every two values that can meet do meet: each time the one that adds the most pairs. */
export function pairwiseCells(): Cell[] {
  const { possible } = allCells();
  const open = new Set(possible.flatMap(pairsOf));
  const chosen: Cell[] = [];
  const gain = (cell: Cell): number => pairsOf(cell).filter((pair) => open.has(pair)).length;
  while (open.size > 0) {
    const best = possible.reduce((a, b) => (gain(b) > gain(a) ? b : a));
    for (const pair of pairsOf(best)) open.delete(pair);
    chosen.push(best);
  }
  return chosen;
}

function pairsOf(cell: Cell): string[] {
  const values = Object.entries(cell).map(([name, value]) => `${name}=${value}`);
  return values.flatMap((one, i) => values.slice(i + 1).map((other) => `${one} ${other}`));
}
