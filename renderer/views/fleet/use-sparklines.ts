import { useEffect, useState } from 'react';
import { useApi } from '../../client/api-context.ts';
import { type Sparkline, sparklineOf } from './sparkline-model.ts';

/** An hour in so many points: as many as the picture has room for. */
const hour = { seconds: 3_600, points: 60 };
/** A minute more of an hour is worth a call (ms). */
const everyMs = 60_000;

/**
 * The last hour of each cluster by its name. One small call at a time, so that a hundred clusters ask for little more
 * than one a second and no poll waits for them.
 */
export function useSparklines(names: readonly string[]): ReadonlyMap<string, Sparkline> {
  const api = useApi();
  const [lines, setLines] = useState<ReadonlyMap<string, Sparkline>>(new Map());
  const all = names.toSorted().join('\n');
  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async () => {
      const startedAt = Date.now();
      for (const cluster of all.split('\n').filter(Boolean)) {
        const series = await api.call('history.series', { cluster, ...hour }).catch(() => undefined);
        if (gone) return;
        if (series) setLines((before) => new Map(before).set(cluster, sparklineOf(series)));
      }
      timer = setTimeout(load, Math.max(1_000, everyMs - (Date.now() - startedAt)));
    };
    void load();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [api, all]);
  return lines;
}
