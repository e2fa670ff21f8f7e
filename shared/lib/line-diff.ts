/** A line of a comparison: in both, only in the first, only in the second. */
export interface DiffLine {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** More changes than this are not sought for the shortest account: all of the one side goes, all of the other comes. */
const mostChanges = 600;

/** The lines of both in order, by the fewest changes: E. Myers, An O(ND) Difference Algorithm, 1986. */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const room = Math.min(before.length, after.length) - start;
  while (end < room && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const same = (lines: readonly string[]) => lines.map((text): DiffLine => ({ mark: ' ', text }));
  return [
    ...same(before.slice(0, start)),
    ...shortest(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ];
}

/** `trace[d]` holds, by diagonal, how far `d` changes reach in `a`. */
function shortest(a: readonly string[], b: readonly string[]): DiffLine[] {
  const most = Math.min(a.length + b.length, mostChanges);
  const trace: Map<number, number>[] = [];
  let reach = new Map([[1, 0]]);
  for (let changes = 0; changes <= most; changes += 1) {
    trace.push(reach);
    const next = new Map(reach);
    for (let k = -changes; k <= changes; k += 2) {
      let x = comesDown(reach, k, changes) ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      next.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(trace, a, b);
    }
    reach = next;
  }
  return [
    ...a.map((text): DiffLine => ({ mark: '-', text })),
    ...b.map((text): DiffLine => ({ mark: '+', text })),
  ];
}

const comesDown = (reach: ReadonlyMap<number, number>, k: number, changes: number): boolean =>
  k === -changes || (k !== changes && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));

function walkBack(
  trace: readonly ReadonlyMap<number, number>[],
  a: readonly string[],
  b: readonly string[],
): DiffLine[] {
  const lines: DiffLine[] = [];
  let [x, y] = [a.length, b.length];
  for (let changes = trace.length - 1; changes >= 0; changes -= 1) {
    const reach = trace[changes] ?? new Map<number, number>();
    const k = x - y;
    const from = comesDown(reach, k, changes) ? k + 1 : k - 1;
    const fromX = changes === 0 ? 0 : (reach.get(from) ?? 0);
    const fromY = changes === 0 ? 0 : fromX - from;
    while (x > fromX && y > fromY && a[x - 1] === b[y - 1]) {
      lines.push({ mark: ' ', text: a[x - 1] ?? '' });
      x -= 1;
      y -= 1;
    }
    if (changes === 0) break;
    lines.push(x === fromX ? { mark: '+', text: b[y - 1] ?? '' } : { mark: '-', text: a[x - 1] ?? '' });
    [x, y] = [fromX, fromY];
  }
  return lines.reverse();
}
