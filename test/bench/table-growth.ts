import { type BenchFigure, published, ratioAtMost } from './figure.ts';
import type { TableLab } from './table-lab.ts';
import { openOnce } from './table-open.ts';

/** Sizes of a table that its growth is published for, as far as twice what is benched. */
export const growthSizes = (n: number): number[] =>
  [10_000, 100_000, 1_000_000, 2_000_000].filter((size) => size <= 2 * n);

/** One opening at each size: the sizes come in their order, because a table is only ever filled up. */
export async function benchTableGrowth(
  on: TableLab,
  sizes = growthSizes(on.n),
): Promise<readonly BenchFigure[]> {
  const figures: BenchFigure[] = [];
  for (const size of sizes) {
    await on.fill(size);
    const plain = await on.ssh('fw1', 'conntrack -L');
    const { wholeMs, firstMs } = await openOnce(on, size);
    figures.push(
      ratioAtMost(null, 'ms', 'table-growth', size, [wholeMs], [plain]),
      published('ms', 'table-growth-first-page', size, [firstMs]),
    );
  }
  return figures;
}
