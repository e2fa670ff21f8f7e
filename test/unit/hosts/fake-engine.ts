import type { Engine } from '../../../main/engine.ts';
import type { CallHandlers, StreamName, StreamValue } from '../../../shared/contract/contract.ts';
import type { FleetSnapshot } from '../../../shared/domain/cluster-snapshot.ts';

export interface FakeEngine extends Engine {
  /** Publishes the next value of the only stream. */
  publish(value: FleetSnapshot): void;
  readonly subscribers: () => number;
  readonly asked: string[];
}

/** An engine of two lines: it answers `app.info`, refuses to abort, and breaks the contract where told to. */
export function fakeEngine(): FakeEngine {
  const listeners = new Set<(value: never) => void>();
  const asked: string[] = [];
  let newest: FleetSnapshot = { revision: 1, clusters: [] };
  const handlers: Partial<CallHandlers> = {
    'app.info': async () => ({ version: '1.2.3', host: 'browser', inventoryPath: '/etc/clusters.yaml' }),
    'failover.abort': async ({ cluster }) => {
      asked.push(cluster);
      return { accepted: false, reason: `no failover of ${cluster} is running` };
    },
    'inventory.openDemo': async () => {
      throw new Error('/home/ops/.ssh/id_ed25519 is gone');
    },
    'inventory.read': async () => JSON.parse('{"path": 7, "clusters": []}'),
  };
  return {
    handlers: handlers as CallHandlers,
    subscribe<N extends StreamName>(_name: N, onValue: (value: StreamValue<N>) => void) {
      listeners.add(onValue);
      onValue(newest as StreamValue<N>);
      return () => listeners.delete(onValue);
    },
    publish(value) {
      newest = value;
      for (const listener of listeners) listener(value as never);
    },
    subscribers: () => listeners.size,
    asked,
    close: async () => listeners.clear(),
  };
}
