import { Dialog } from '@base-ui/react/dialog';
import { type FormEvent, useState } from 'react';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { announce } from '../../client/store.ts';
import { Button } from '../../components/Button.tsx';
import type { AlertRow } from './alerts-model.ts';

/** As the contract has it: a note, and no report. */
const longestNote = 500;

/** Tells the others that somebody sees to an alert. It stays on the list until its condition has ended. */
export function AcknowledgeDialog({ row, onClose }: { row: AlertRow; onClose: () => void }) {
  const { cluster, alert } = row;
  const api = useApi();
  const [note, setNote] = useState(row.note?.text ?? '');
  const [problem, setProblem] = useState('');
  const acknowledge = (event: FormEvent) => {
    event.preventDefault();
    api.call('alerts.acknowledge', { cluster: cluster.name, alert: alert.id, note: note.trim() }).then(
      (answer) => {
        if (!answer.accepted) return setProblem(answer.reason);
        announce('Acknowledged');
        onClose();
      },
      (cause) => setProblem(problemOf(cause)),
    );
  };
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="popup dialog acknowledge">
          <Dialog.Title>Acknowledge an alert of {cluster.name}</Dialog.Title>
          <Dialog.Description>{alert.message}</Dialog.Description>
          <form onSubmit={acknowledge}>
            <label htmlFor="acknowledge-note">Note for the others, if any</label>
            <textarea
              id="acknowledge-note"
              className="input"
              rows={3}
              maxLength={longestNote}
              value={note}
              onChange={(event) => setNote(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) acknowledge(event);
              }}
            />
            <p className="small quiet">
              It is told no more, and stays on the list until its condition has ended.
            </p>
            {problem !== '' && (
              <p role="alert" className="notice" data-tone="critical">
                {problem}
              </p>
            )}
            <div className="row-of">
              <Button kind="primary" type="submit">
                Acknowledge
              </Button>
              <Dialog.Close className="button">Cancel</Dialog.Close>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
