import { Dialog } from '@base-ui/react/dialog';
import { useState } from 'react';
import type { NarrowAnswer } from '../../../shared/domain/connection-actions.ts';
import { connectionLine } from '../../../shared/domain/connection-line.ts';
import { formatClock, formatCount, formatDuration } from '../../../shared/domain/format.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { Button } from '../../components/Button.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { questionOf } from './ask-model.ts';

interface AskNodeProps {
  readonly cluster: string;
  readonly node: string;
  readonly filter: string;
}

/** For a filter that the kernel can choose by itself: its answer of this moment, without reading the table. */
export function AskNode({ cluster, node, filter }: AskNodeProps) {
  const api = useApi();
  const [answer, setAnswer] = useState<NarrowAnswer>();
  const [asking, setAsking] = useState(false);
  const question = questionOf(filter);
  if (!question) return null;
  const ask = async () => {
    setAsking(true);
    try {
      setAnswer(await api.call('connections.ask', { cluster, node, question }));
    } catch (cause) {
      setAnswer({ accepted: false, reason: problemOf(cause) });
    } finally {
      setAsking(false);
    }
  };
  return (
    <>
      <Button
        disabled={asking}
        onClick={ask}
        title={`Asks the kernel of ${node} for these connections alone, without reading its table`}
      >
        {asking ? 'Asking…' : 'Ask now'}
      </Button>
      {answer && <Answer node={node} answer={answer} onAgain={ask} onClose={() => setAnswer(undefined)} />}
    </>
  );
}

interface AnswerProps {
  readonly node: string;
  readonly answer: NarrowAnswer;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

const Answer = ({ node, answer, onAgain, onClose }: AnswerProps) => {
  const lines = answer.accepted ? answer.rows.map(connectionLine).join('\n') : '';
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="popup dialog answer">
          <Dialog.Title>
            {answer.accepted
              ? `${node} has ${answer.matched === 0 ? 'none' : formatCount(answer.matched)} now`
              : `${node} did not answer that`}
          </Dialog.Title>
          {answer.accepted ? (
            <>
              <p className="quiet">
                Asked at {formatClock(answer.observedAt)}, answered in {formatDuration(answer.took)}:{' '}
                <span className="mono">{answer.line}</span>
              </p>
              {lines !== '' && (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
                <section className="snippet" tabIndex={0} aria-label="Connections">
                  <pre>{lines}</pre>
                </section>
              )}
              {answer.matched > answer.rows.length && (
                <p className="quiet">These are the first {formatCount(answer.rows.length)} of them.</p>
              )}
            </>
          ) : (
            <p role="alert">{answer.reason}</p>
          )}
          <div className="dialog-actions">
            {lines !== '' && <CopyButton text={lines} label="Copy the connections" />}
            <Button onClick={onAgain}>Ask again</Button>
            <Dialog.Close className="button">Close</Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
};
