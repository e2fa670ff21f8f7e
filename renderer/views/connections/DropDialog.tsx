import './drop.css';
import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useState } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { Connection } from '../../../shared/domain/connection.ts';
import type { DropPlan, DropResult } from '../../../shared/domain/connection-actions.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { Button } from '../../components/Button.tsx';

interface DropDialogProps {
  readonly cluster: string;
  readonly node: string;
  readonly connections: readonly Connection[];
  /** Some were dropped: the table is no longer what it was. */
  readonly onDropped: () => void;
  readonly onClose: () => void;
}

const outcomes: Readonly<Record<DropResult['outcome'], string>> = {
  dropped: 'dropped',
  'already-gone': 'was gone already',
  failed: 'failed',
  unknown: 'not known',
  'not-sent': 'not sent',
};

const counted = (count: number) => (count === 1 ? 'one connection' : `${formatCount(count)} connections`);

/** Shows each command before anything is sent, takes the confirmation, and says what became of each. */
export function DropDialog({ cluster, node, connections, onDropped, onClose }: DropDialogProps) {
  const api = useApi();
  const [planned, setPlanned] = useState<CallOutput<'connections.dropPlan'>>();
  const [done, setDone] = useState<CallOutput<'connections.drop'>>();
  const [typed, setTyped] = useState('');
  const [sending, setSending] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a plan is of what was selected when the dialog was opened
  useEffect(() => {
    api
      .call('connections.dropPlan', { cluster, node, connections: [...connections] })
      .then(setPlanned, (cause) => setPlanned({ accepted: false, reason: problemOf(cause) }));
  }, []);
  const plan = planned?.accepted ? planned.plan : undefined;
  const send = () => {
    if (!plan) return;
    setSending(true);
    api
      .call('connections.drop', { planId: plan.planId, confirmation: typed })
      .catch((cause): CallOutput<'connections.drop'> => ({ accepted: false, reason: problemOf(cause) }))
      .then((answer) => {
        setDone(answer);
        setSending(false);
        if (answer.accepted) onDropped();
      });
  };
  const refusal =
    planned?.accepted === false ? planned.reason : done?.accepted === false ? done.reason : undefined;
  const confirmed = plan !== undefined && (plan.confirm === undefined || typed === plan.confirm);
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="popup dialog drop">
          <Dialog.Title>
            Drop {counted(plan?.entries.length ?? connections.length)} from the table of {node}
          </Dialog.Title>
          <div role="status">
            {!planned && <p className="quiet">Asking {node} what this login may drop…</p>}
            {refusal !== undefined && (
              <p className="notice" data-tone="warning">
                {refusal}
              </p>
            )}
            {done?.accepted && <Outcome results={done.results} />}
          </div>
          {plan && !done && <Preview plan={plan} />}
          {plan && plan.left.length > 0 && <Left left={plan.left} />}
          {plan?.confirm !== undefined && !done && (
            <label>
              Type <strong>{plan.confirm}</strong> to confirm
              <input className="input" value={typed} onChange={(event) => setTyped(event.target.value)} />
            </label>
          )}
          <div className="dialog-actions">
            <Dialog.Close className="button">{done ? 'Close' : 'Cancel'}</Dialog.Close>
            {plan && !done && (
              <Button kind="danger" disabled={!confirmed || sending} onClick={send}>
                Drop {counted(plan.entries.length)}
              </Button>
            )}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const Preview = ({ plan }: { plan: DropPlan }) => (
  <>
    {plan.warnings.map((warning) => (
      <p key={warning}>{warning}</p>
    ))}
    <p className="quiet">One command each, written to the audit log before it is sent:</p>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled by keys */}
    <ol className="drop-commands mono" tabIndex={0} aria-label="Commands">
      {plan.entries.map(({ command }) => (
        <li key={command}>{command}</li>
      ))}
    </ol>
  </>
);

/** What was chosen and stays, by the reason: a selection may hold a hundred of one kind. */
function Left({ left }: Pick<DropPlan, 'left'>) {
  const byReason = Map.groupBy(left, ({ reason }) => reason);
  return (
    <div className="notice" data-tone="warning">
      <p>
        {left.length === 1 ? 'One connection stays' : `${formatCount(left.length)} connections stay`} in the
        table:
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled by keys */}
      <ul className="drop-commands" tabIndex={0} aria-label="Connections that stay">
        {[...byReason].map(([reason, stay]) => (
          <li key={reason}>
            {stay.map(({ connection: { original } }) => `${original.src} → ${original.dst}`).join(', ')}:{' '}
            {reason}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Outcome({ results }: { results: readonly DropResult[] }) {
  const dropped = results.filter(({ outcome }) => outcome === 'dropped').length;
  const others = results.filter(({ outcome }) => outcome !== 'dropped');
  return (
    <>
      <p>
        <strong>
          {formatCount(dropped)} of {formatCount(results.length)} dropped
        </strong>
      </p>
      {others.length > 0 && (
        <ul className="drop-commands mono">
          {others.map(({ command, outcome, message }) => (
            <li key={command}>
              {outcomes[outcome]}
              {message !== undefined && `: ${message}`} — {command}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
