import { formatAge, formatInstant } from '../../shared/domain/format.ts';
import { type Cadence, freshnessOf } from '../../shared/domain/freshness.ts';
import { useConsole } from '../client/store.ts';

/** `4 s ago`, with the instant on hover; past the deadline `last known 14 s ago`. */
export function Age({ at, cadence }: { at: number; cadence?: Cadence }) {
  // the words and not the clock: a fleet has hundreds of ages, of which few change with a tick
  const words = useConsole(({ now }) => {
    const expired = cadence !== undefined && freshnessOf(now - at, cadence) === 'expired';
    return `${expired ? 'last known ' : ''}${formatAge(now - at)}`;
  });
  return (
    <time dateTime={new Date(at).toISOString()} title={formatInstant(at)} className="nowrap">
      {words}
    </time>
  );
}

/** The `data-fresh` mark of a value of this age, for the style sheet. */
export function useFreshness(at: number | undefined, cadence?: Cadence): 'fresh' | 'late' | 'expired' {
  return useConsole(({ now }) => (at === undefined ? 'fresh' : freshnessOf(now - at, cadence)));
}
