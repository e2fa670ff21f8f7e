import { readingValue } from '../lib/reading.ts';
import type { ReplicationSnapshot } from './cluster-snapshot.ts';
import type { ClusterState, NodeState } from './cluster-state.ts';
import { assessReplication } from './replication-assessment.ts';
import { type SyncEnd, syncDirections } from './sync-direction.ts';
import { type RemedyNode, syncRemedy } from './sync-remedy.ts';

/**
 * A slave's replication against its master's, with what becomes of the messages in each direction and what would mend it.
 * `since`: the master's and the slave's samples since the master is master. `slaves`: how many share its messages.
 */
export function judgeReplication(
  state: ClusterState,
  [source, slave]: readonly [source: string, slave: string],
  since: (name: string) => NodeState['samples'],
  slaves: number,
  now: number,
): ReplicationSnapshot {
  const others = Object.keys(state.nodes).filter((name) => name !== source && name !== slave);
  const end = (name: string) => endOf(name, state.nodes[name]);
  const direction = syncDirections(end(source), end(slave), others.map(end), now);
  const kernel = readingValue(state.nodes[slave]?.readings.connections);
  const track = state.lag[slave];
  const lag = {
    track: track?.master === source ? track : undefined,
    source: state.nodes[source]?.readings.agent?.source ?? '',
    now,
  };
  const judged = assessReplication(since(source), since(slave), slaves, kernel, lag, direction);
  const node = (name: string): RemedyNode => ({
    name,
    state: state.nodes[name]?.samples.at(-1)?.state,
    sudo: state.definition.nodes.some((each) => each.name === name && each.sudo),
  });
  const { config } = state.definition.agent;
  const remedy = syncRemedy({ master: node(source), slave: node(slave), judged, direction, slaves, config });
  return remedy ? { ...judged, remedy } : judged;
}

function endOf(name: string, node: NodeState | undefined): SyncEnd {
  const agent = node?.readings.agent;
  const samples = node?.samples ?? [];
  if (!agent || node?.session.kind !== 'connected') return { name, samples, says: 'unread' };
  if (agent.ok) return { name, samples, says: 'figures' };
  const { kind } = agent.failure;
  return { name, samples, says: kind === 'timed-out' ? 'nothing' : kind === 'not-running' ? kind : 'unread' };
}
