import { type BenchFigure, published, ratioAtMost } from './figure.ts';
import type { TableLab } from './table-lab.ts';
import { opened, openWithPlain } from './table-open.ts';

/** Sizes of a table that its growth is published for, as far as twice what is benched. */
export const growthSizes = (n: number): number[] =>
  [10_000, 100_000, 1_000_000, 2_000_000].filter((size) => size <= 2 * n);

/** One opening at each size, at that of the other benches theirs: the sizes come in their order, because a table is only ever filled up. */
export async function benchTableGrowth(
  on: TableLab,
  sizes = growthSizes(on.n),
): Promise<readonly BenchFigure[]> {
  const figures: BenchFigure[] = [];
  for (const size of sizes) {
    await on.fill(size);
    const openings = size === on.n ? await opened(on, 'netlink') : [await openWithPlain(on, size)];
    const [whole, plain] = [openings.map(({ wholeMs }) => wholeMs), openings.map(({ plainMs }) => plainMs)];
    figures.push(
      ratioAtMost(null, 'ms', 'table-growth', size, whole, plain),
      published(
        'ms',
        'table-growth-first-page',
        size,
        openings.map(({ firstMs }) => firstMs),
      ),
    );
  }
  return figures;
}
