import type { TimelineEntry } from '../../shared/domain/timeline.ts';
import type { AuditLine } from '../failover/read-audit.ts';

/** A line of our audit log as an entry. */
export function entryOfAudit(line: AuditLine): TimelineEntry {
  const { kind, node, planId, runId, outcome } = line;
  const isBad = outcome === 'failed' || (kind === 'end' && outcome !== 'done');
  return {
    // A log that was rotated counts from its start again.
    id: `audit ${line.at} ${line.number}`,
    at: line.at,
    until: line.at,
    ...(node !== undefined && { node }),
    source: 'audit',
    level: isBad ? 'critical' : kind === 'abort' || outcome === 'differs' ? 'warning' : 'info',
    kind,
    words: `${wordsOf(line)}${line.by === '' ? '' : `, by ${line.by}`}`,
    origin: `plan ${planId}`,
    ...(runId !== undefined && { runId }),
  };
}

function wordsOf({ kind, node, command = [], stdin, outcome, detail }: AuditLine): string {
  const asked = [command.join(' '), stdin === undefined ? '' : `with ${JSON.stringify(stdin)} on its input`];
  const sent = asked.filter(Boolean).join(' ');
  const said = [outcome, detail].filter((part) => part !== undefined && part !== '').join(': ');
  switch (kind) {
    case 'plan':
      return `Planned to fail over to ${node ?? 'a node'}`;
    case 'execute':
      return `Ordered to fail over to ${node ?? 'a node'}${detail === undefined ? '' : ` (${detail})`}`;
    case 'intent':
      return `About to run ${sent}`;
    case 'outcome':
      return `Ran ${sent}: ${said}`;
    case 'abort':
      return 'Ordered to abort the failover';
    case 'end':
      return `The failover ended: ${said}`;
    default:
      return [kind, sent, said].filter(Boolean).join(': ');
  }
}
