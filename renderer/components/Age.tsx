import { formatAge, formatInstant } from '../../shared/domain/format.ts';
import { type Cadence, freshnessOf } from '../../shared/domain/freshness.ts';
import { useConsole } from '../client/store.ts';

/** `4 s ago`, with the instant on hover; past the deadline `last known 14 s ago`. */
export function Age({ at, cadence }: { at: number; cadence?: Cadence }) {
  const age = useConsole((state) => state.now) - at;
  const expired = cadence !== undefined && freshnessOf(age, cadence) === 'expired';
  return (
    <time dateTime={new Date(at).toISOString()} title={formatInstant(at)} className="nowrap">
      {expired && 'last known '}
      {formatAge(age)}
    </time>
  );
}

/** The `data-fresh` mark of a value of this age, for the style sheet. */
export function useFreshness(at: number | undefined, cadence?: Cadence): 'fresh' | 'late' | 'expired' {
  const now = useConsole((state) => state.now);
  return at === undefined ? 'fresh' : freshnessOf(now - at, cadence);
}
