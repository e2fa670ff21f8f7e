import type { FailoverRun } from '../../../shared/domain/failover-run.ts';
import type { TimelineEntry } from '../../../shared/domain/timeline.ts';
import { routeToHash } from '../../client/route.ts';
import { DetailPanel } from '../../components/DetailPanel.tsx';
import { eventFace } from '../../components/faces.ts';
import { State } from '../../components/StateMark.tsx';
import { factsOf, lineOf } from './timeline-model.ts';

interface TimelineDetailProps {
  readonly entry: TimelineEntry;
  readonly run: FailoverRun | null;
  readonly cluster: string;
  readonly onClose: () => void;
}

/** One entry in full, beside the list. */
export function TimelineDetail({ entry, run, cluster, onClose }: TimelineDetailProps) {
  return (
    <DetailPanel
      label="Entry"
      title={<State face={eventFace[entry.level]} />}
      copy={{ text: lineOf(entry), label: 'Copy the entry' }}
      onClose={onClose}
    >
      <section>
        <p className="said">{entry.words}</p>
        {entry.more?.map((line) => (
          <p key={line} className="said mono">
            {line}
          </p>
        ))}
        {entry.runId !== undefined && entry.runId === run?.runId && (
          <a href={routeToHash({ view: 'failover', cluster })}>Open this failover</a>
        )}
      </section>
      <section>
        <dl>
          {factsOf(entry).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
    </DetailPanel>
  );
}
