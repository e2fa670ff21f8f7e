import type { Columns } from './columns.ts';
import { isSame } from './row-key.ts';

/**
 * How far a partner is sought beside where it should be, in rows. Those of one dump that the other lacks come one by one,
 * because the kernel puts a connection into its table by a hash; the longer there was no pair, the farther one looks.
 */
const [reach, farthest] = [16, 256];

/** Of so many rows with no partner where they should have it, and more of them than those that have, no more are sought. */
const patience = 2 ** 14;

/**
 * Finds for the rows of a table that comes in those of an earlier dump of the same node, side by side: the kernel's table
 * is walked in the same order each time (`ctnetlink_dump_table`), so that most have their partner right behind that of the
 * row before. Who has none is told nothing of: it may be new, or stand elsewhere.
 */
export interface RowAligner {
  /** Goes on with what has come by now. `isWhole`: no row comes after those. */
  readonly align: (fresh: Columns, isWhole: boolean) => void;
  /** Whether the two are in an order so different that it was given up. */
  readonly isLost: () => boolean;
}

/** `onPair`: a row of the table that comes in and one of `old` that are the same connection; neither is told twice. */
export function rowAligner(
  old: Columns,
  onPair: (fresh: Columns, row: number, was: number) => void,
): RowAligner {
  let row = 0;
  let was = 0;
  let paired = 0;
  let alone = 0;
  /** Rows since the last pair. */
  let since = 0;
  let isLost = false;

  return {
    isLost: () => isLost,
    align: (fresh, isWhole) => {
      const end = isWhole ? fresh.length : fresh.length - farthest;
      while (row < end && was < old.length && !isLost) {
        if (!isPair(fresh, row, old, was)) {
          const skipped = gap(fresh, row, old, was, Math.min(farthest, reach + since));
          if (skipped === 0) {
            row += 1;
            was += 1;
            alone += 1;
            since += 1;
            isLost = alone > patience && alone > paired;
            continue;
          }
          if (skipped < 0) row -= skipped;
          else was += skipped;
        }
        onPair(fresh, row, was);
        row += 1;
        was += 1;
        paired += 1;
        since = 0;
      }
    },
  };
}

/** How many rows of `old` to pass over until the two are pairs again, or with a minus of `fresh`; 0: not within `most`. */
function gap(fresh: Columns, row: number, old: Columns, was: number, most: number): number {
  const ahead = Math.min(most, old.length - 1 - was);
  for (let skipped = 1; skipped <= ahead; skipped += 1)
    if (isPair(fresh, row, old, was + skipped)) return skipped;
  const behind = Math.min(most, fresh.length - 1 - row);
  for (let skipped = 1; skipped <= behind; skipped += 1)
    if (isPair(fresh, row + skipped, old, was)) return -skipped;
  return 0;
}

function isPair(a: Columns, row: number, b: Columns, other: number): boolean {
  if (a.sport[row] !== b.sport[other] || a.dport[row] !== b.dport[other]) return false;
  const family = a.family[row];
  if (family === 4 && (a.src[row] !== b.src[other] || a.dst[row] !== b.dst[other])) return false;
  if (family !== b.family[other] || a.protocol[row] !== b.protocol[other] || a.zone[row] !== b.zone[other])
    return false;
  return (family === 4 && a.rest.size === 0 && b.rest.size === 0) || isSame(a, row, b, other, 'exact');
}
