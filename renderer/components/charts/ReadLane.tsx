import { useMemo } from 'react';
import { hatchId } from './Curves.tsx';
import type { TimeSpan } from './chart-model.ts';
import { timePlace } from './path.ts';

/** When a node could not be read: ms since the epoch. */
export interface UnreadNode {
  readonly name: string;
  readonly spans: readonly (readonly [number, number])[];
}

interface ReadLaneProps {
  readonly nodes: readonly UnreadNode[];
  readonly span: TimeSpan;
  readonly width: number;
}

/** A hatched bar for each time in which a node could not be read; nothing where all could be all the while. */
export function ReadLane({ nodes, span, width }: ReadLaneProps) {
  const x = useMemo(() => timePlace(span, width), [span, width]);
  return nodes
    .filter(({ spans }) => spans.length > 0)
    .map(({ name, spans }) => (
      <div key={name} className="read-lane">
        <svg width={width} height="10" data-clip="true" aria-hidden="true">
          {spans.map(([from, to]) => (
            <rect
              key={from}
              className="unread"
              x={x(from)}
              y="1"
              width={Math.max(1, x(to) - x(from))}
              height="8"
              style={{ fill: `url(#${hatchId('var(--hatch)')})` }}
            />
          ))}
        </svg>
        <span className="cut small quiet" title={`${name} could not be read`}>
          not read: {name}
        </span>
      </div>
    ));
}
