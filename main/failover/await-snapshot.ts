import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { FailoverPorts } from './ports.ts';

/** The first snapshot, from now on, in which `find` finds something; undefined at the deadline or when cancelled. */
export function awaitSnapshot<T>(
  ports: Pick<FailoverPorts, 'snapshot' | 'onSnapshot'>,
  cluster: string,
  find: (snapshot: ClusterSnapshot) => T | undefined,
  deadlineMs: number,
  signal?: AbortSignal,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    let settled = false;
    const settle = (found: T | undefined): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      unsubscribe();
      signal?.removeEventListener('abort', cancel);
      resolve(found);
    };
    const look = (snapshot: ClusterSnapshot): void => {
      const found = find(snapshot);
      if (found !== undefined) settle(found);
    };
    const cancel = (): void => settle(undefined);
    const timer = setTimeout(cancel, deadlineMs);
    let unsubscribe = (): void => {};
    const subscription = ports.onSnapshot(cluster, look);
    if (settled) subscription();
    else unsubscribe = subscription;
    signal?.addEventListener('abort', cancel);
    const current = ports.snapshot(cluster);
    if (signal?.aborted) cancel();
    else if (current) look(current);
  });
}
