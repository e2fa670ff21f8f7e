import { useState } from 'react';
import type { FailoverPlan } from '../../../shared/domain/failover-plan.ts';
import { useConsole } from '../../client/store.ts';
import { Button } from '../../components/Button.tsx';
import { missing, verbOf } from './failover-model.ts';
import { HoldButton } from './HoldButton.tsx';

interface ConfirmBarProps {
  readonly plan: FailoverPlan;
  readonly production: boolean;
  readonly accepted: readonly string[];
  /** The engine has it: until the run shows, nothing more can be fired. */
  readonly sent: boolean;
  readonly problem: string | undefined;
  readonly onExecute: (confirmation: string) => void;
  readonly onPlanAgain: () => void;
}

/** The cluster's name typed, then the button; on production it must be held. */
export function ConfirmBar({
  plan,
  production,
  accepted,
  sent,
  problem,
  onExecute,
  onPlanAgain,
}: ConfirmBarProps) {
  const now = useConsole((state) => state.now);
  const connected = useConsole((state) => state.connected);
  const [typed, setTyped] = useState('');
  const open = missing(plan, { accepted, typed }, now);
  const ready = open.length === 0 && connected && !sent;
  const expired = now >= plan.expiresAt;
  return (
    <footer className="confirm">
      {problem && (
        <p className="notice" data-tone="critical" role="alert">
          {problem}
        </p>
      )}
      <div className="row-of">
        <label className="confirm-name">
          Type <b>{plan.cluster}</b> to confirm
          <input
            className="input"
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        {production ? (
          <HoldButton disabled={!ready} onFire={() => onExecute(typed)}>
            {verbOf(plan)}
          </HoldButton>
        ) : (
          <Button kind="danger" disabled={!ready} onClick={() => onExecute(typed)}>
            {verbOf(plan)}
          </Button>
        )}
        <p className="quiet" role="status">
          {sent ? 'Sent. Both nodes are read again before anything happens.' : open.join(' ')}
          {!sent && open.length === 0 && production && 'Hold the button for 1.5 s.'}
        </p>
        {expired && <Button onClick={onPlanAgain}>Plan again</Button>}
      </div>
    </footer>
  );
}
