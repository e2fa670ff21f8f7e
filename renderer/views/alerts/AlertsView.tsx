import './alerts.css';
import { BellOff } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { raisedPhase } from '../../../shared/domain/alert.ts';
import { routeToHash } from '../../client/route.ts';
import { useConsole } from '../../client/store.ts';
import { useClusters } from '../../client/use-cluster.ts';
import { Age } from '../../components/Age.tsx';
import { Button } from '../../components/Button.tsx';
import { alertFace } from '../../components/faces.ts';
import { StateMark } from '../../components/StateMark.tsx';
import { mayAskForNotices } from '../../components/use-notices.ts';
import { EvidenceTable } from '../cluster/EvidenceTable.tsx';
import { AcknowledgeDialog } from './AcknowledgeDialog.tsx';
import { type AlertRow, alertEvidence, sectionsOf } from './alerts-model.ts';

/** Everything that is wrong for long enough to tell somebody, and what may become so, of all clusters. */
export function AlertsView() {
  const known = useConsole((state) => state.fleet !== undefined);
  const sections = sectionsOf(useClusters());
  const [seeingTo, setSeeingTo] = useState<AlertRow>();
  return (
    <div className="alerts">
      <div className="alerts-head">
        <h1>Alerts</h1>
        <AskForNotices />
      </div>
      {sections.length === 0 && <NoAlerts known={known} />}
      {sections.map(({ title, rows }) => (
        <section key={title} aria-labelledby={`alerts-${title}`}>
          <h2 className="section-title" id={`alerts-${title}`}>
            {title} <span className="quiet">{rows.length}</span>
          </h2>
          <ul onKeyDown={moveFocus}>
            {rows.map((row) => (
              <Row
                key={`${row.cluster.name} ${row.alert.id}`}
                row={row}
                onAcknowledge={() => setSeeingTo(row)}
              />
            ))}
          </ul>
        </section>
      ))}
      {seeingTo && <AcknowledgeDialog row={seeingTo} onClose={() => setSeeingTo(undefined)} />}
    </div>
  );
}

const NoAlerts = ({ known }: { known: boolean }) => (
  <div className="center">
    <BellOff size={32} aria-hidden="true" className="quiet" />
    <h1>{known ? 'No alert' : 'Connecting to the engine'}</h1>
    {known && (
      <p>
        Nothing is wrong for long enough to tell somebody. What is told, and after how long, stands in the
        README; a command of yours can be told too.
      </p>
    )}
  </div>
);

/** Only where the browser has not been asked yet: its answer is the operator's, and it is kept there. */
function AskForNotices() {
  const inBrowser = useConsole((state) => state.info?.host === 'browser');
  const [may, setMay] = useState(mayAskForNotices);
  if (!inBrowser || !may) return null;
  const ask = () => Notification.requestPermission().then(() => setMay(mayAskForNotices()));
  return <Button onClick={ask}>Tell me on the desktop</Button>;
}

function Row({ row, onAcknowledge }: { row: AlertRow; onAcknowledge: () => void }) {
  const { cluster, alert, at, note, standing } = row;
  const face = alertFace[alert.severity];
  const raised = raisedPhase(alert) !== undefined;
  return (
    <li
      data-tone={raised ? face.tone : 'unknown'}
      onKeyDown={(event) => {
        if (event.key.toLowerCase() !== 'a' || !raised || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        onAcknowledge();
      }}
    >
      <StateMark face={face} />
      <div className="alert-body">
        <p className="alert-line">
          <span className="visually-hidden">{face.word}: </span>
          <a
            href={routeToHash({ view: 'cluster', cluster: cluster.name })}
            className="cut"
            title={cluster.name}
          >
            {cluster.name}
          </a>
          {cluster.environment && (
            <span className="environment" data-environment={cluster.environment}>
              {cluster.environment}
            </span>
          )}
          <code className="code">{alert.name}</code>
          <span className="quiet">
            {raised ? 'raised' : 'seen'} <Age at={at} />
            {standing && ` · ${standing}`}
          </span>
        </p>
        <p className="alert-message">{alert.message}</p>
        {alert.remedy && (
          <p className="quiet">
            <b>What to do</b> {alert.remedy}
          </p>
        )}
        {note && (
          <p className="alert-note">
            Acknowledged <Age at={note.at} />
            {note.text !== '' && `: ${note.text}`}
          </p>
        )}
        <details>
          <summary>Evidence</summary>
          <EvidenceTable evidence={alertEvidence(cluster, alert)} />
        </details>
      </div>
      {raised && (
        <Button size="small" onClick={onAcknowledge} aria-keyshortcuts="A">
          {note ? 'Change the note' : 'Acknowledge'}
          <span className="visually-hidden">
            {' '}
            {alert.name} of {cluster.name}
          </span>
        </Button>
      )}
    </li>
  );
}

/** Arrows, Home and End go from alert to alert; Enter follows the link to its cluster, A acknowledges. */
function moveFocus(event: KeyboardEvent<HTMLUListElement>): void {
  const all = event.currentTarget.closest('.alerts');
  const links = [...(all?.querySelectorAll<HTMLAnchorElement>('li .alert-line a') ?? [])];
  const rows = links.map((link) => link.closest('li'));
  const index = rows.findIndex((row) => row?.contains(document.activeElement));
  const target = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: links.length - 1 }[event.key];
  if (target === undefined) return;
  event.preventDefault();
  links[Math.max(0, Math.min(links.length - 1, target))]?.focus();
}
