import type { Alert } from '../../shared/domain/alert.ts';
import { alertChanges } from '../../shared/domain/alert.ts';
import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import { type HookEvent, hookEvent } from './hook-event.ts';
import { type HookCommand, startHook } from './hook-process.ts';

/** Tells the operator's command what happens to alerts. Nothing that the command does ever stops the engine. */
export interface AlertHook {
  /** Looks at a cluster's newest snapshot; what changed since the one before is told. */
  readonly observe: (snapshot: ClusterSnapshot) => void;
  /** Gives running commands a moment to end, and then ends them. What still waits is dropped. */
  readonly close: () => Promise<void>;
}

/** How many commands run at once; of one cluster always one, so that what it tells arrives in its order. */
const atOnce = 4;
/** How many events wait: past that the oldest is dropped, because the newest tell how things are. */
const longestQueue = 200;
const closingMs = 2_000;

/**
 * `current`: the command as it is set now, if it is. `before`: what it was told of a cluster in an earlier session.
 * `onFailure` learns in one sentence what the command was not told.
 */
export function alertHook(
  current: () => HookCommand | undefined,
  clock: Clock,
  onFailure: (cluster: string, message: string) => void,
  before: (cluster: string) => readonly Alert[] = () => [],
): AlertHook {
  const known = new Map<string, readonly Alert[]>();
  const waiting: HookEvent[] = [];
  const running = new Map<string, { readonly ended: Promise<void>; readonly kill: () => void }>();

  const fail = (event: HookEvent, command: HookCommand, reason: string) =>
    onFailure(
      event.cluster,
      `The alert command ${command.argv[0]} was not told that "${event.alert.id}" was ${event.event}: ${reason}.`,
    );
  let closed = false;
  const startNext = () => {
    const command = current();
    if (!command) waiting.length = 0;
    while (!closed && running.size < atOnce) {
      const index = waiting.findIndex(({ cluster }) => !running.has(cluster));
      const [event] = index < 0 ? [] : waiting.splice(index, 1);
      if (!event || !command) return;
      const hook = startHook(command, JSON.stringify(event));
      const ended = hook.ended.then((failure) => {
        running.delete(event.cluster);
        if (failure !== undefined) fail(event, command, failure);
        startNext();
      });
      running.set(event.cluster, { ended, kill: hook.kill });
    }
  };

  return {
    observe: (snapshot) => {
      if (closed) return;
      const after = snapshot.alerts ?? [];
      const changes = alertChanges(known.get(snapshot.name) ?? before(snapshot.name), after);
      known.set(snapshot.name, after);
      if (changes.length === 0) return;
      const command = current();
      if (!command) return;
      for (const change of changes) waiting.push(hookEvent(snapshot, change, clock()));
      while (waiting.length > longestQueue) {
        const dropped = waiting.shift();
        if (dropped) fail(dropped, command, `${longestQueue} newer events were waiting`);
      }
      startNext();
    },
    close: async () => {
      closed = true;
      const all = [...running.values()];
      const timer = setTimeout(() => {
        for (const { kill } of all) kill();
      }, closingMs);
      await Promise.all(all.map(({ ended }) => ended));
      clearTimeout(timer);
    },
  };
}
