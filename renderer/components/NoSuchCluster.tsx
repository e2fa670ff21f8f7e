import { useConsole } from '../client/store.ts';

/** The route names a cluster that is not in the snapshot: there is no snapshot yet, or the inventory lost it. */
export function NoSuchCluster() {
  const known = useConsole((state) => state.fleet !== undefined);
  return (
    <div className="center">
      <h1>{known ? 'This cluster is not in the inventory' : 'Connecting to the engine'}</h1>
      {known && (
        <a className="button" href="#/">
          All clusters
        </a>
      )}
    </div>
  );
}
