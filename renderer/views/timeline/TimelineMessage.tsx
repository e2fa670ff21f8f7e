import type { TimelineFilter } from '../../../shared/domain/timeline.ts';
import type { TimelinePage } from '../../../shared/domain/timeline-page.ts';
import { chooseTimeline } from '../../client/store.ts';
import { Button } from '../../components/Button.tsx';
import { isFiltered, isReading } from './timeline-model.ts';

interface TimelineMessageProps {
  readonly page: TimelinePage | undefined;
  readonly problem: string | undefined;
  readonly filter: TimelineFilter;
  readonly cluster: string;
}

/** What stands in place of the list while there is none. */
export function TimelineMessage({ page, problem, filter, cluster }: TimelineMessageProps) {
  if (page === undefined) {
    return (
      <div className="center">
        <h2>{problem === undefined ? 'Reading the timeline' : 'The timeline cannot be read'}</h2>
        {problem !== undefined && <p>{problem}</p>}
      </div>
    );
  }
  if (isFiltered(filter) && page.total > 0) {
    return (
      <div className="center">
        <h2>Nothing of the timeline is like that</h2>
        <Button onClick={() => chooseTimeline(cluster, {})}>Show everything</Button>
      </div>
    );
  }
  return (
    <div className="center">
      <h2>{isReading(page.logs) ? 'Reading the logs of the nodes' : 'Nothing happened yet'}</h2>
      <p className="quiet">
        Changes of roles and faults, what conntrackd and keepalived log on every node, and what is done from
        here stand here as they happen.
      </p>
    </div>
  );
}
