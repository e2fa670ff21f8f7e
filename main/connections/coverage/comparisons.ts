import type { CoverageProgress, CoverageRefusal } from '../../../shared/domain/coverage.ts';
import type { Clock } from '../../../shared/lib/clock.ts';
import { err, type Result } from '../../../shared/lib/result.ts';
import { type Comparison, startComparison } from './comparison.ts';

export type OnProgress = (progress: Omit<CoverageProgress, 'startedAt'>) => void;

/** What a comparison works with: the thread that it holds, until it is called off. */
export interface Work {
  readonly comparison: Comparison;
  readonly signal: AbortSignal;
  readonly onStep: OnProgress;
}

/** What a comparison came to. `onKept` is called where it is the last one of its cluster from now on. */
export interface Outcome<T> {
  readonly found: T;
  readonly onKept?: () => void;
}

/** The comparisons of one kind: of each cluster the one under way, and what the last one found. */
export interface Comparisons<T> {
  readonly isRunning: (cluster: string) => boolean;
  /** Begins one, or joins the one under way; resolves with why nothing was compared, or undefined. */
  readonly run: (
    cluster: string,
    work: (tools: Work) => Promise<Result<Outcome<T>, CoverageRefusal>>,
  ) => Promise<CoverageRefusal | undefined>;
  /** Ends the comparison under way; false where there is none. What the last one found stays. */
  readonly cancel: (cluster: string) => boolean;
  readonly of: (cluster: string) => Held<T>;
  readonly forget: (cluster: string) => void;
  readonly close: () => void;
}

interface Held<T> {
  progress?: CoverageProgress | undefined;
  /** What the last one found, and the thread that holds its rows. */
  last?: { readonly found: T; readonly comparison: Comparison } | undefined;
  refusal?: CoverageRefusal | undefined;
}

interface Running {
  readonly ended: Promise<CoverageRefusal | undefined>;
  readonly stop: AbortController;
}

export function openComparisons<T>(clock: Clock): Comparisons<T> {
  const held = new Map<string, Held<T>>();
  const running = new Map<string, Running>();

  const compare = async (
    cluster: string,
    work: Parameters<Comparisons<T>['run']>[1],
    signal: AbortSignal,
  ): Promise<CoverageRefusal | undefined> => {
    const own = held.get(cluster) ?? {};
    held.set(cluster, own);
    const startedAt = clock();
    const onStep: OnProgress = (progress) => {
      own.progress = { startedAt, ...progress };
    };
    onStep({ step: 'checking', entries: 0 });
    const comparison = startComparison();
    const stop = () => comparison.close();
    signal.addEventListener('abort', stop);
    const result = await work({ comparison, signal, onStep }).catch((cause: unknown) =>
      err({ reason: brokenOff(signal, cause) }),
    );
    signal.removeEventListener('abort', stop);
    own.progress = undefined;
    own.refusal = result.ok ? undefined : result.error;
    // a cluster that was forgotten meanwhile has nobody who would ask
    if (!result.ok || held.get(cluster) !== own) comparison.close();
    else {
      own.last?.comparison.close();
      own.last = { found: result.value.found, comparison };
      result.value.onKept?.();
    }
    return own.refusal;
  };
  const cancel = (cluster: string): boolean => {
    const now = running.get(cluster);
    now?.stop.abort();
    return now !== undefined;
  };
  const forget = (cluster: string) => {
    cancel(cluster);
    held.get(cluster)?.last?.comparison.close();
    held.delete(cluster);
  };

  return {
    isRunning: (cluster) => running.has(cluster),
    run: (cluster, work) => {
      const now = running.get(cluster);
      if (now) return now.ended;
      const stop = new AbortController();
      const ended = compare(cluster, work, stop.signal).finally(() => running.delete(cluster));
      running.set(cluster, { ended, stop });
      return ended;
    },
    cancel,
    of: (cluster) => held.get(cluster) ?? {},
    forget,
    close: () => {
      for (const cluster of [...held.keys()]) forget(cluster);
    },
  };
}

export const brokenOff = (signal: AbortSignal, cause: unknown): string => {
  if (signal.aborted) return 'The comparison was cancelled.';
  return cause instanceof Error ? cause.message : String(cause);
};
