import { type FormEvent, useState } from 'react';
import type { Answer } from '../../../shared/contract/contract.ts';
import type { NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { sessionFailureKinds } from '../../../shared/lib/reading.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { Button } from '../../components/Button.tsx';

/** The way back to a node whose session failed: try again now, or give the passphrase that its key waits for. */
export function NodeAccess({ cluster, node }: { cluster: string; node: NodeSnapshot }) {
  const api = useApi();
  const [passphrase, setPassphrase] = useState('');
  const [outcome, setOutcome] = useState('');
  if (node.failure === undefined || !sessionFailureKinds.includes(node.failure.kind)) return null;
  const say = (answer: Promise<Answer>) =>
    answer.then(
      (given) => setOutcome(given.accepted ? `Connecting to ${node.name}…` : given.reason),
      (cause) => setOutcome(problemOf(cause)),
    );
  const unlock = (event: FormEvent) => {
    event.preventDefault();
    say(api.call('node.unlock', { cluster, node: node.name, passphrase }));
    setPassphrase('');
  };
  return (
    <div className="node-access row-of">
      {node.failure.lockedKey !== undefined && (
        <form className="row-of" onSubmit={unlock}>
          <label className="row-of">
            Passphrase of {node.failure.lockedKey}
            <input
              className="input"
              type="password"
              autoComplete="off"
              value={passphrase}
              onChange={(event) => setPassphrase(event.target.value)}
            />
          </label>
          <Button type="submit" disabled={passphrase === ''}>
            Unlock
          </Button>
        </form>
      )}
      <Button onClick={() => say(api.call('node.reconnect', { cluster, node: node.name }))}>
        Connect to {node.name} again
      </Button>
      <span role="status">{outcome}</span>
    </div>
  );
}
