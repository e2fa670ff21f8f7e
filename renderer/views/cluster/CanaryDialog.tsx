import { Dialog } from '@base-ui/react/dialog';
import { useState } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import { formatLag } from '../../../shared/domain/format.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { Button } from '../../components/Button.tsx';

interface DialogProps {
  readonly cluster: string;
  readonly node: string;
  readonly onClose: () => void;
}

/** Says what a canary writes before it is sent, and what came of it. */
export function CanaryDialog({ cluster, node, onClose }: DialogProps) {
  const api = useApi();
  const [sending, setSending] = useState(false);
  const [answer, setAnswer] = useState<CallOutput<'lag.canary'>>();
  const send = () => {
    setSending(true);
    setAnswer(undefined);
    api
      .call('lag.canary', { cluster, node })
      .catch((cause): CallOutput<'lag.canary'> => ({ accepted: false, reason: problemOf(cause) }))
      .then((next) => {
        setAnswer(next);
        setSending(false);
      });
  };
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="popup dialog canary">
          <Dialog.Title>Measure the lag of {node} with a canary</Dialog.Title>
          <p>
            This writes one entry into the connection table of the master: TCP from 198.51.100.1 to
            198.51.100.2, addresses for documentation that no traffic uses, marked 4242. The external cache of{' '}
            {node} is read until the entry is there, at most 20 times in 9 seconds. Then the entry is deleted;
            unattended it ends by itself after 10 seconds. Each step stands in the audit log before it is
            taken.
          </p>
          <div role="status">
            {sending && <p className="quiet">Written; waiting for it at {node}…</p>}
            {answer && <Outcome node={node} answer={answer} />}
          </div>
          <div className="dialog-actions">
            <Dialog.Close className="button">Close</Dialog.Close>
            <Button kind="primary" disabled={sending} onClick={send}>
              Write one entry and measure
            </Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Outcome({ node, answer }: { node: string; answer: CallOutput<'lag.canary'> }) {
  if (!answer.accepted) {
    return (
      <p className="notice" data-tone="warning">
        {answer.reason}
      </p>
    );
  }
  const { estimate, removed } = answer;
  return (
    <>
      <p>
        <strong>
          {node}: {formatLag(estimate)}
        </strong>
        , {estimate.note}.
      </p>
      {!removed && (
        <p className="notice" data-tone="warning">
          The entry could not be deleted; it ends by itself within ten seconds.
        </p>
      )}
    </>
  );
}
