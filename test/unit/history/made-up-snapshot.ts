import type { ClusterSnapshot, NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import type { ClusterEvent } from '../../../shared/domain/event.ts';

const reading = <T>(value: T, observedAt: number) => ({
  ok: true as const,
  value,
  observedAt,
  source: 'test',
});

export interface Seen {
  readonly connections?: number;
  readonly lag?: {
    readonly kind: 'measured' | 'below' | 'not-measurable' | 'unknown';
    readonly seconds?: number;
    readonly resolution?: number;
  };
  readonly reachable?: boolean;
  /** Since when (ms) the readings are what they are. */
  readonly age?: number;
}

function node(name: string, at: number, seen: Seen): NodeSnapshot {
  const { connections = 100, reachable = true, age = 0, lag = { kind: 'below', seconds: 1 } } = seen;
  const readAt = at - age;
  return {
    name,
    host: name,
    session: { kind: 'connected' },
    reachable,
    role: 'slave',
    engineState: 'BACKUP',
    instances: [],
    readings: {
      connections: reading(connections, readAt),
      connectionsMax: reading(262_144, readAt),
      agent: reading({ mode: 'ftfw', channels: [], malformed: 0, lost: 0 }, readAt) as never,
    },
    rates: {
      messagesSent: 0.5,
      messagesReceived: 12.25,
      bytesSent: 40.4,
      bytesReceived: 900.6,
      changes: 3,
    },
    replication: {
      replicated: connections - 1,
      excess: 4,
      coverage: { value: 0.99, errorBar: 0.002, distinguishable: true },
      lag,
      backlog: 7,
      phase: 'in-step',
      evidence: 'made up',
    },
    observedAt: readAt,
  };
}

export function snapshot(
  at: number,
  nodes: Readonly<Record<string, Seen>> = { fw2: {} },
  events: readonly ClusterEvent[] = [],
  name = 'edge',
): ClusterSnapshot {
  return {
    name,
    revision: at,
    observedAt: at,
    verdict: 'ok',
    sentence: 'made up',
    reasons: [],
    master: 'fw1',
    activeActive: false,
    nodes: Object.entries(nodes).map(([each, seen]) => node(each, at, seen)),
    events: [...events],
    run: null,
  };
}
