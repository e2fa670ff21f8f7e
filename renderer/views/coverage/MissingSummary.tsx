import type { MissingShare, SlaveCoverage } from '../../../shared/domain/coverage.ts';
import { formatBytes, formatCount } from '../../../shared/domain/format.ts';

/** So many services and clients are named. */
const named = 5;

/** What the missing connections have in common: which services, whose, and how much they carried. */
export const MissingSummary = ({ missingBy }: { missingBy: SlaveCoverage['missingBy'] }) => (
  <dl className="missing-summary">
    <Shares title="Missing by service" shares={missingBy.services} />
    <Shares title="by client" shares={missingBy.clients} />
    {missingBy.bytes !== undefined && (
      <div>
        <dt>carried so far</dt>
        <dd>{formatBytes(missingBy.bytes)}</dd>
      </div>
    )}
  </dl>
);

const Shares = ({ title, shares }: { title: string; shares: readonly MissingShare[] }) => (
  <div>
    <dt>{title}</dt>
    {shares.slice(0, named).map(({ name, count, bytes }) => (
      <dd key={name}>
        <span className="mono">{name}</span> <b>{formatCount(count)}</b>
        {bytes !== undefined && <span className="quiet"> {formatBytes(bytes)}</span>}
      </dd>
    ))}
  </div>
);
