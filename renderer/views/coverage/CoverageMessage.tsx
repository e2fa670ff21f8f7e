import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { formatClock } from '../../../shared/domain/format.ts';
import { useConsole } from '../../client/store.ts';
import { Button } from '../../components/Button.tsx';
import { type CoverageState, progressOf } from './coverage-model.ts';

interface CoverageMessageProps {
  readonly state: Exclude<CoverageState, { kind: 'report' }>;
  readonly cluster: ClusterSnapshot;
  /** The engine did not answer. */
  readonly problem: string | undefined;
  readonly compare: () => void;
  readonly cancel: () => void;
}

/** In the report's place where there is none: why, and what to do. */
export function CoverageMessage({ state, cluster, problem, compare, cancel }: CoverageMessageProps) {
  if (problem !== undefined)
    return (
      <div className="center" role="alert">
        <h1>The engine did not answer</h1>
        <p>{problem}</p>
        <Button onClick={compare}>Try again</Button>
      </div>
    );
  switch (state.kind) {
    case 'asking':
      return <div className="center" />;
    case 'never':
      return (
        <div className="center">
          <h1>Which connections would a failover lose?</h1>
          <p>
            A count says how many a slave holds, not which. The comparison reads the table of{' '}
            {cluster.master ?? 'the master'} twice and the cache of each slave once, and names every
            connection that is not there, with the reason. It takes a few seconds; a slave is read once a
            minute at most.
          </p>
          <Button kind="primary" onClick={compare}>
            Name what is missing
          </Button>
        </div>
      );
    case 'comparing':
      return <Progress {...progressOf(state.progress)} cancel={cancel} />;
    case 'refused':
      return <Refused reason={state.reason} retryAt={state.retryAt} compare={compare} />;
  }
}

interface ProgressProps {
  readonly text: string;
  readonly share: number;
  readonly cancel: () => void;
}

const Progress = ({ text, share, cancel }: ProgressProps) => (
  <div className="center">
    <h1>Comparing the slaves with their master</h1>
    <progress className="coverage-progress" aria-label="Comparison" value={share} max={1} />
    <p role="status">{text}</p>
    <Button onClick={cancel}>Cancel</Button>
  </div>
);

interface RefusedProps {
  readonly reason: string;
  readonly retryAt: number | undefined;
  readonly compare: () => void;
}

const Refused = ({ reason, retryAt, compare }: RefusedProps) => {
  const tooSoon = useConsole(({ now }) => retryAt !== undefined && retryAt > now);
  return (
    <div className="center" role="alert">
      <h1>The slaves were not compared</h1>
      <p>{reason}</p>
      <Button onClick={compare} disabled={tooSoon}>
        {tooSoon && retryAt !== undefined ? `Again at ${formatClock(retryAt)}` : 'Try again'}
      </Button>
    </div>
  );
};
