import { X } from 'lucide-react';
import { useEffect } from 'react';
import type { FailoverRun } from '../../../shared/domain/failover-run.ts';
import type { TimelineEntry } from '../../../shared/domain/timeline.ts';
import { routeToHash } from '../../client/route.ts';
import { Button } from '../../components/Button.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
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
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      onClose();
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [onClose]);
  return (
    <aside className="detail" aria-label="Entry">
      <header>
        <h2>
          <State face={eventFace[entry.level]} />
        </h2>
        <CopyButton text={lineOf(entry)} label="Copy the entry" />
        <Button kind="bare" size="icon" aria-label="Close" title="Close (Esc)" onClick={onClose}>
          <X aria-hidden="true" />
        </Button>
      </header>
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
    </aside>
  );
}
