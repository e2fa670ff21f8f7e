import { formatBytes, formatSpan } from '../../shared/domain/format.ts';
import type { Tier } from './tiers.ts';

/** The tiers that fill the file: what is dropped from them is still there coarser. */
const yielding: readonly Tier['table'][] = ['minute', 'ten_minutes'];
const least = 1 / 15;
const step = 0.99;

/** How far back each tier reaches while the file must stay within `most` bytes: its oldest detail goes first. */
export function roomWithin(most: number) {
  let share = 1;
  const kept = ({ table, kept }: Tier): number => (yielding.includes(table) ? kept * share : kept);
  return {
    kept,
    /** Told the size of the file each time before old rows are taken out. */
    look: (bytes: number): void => {
      if (bytes > most) share = Math.max(least, share * step);
      else if (bytes < most * 0.95) share = Math.min(1, share / step);
    },
    notices: (): string[] =>
      share === 1
        ? []
        : [
            `The history has filled the ${formatBytes(most)} that it may take: its oldest detail is dropped first. By the minute it reaches back ${reach(30 * share)}, by ten minutes ${reach(366 * share)}.`,
          ],
  };
}

const reach = (days: number): string => formatSpan(Math.round(days * 24) * 3600);
