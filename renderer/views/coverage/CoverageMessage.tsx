import { formatClock } from '../../../shared/domain/format.ts';
import { useConsole } from '../../client/store.ts';
import { Button } from '../../components/Button.tsx';
import { type ComparisonState, progressOf, type StepWords } from './coverage-model.ts';

/** What one kind of comparison says of itself while it has no report. */
export interface MessageWords {
  readonly never: { readonly title: string; readonly text: string; readonly verb: string };
  readonly comparing: string;
  readonly refused: string;
  readonly steps?: StepWords;
}

interface CoverageMessageProps {
  readonly state: Exclude<ComparisonState<unknown>, { kind: 'report' }>;
  readonly words: MessageWords;
  /** The engine did not answer. */
  readonly problem: string | undefined;
  readonly compare: () => void;
  readonly cancel: () => void;
}

/** In the report's place where there is none: why, and what to do. */
export function CoverageMessage({ state, words, problem, compare, cancel }: CoverageMessageProps) {
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
          <h1>{words.never.title}</h1>
          <p>{words.never.text}</p>
          <Button kind="primary" onClick={compare}>
            {words.never.verb}
          </Button>
        </div>
      );
    case 'comparing':
      return (
        <Progress title={words.comparing} {...progressOf(state.progress, words.steps)} cancel={cancel} />
      );
    case 'refused':
      return (
        <Refused title={words.refused} reason={state.reason} retryAt={state.retryAt} compare={compare} />
      );
  }
}

interface ProgressProps {
  readonly title: string;
  readonly text: string;
  readonly share: number;
  readonly cancel: () => void;
}

const Progress = ({ title, text, share, cancel }: ProgressProps) => (
  <div className="center">
    <h1>{title}</h1>
    <progress className="coverage-progress" aria-label="Comparison" value={share} max={1} />
    <p role="status">{text}</p>
    <Button onClick={cancel}>Cancel</Button>
  </div>
);

interface RefusedProps {
  readonly title: string;
  readonly reason: string;
  readonly retryAt: number | undefined;
  readonly compare: () => void;
}

const Refused = ({ title, reason, retryAt, compare }: RefusedProps) => {
  const tooSoon = useConsole(({ now }) => retryAt !== undefined && retryAt > now);
  return (
    <div className="center" role="alert">
      <h1>{title}</h1>
      <p>{reason}</p>
      <Button onClick={compare} disabled={tooSoon}>
        {tooSoon && retryAt !== undefined ? `Again at ${formatClock(retryAt)}` : 'Try again'}
      </Button>
    </div>
  );
};
