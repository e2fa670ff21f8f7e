import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useState } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import { type Comparison, diffText, type ReadinessDiff } from '../../../shared/domain/readiness-diff.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { Age } from '../../components/Age.tsx';
import { Button } from '../../components/Button.tsx';
import { Command, CopyButton } from '../../components/CopyButton.tsx';
import { partTitles } from './readiness-model.ts';

interface DialogProps {
  readonly cluster: string;
  readonly node: string;
  readonly onClose: () => void;
}

/** Both nodes are read when this opens, and again when asked to; what it shows is as old as it says. */
export function ReadinessDiffDialog({ cluster, node, onClose }: DialogProps) {
  const api = useApi();
  const [asked, setAsked] = useState(0);
  const [answer, setAnswer] = useState<CallOutput<'readiness.diff'>>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: asking again is the reason to read again
  useEffect(() => {
    let gone = false;
    const keep = (next: CallOutput<'readiness.diff'>) => {
      if (!gone) setAnswer(next);
    };
    setAnswer(undefined);
    api
      .call('readiness.diff', { cluster, node })
      .then(keep, (cause) => keep({ accepted: false, reason: problemOf(cause) }));
    return () => {
      gone = true;
    };
  }, [api, cluster, node, asked]);
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="popup dialog parity">
          <div className="parity-head">
            <Dialog.Title>What {node} has otherwise than its master</Dialog.Title>
            {answer?.accepted && <CopyButton text={diffText(answer.diff)} label="Copy as a unified diff" />}
            <Button size="small" disabled={answer === undefined} onClick={() => setAsked(asked + 1)}>
              Read again
            </Button>
            <Dialog.Close className="button" data-size="small">
              Close
            </Dialog.Close>
          </div>
          <div role="status">
            {answer === undefined && <p className="quiet">Reading both nodes…</p>}
            {answer?.accepted === false && (
              <p className="notice" data-tone="warning">
                {answer.reason}
              </p>
            )}
          </div>
          {answer?.accepted && <Parts diff={answer.diff} />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const Parts = ({ diff }: { diff: ReadinessDiff }) => (
  <>
    {diff.parts.map((part) => (
      <section key={part.what} aria-label={partTitles[part.what]}>
        <h3>
          {partTitles[part.what]} <span className="quiet">{said(part, diff)}</span>
          <span className="quiet small">
            read <Age at={part.observedAt} />
          </span>
        </h3>
        {part.lines.length > 0 && (
          <>
            <Command text={part.source} />
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
            <pre className="diff" tabIndex={0}>
              <Line mark="-" text={` only on ${diff.master}`} head />
              <Line mark="+" text={` only on ${diff.node}`} head />
              {part.lines.map((line, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a line of a diff is known by its place alone
                <Line key={index} {...line} />
              ))}
            </pre>
            {part.left > 0 && <p className="quiet">{part.left} more lines are not shown.</p>}
          </>
        )}
      </section>
    ))}
  </>
);

const said = ({ lines, left, failure }: Comparison, { master }: ReadinessDiff): string => {
  if (failure !== undefined) return `cannot be compared: ${failure}`;
  const changed = lines.filter(({ mark }) => mark === '-' || mark === '+').length;
  if (changed === 0) return `the same as on ${master}`;
  return left > 0
    ? `more than ${changed} lines differ`
    : `${changed} ${changed === 1 ? 'line differs' : 'lines differ'}`;
};

const Line = ({ mark, text, head }: { mark: string; text: string; head?: boolean }) => (
  <span className="line" data-mark={mark} data-head={head}>
    {mark === '@' ? `⋯ ${text}` : `${mark}${text}`}
    {'\n'}
  </span>
);
