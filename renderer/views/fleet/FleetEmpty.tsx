import { FileWarning, ShieldHalf } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { InventoryError } from '../../../shared/domain/cluster.ts';
import { useApi } from '../../client/api-context.ts';
import { problemOf } from '../../client/problem.ts';
import { useConsole } from '../../client/store.ts';
import { Button } from '../../components/Button.tsx';

/** No cluster to show: there is none yet, or the inventory file cannot be understood. */
export function FleetEmpty() {
  const api = useApi();
  const revision = useConsole((state) => state.fleet?.revision);
  const [inventory, setInventory] = useState<CallOutput<'inventory.read'>>();
  // The file is read again whenever the fleet changed: the operator may have mended it in an editor.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the revision is the reason to read again
  useEffect(() => {
    api.call('inventory.read', {}).then(setInventory, () => setInventory(undefined));
  }, [api, revision]);
  if (inventory?.error) return <BrokenInventory error={inventory.error} />;
  return <NoCluster path={inventory?.path} />;
}

function NoCluster({ path }: { path: string | undefined }) {
  const api = useApi();
  const [problem, setProblem] = useState<string>();
  const openDemo = () =>
    api.call('inventory.openDemo', {}).then(
      (answer) => setProblem(answer.accepted ? undefined : answer.reason),
      (cause) => setProblem(problemOf(cause)),
    );
  return (
    <div className="center">
      <ShieldHalf size={32} aria-hidden="true" className="quiet" />
      <h1>No cluster yet</h1>
      <p>
        Handover reads a cluster of firewalls over SSH and says which node is master, what each slave has
        replicated, and what a failover would lose. The demo cluster is simulated on this machine; nothing
        leaves it.
      </p>
      <div className="row-of">
        <a className="button" data-kind="primary" href="#/add">
          Add a cluster
        </a>
        <Button onClick={openDemo}>Open the demo cluster</Button>
      </div>
      {problem && (
        <p role="alert" className="notice" data-tone="critical">
          {problem}
        </p>
      )}
      {path && <p className="small">The inventory is {path}</p>}
    </div>
  );
}

const BrokenInventory = ({ error }: { error: InventoryError }) => (
  <div className="center" role="alert">
    <FileWarning size={32} aria-hidden="true" className="quiet" />
    <h1>The inventory cannot be read</h1>
    <p>{error.message}</p>
    <dl className="facts">
      <dt>File</dt>
      <dd className="mono">
        {error.file}
        {error.line !== undefined && `:${error.line}`}
        {error.column !== undefined && `:${error.column}`}
      </dd>
      {error.path && (
        <>
          <dt>Where</dt>
          <dd className="mono">{error.path}</dd>
        </>
      )}
      {error.expected && (
        <>
          <dt>Expected</dt>
          <dd>{error.expected}</dd>
        </>
      )}
    </dl>
    <p>Mend the file and save it: it is read again by itself. Nothing in it was changed.</p>
  </div>
);
