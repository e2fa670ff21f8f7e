import { expect } from 'vitest';
import { type AlertPhase, alertChanges } from '../../../shared/domain/alert.ts';
import { type AlertState, acknowledge, nextAlerts, noAlerts } from '../../../shared/domain/alert-state.ts';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { agent, type NodeRound, Story } from './build.ts';

/** A cluster that is watched for alerts, second by second. */
export class Watched {
  readonly story = new Story('fw1', 'fw2');
  alerts: AlertState = noAlerts;
  /** Raised, cleared and acknowledged, in their order, as in `raised node-gone fw2`. */
  readonly told: string[] = [];
  #received = 0;

  /** What both nodes say in a good second, with what is different this time. A node of `null` is not heard of. */
  second(different: { fw1?: NodeRound | null; fw2?: NodeRound | null } = {}, change = asItIs): void {
    this.#received += 10;
    const calm = {
      fw1: { state: 'MASTER', holds: true, agent: agent({ internal: 1000, received: this.#received }) },
      fw2: {
        state: 'BACKUP',
        holds: false,
        agent: agent({ external: 1000, received: this.#received }),
        hears: 'fw1',
      },
    } as const;
    const rounds: Record<string, NodeRound> = {};
    for (const name of ['fw1', 'fw2'] as const)
      if (different[name] !== null) rounds[name] = { ...calm[name], ...different[name] };
    this.look(change(this.story.second(rounds)));
  }

  seconds(count: number, ...what: Parameters<Watched['second']>): void {
    for (let each = 0; each < count; each += 1) this.second(...what);
  }

  look(cluster: ClusterSnapshot): void {
    this.#move(nextAlerts(this.alerts, cluster, this.story.now));
  }

  acknowledge(id: string, note: string): boolean {
    const after = acknowledge(this.alerts, id, { at: this.story.now, note });
    if (after) this.#move(after);
    return after !== undefined;
  }

  phase(id: string): AlertPhase['kind'] | 'calm' {
    return this.alerts.alerts.find((alert) => alert.id === id)?.phase.kind ?? 'calm';
  }

  message(id: string): string | undefined {
    return this.alerts.alerts.find((alert) => alert.id === id)?.message;
  }

  #move(after: AlertState): void {
    for (const { event, alert } of alertChanges(this.alerts.alerts, after.alerts))
      this.told.push(`${event} ${alert.id}`);
    this.alerts = after;
  }
}

const asItIs = (cluster: ClusterSnapshot): ClusterSnapshot => cluster;

export function calmFor(seconds: number): Watched {
  const watched = new Watched();
  watched.seconds(seconds);
  expect(watched.told).toEqual([]);
  return watched;
}

/** The node's session is gone, as when it is switched off. */
export function lose(watched: Watched, node: string): void {
  watched.story.put({
    kind: 'session',
    node,
    session: { kind: 'waiting' },
    failure: { kind: 'unreachable', message: `${node} does not answer` },
  });
}

export function find(watched: Watched, node: string): void {
  watched.story.put({
    kind: 'session',
    node,
    session: { kind: 'connected', since: watched.story.now },
    failure: undefined,
  });
}
