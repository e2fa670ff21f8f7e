import type { ReadProgress, TableReader, TableRefresh } from '../../../shared/domain/connection-query.ts';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatShare,
} from '../../../shared/domain/format.ts';

/** How a table was read, in a few words; the command and the reason are one step away. */
export function readerWords({ kind, through, compressed }: TableReader): string {
  const how = kind === 'netlink' ? `kernel dump through ${through}` : `text of ${through}`;
  return compressed ? `${how}, compressed` : how;
}

export const readerEvidence = ({ line, why }: TableReader): string =>
  why === undefined ? line : `${line}\n${why}`;

/** `120,000 of about 1,000,000, 22 MB, about 4 s left`; what is not known is not told. */
export function progressWords(
  { entries, expected, bytes, startedAt, estimateMs }: ReadProgress,
  now: number,
): string {
  const left = estimateMs === undefined ? undefined : startedAt + estimateMs - now;
  return [
    expected === undefined
      ? `${formatCount(entries)} so far`
      : `${formatCount(entries)} of about ${formatCount(expected)}`,
    ...(bytes > 0 ? [formatBytes(bytes)] : []),
    ...(left !== undefined && left > 0 ? [`about ${formatDuration(left)} left`] : []),
  ].join(', ');
}

/** Share of a dump that is there, 0 to 1; undefined where nobody knows how long it is. */
export const progressShare = ({ entries, expected }: ReadProgress): number | undefined =>
  expected === undefined || expected === 0 ? undefined : Math.min(1, entries / expected);

/** How the table is kept fresh and what that takes of the node's time. */
export function refreshWords({ mode, everyMs, share, events }: TableRefresh, node: string): string {
  if (mode === 'off') return 'Read when asked';
  const cost = share === undefined ? '' : `, ${formatShare(share)} of ${node}’s time`;
  if (mode === 'following') return events ? `Following, ${formatCount(events)} events` : 'Following events';
  return everyMs === undefined ? 'Read again by and by' : `Every ${formatDuration(everyMs)}${cost}`;
}

/** What moved between the last two dumps, or lately where events are followed; the filter shows those that are still in the table. */
export function changeWords({ added, changed, gone, since }: TableRefresh) {
  if (since === undefined) return undefined;
  return {
    since: formatClock(since),
    parts: [
      { text: `${formatCount(added)} new`, filter: added > 0 ? 'new' : undefined },
      { text: `${formatCount(changed)} changed`, filter: changed > 0 ? 'changed' : undefined },
      { text: `${formatCount(gone)} gone`, filter: undefined },
    ],
  };
}
