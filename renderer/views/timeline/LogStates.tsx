import { Clock, TriangleAlert } from 'lucide-react';
import type { TimelinePage } from '../../../shared/domain/timeline-page.ts';
import { useConsole } from '../../client/store.ts';
import { Age } from '../../components/Age.tsx';
import { clockSentence, logProblems } from './timeline-model.ts';

/** How far the timeline is to be trusted: logs that cannot be read, and by how much each node's clock differs. */
export function LogStates({
  page,
  problem,
}: {
  page: TimelinePage | undefined;
  problem: string | undefined;
}) {
  const now = useConsole((state) => state.now);
  if (page === undefined) return null;
  const problems = logProblems(page.logs, now);
  const clocks = page.clocks.map((clock) => ({ node: clock.node, ...clockSentence(clock, now) }));
  return (
    <div className="log-states">
      {problem !== undefined && (
        <p className="notice" data-tone="critical">
          <TriangleAlert className="icon" aria-hidden="true" />
          The engine did not answer: {problem}
        </p>
      )}
      {page.auditFailure !== undefined && (
        <p className="notice" data-tone="warning">
          <TriangleAlert className="icon" aria-hidden="true" />
          What was done from here is missing: our audit log cannot be read: {page.auditFailure}
        </p>
      )}
      {problems.map(({ title, message, remedy, knownUntil }) => (
        <div key={`${title} ${message}`} className="notice" data-tone="unknown">
          <TriangleAlert className="icon" aria-hidden="true" />
          <div>
            <p>
              {title}: {message}.
              {knownUntil !== undefined && (
                <>
                  {' '}
                  Its lines are known up to <Age at={knownUntil} />.
                </>
              )}
            </p>
            {remedy !== undefined && <p className="quiet">{remedy}</p>}
          </div>
        </div>
      ))}
      {clocks.length > 0 && (
        <ul className="clocks" aria-label="Clocks of the nodes">
          {clocks.map(({ node, text, quiet }) => (
            <li key={node} data-tone={quiet ? 'neutral' : 'warning'}>
              <Clock className="icon" aria-hidden="true" />
              {text}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
