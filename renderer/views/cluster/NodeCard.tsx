import type { NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { formatClock, formatCount, formatInstant, formatSince } from '../../../shared/domain/format.ts';
import { readingValue } from '../../../shared/lib/reading.ts';
import { useConsole } from '../../client/store.ts';
import { Age } from '../../components/Age.tsx';
import { StateMark } from '../../components/StateMark.tsx';
import type { NodeBox } from './topology-model.ts';

/** What stands in a node's box: name, role, the engine's own word, and the one line that matters most. */
export const NodeCard = ({ box }: { box: NodeBox }) => (
  <article className="node-card" aria-label={box.node.name}>
    <div className="line">
      <StateMark face={box.face} size={14} />
      <strong className="cut" title={box.node.name}>
        {box.node.name}
      </strong>
      {!box.unknown && <span className="engine-word">{box.node.engineState}</span>}
    </div>
    <Role box={box} />
    {box.unknown ? <Unknown node={box.node} /> : <Figures node={box.node} />}
  </article>
);

function Role({ box }: { box: NodeBox }) {
  const now = useConsole((state) => state.now);
  const since = box.node.roleSince;
  return (
    <div className="line role">
      {box.face.word}
      {!box.unknown && since !== undefined && (
        <span className="quiet" title={formatInstant(since)}>
          for {formatSince(now - since)}
        </span>
      )}
    </div>
  );
}

function Figures({ node }: { node: NodeSnapshot }) {
  const connections = readingValue(node.readings.connections);
  const held = node.heldDownSince;
  return (
    <>
      <div className="line quiet cut">
        {node.replication?.replicated !== undefined
          ? `${formatCount(node.replication.replicated)} replicated`
          : connections !== undefined && `${formatCount(connections)} connections`}
      </div>
      {held === undefined ? (
        <div className="line quiet cut">{priorityText(node)}</div>
      ) : (
        <div className="line held small cut" title={formatInstant(held)}>
          held down since {formatClock(held)}
        </div>
      )}
    </>
  );
}

/** What the election weighs; one number where all instances agree. */
function priorityText({ instances }: NodeSnapshot): string {
  const priorities = [...new Set(instances.flatMap((instance) => instance.effectivePriority ?? []))];
  return priorities.length === 0 ? '' : `priority ${priorities.join(' / ')}`;
}

const Unknown = ({ node }: { node: NodeSnapshot }) => (
  <>
    <div className="line cut" title={node.failure?.message}>
      {node.failure?.message ??
        (node.reachable ? 'fewer than two witnesses of its role' : 'not read any more')}
    </div>
    <div className="line quiet">
      last read <Age at={node.observedAt} />
    </div>
  </>
);
