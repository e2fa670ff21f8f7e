import { connectionLine } from '../../../shared/domain/connection-line.ts';
import { DetailPanel } from '../../components/DetailPanel.tsx';
import { AddressNames } from './AddressNames.tsx';
import { detailSections } from './detail-model.ts';
import type { Detail } from './use-detail.ts';

/** One connection in full, beside the table. */
export function ConnectionDetail({ connection, isGone, onClose }: Detail & { readonly onClose: () => void }) {
  return (
    <DetailPanel
      label="Connection"
      title={`${connection.protocol} ${connection.state ?? ''}`}
      copy={{ text: connectionLine(connection), label: 'Copy the connection' }}
      onClose={onClose}
    >
      {isGone && (
        <p className="quiet" role="status">
          Gone from the table: this is how it was last.
        </p>
      )}
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
    </DetailPanel>
  );
}
