import { useEffect, useState } from 'react';
import type { ClusterSeries } from '../../../shared/domain/history.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import type { TimeWindow } from '../../components/charts/time-window.ts';
import { points, refreshInterval } from './charts-model.ts';
import { tailFrom, withTail } from './series-tail.ts';

interface Read {
  readonly series?: ClusterSeries;
  readonly problem?: string;
}

/** While a window is dragged or turned by the wheel, only where it comes to rest is asked for (ms). */
const settledMs = 120;

/** The history of a window. A live one goes on by what is new; the last good one stays while a read fails. */
export function useSeries(cluster: string, window: TimeWindow): Read {
  const api = useApi();
  const [state, setState] = useState<Read>({});
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    let series: ClusterSeries | undefined;
    const read = async () => {
      const began = performance.now();
      try {
        const seconds = window.kind === 'live' ? window.seconds : (window.to - window.from) / 1_000;
        const wanted = { cluster, seconds, points };
        if (window.kind === 'still') {
          series = await api.call('history.series', { ...wanted, from: window.from, to: window.to });
        } else {
          const from = series && tailFrom(series);
          const more = await api.call('history.series', from === undefined ? wanted : { ...wanted, from });
          series = series && from !== undefined ? withTail(series, more, seconds) : more;
        }
        if (!stopped && series) setState({ series });
      } catch (cause) {
        if (!stopped) setState((last) => ({ ...last, problem: problemOf(cause) }));
      }
      const again = window.kind === 'live' ? refreshInterval(window.seconds) : undefined;
      if (!stopped && again !== undefined)
        timer = setTimeout(read, Math.max(0, again - (performance.now() - began)));
    };
    timer = setTimeout(read, window.kind === 'still' ? settledMs : 0);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [api, cluster, window]);
  return state;
}
