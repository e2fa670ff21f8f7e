import type { ClusterEvent } from '../../../shared/domain/event.ts';
import { formatClock, formatInstant } from '../../../shared/domain/format.ts';
import { routeToHash } from '../../client/route.ts';
import { Age } from '../../components/Age.tsx';
import { eventFace } from '../../components/faces.ts';
import { StateMark } from '../../components/StateMark.tsx';

/** What happened, newest first. */
export const Timeline = ({ cluster, events }: { cluster: string; events: readonly ClusterEvent[] }) => (
  <section className="timeline" aria-labelledby="timeline-title">
    <h2 className="section-title" id="timeline-title">
      Timeline
    </h2>
    <a className="open-timeline" href={routeToHash({ view: 'timeline', cluster })}>
      Open timeline
    </a>
    {events.length === 0 && <p className="quiet">Nothing happened since Handover watches.</p>}
    <ol>
      {events.toReversed().map((event) => (
        <li key={event.id}>
          <time title={formatInstant(event.at)} dateTime={new Date(event.at).toISOString()}>
            {formatClock(event.at)}
          </time>
          <StateMark face={eventFace[event.severity]} />
          <div>
            <span className="visually-hidden">{eventFace[event.severity].word}: </span>
            {event.message}
            <p className="small quiet cut" title={event.source}>
              <Age at={event.at} /> · {event.source}
            </p>
          </div>
        </li>
      ))}
    </ol>
  </section>
);
