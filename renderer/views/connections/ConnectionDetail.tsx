import { X } from 'lucide-react';
import { useEffect } from 'react';
import { connectionLine } from '../../../shared/domain/connection-line.ts';
import type { ConnectionRow } from '../../../shared/domain/connection-query.ts';
import { Button } from '../../components/Button.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { AddressNames } from './AddressNames.tsx';
import { detailSections } from './detail-model.ts';

/** One connection in full, beside the table. */
export function ConnectionDetail({
  connection,
  onClose,
}: {
  connection: ConnectionRow;
  onClose: () => void;
}) {
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
    <aside className="detail" aria-label="Connection">
      <header>
        <h2>
          {connection.protocol} {connection.state}
        </h2>
        <CopyButton text={connectionLine(connection)} label="Copy the connection" />
        <Button kind="bare" size="icon" aria-label="Close" title="Close (Esc)" onClick={onClose}>
          <X aria-hidden="true" />
        </Button>
      </header>
      {detailSections(connection).map((section) => (
        <section key={section.title}>
          <h3>{section.title}</h3>
          <dl>
            {section.facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <AddressNames key={connectionLine(connection)} connection={connection} />
    </aside>
  );
}
