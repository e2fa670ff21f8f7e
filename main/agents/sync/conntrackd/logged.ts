import type { SyncLogRecord } from '../../../../shared/domain/replication.ts';
import type { ProgramLog } from '../../agent.ts';
import { parseLogLine } from './parse-log.ts';

const critical: ReadonlySet<SyncLogRecord['kind']> = new Set(['child-died', 'no-link', 'config-refused']);
const warning: ReadonlySet<SyncLogRecord['kind']> = new Set([
  ...(['commit-failed-entries', 'entry-failed', 'events-lost', 'shutdown', 'flush-refused'] as const),
  ...(['commit-skipped', 'channel-failed', 'kernel-flushed', 'resync-unsupported'] as const),
]);

/** How conntrackd's log is found and read. */
export const conntrackdLog: ProgramLog = {
  program: 'conntrackd',
  unit: 'conntrackd',
  defaultFile: '/var/log/conntrackd.log',
  isOwn: (identifier) => identifier === 'conntrack-tools' || identifier === 'conntrackd',
  read: (line) => {
    const record = parseLogLine(line);
    if (!record.ok || !record.value) return { kind: 'other', level: 'info', text: line.trim() };
    const { kind, level, text } = record.value;
    const isWarning = warning.has(kind) || /^(?:warn|err|crit|alert|emerg)/i.test(level);
    return { kind, level: critical.has(kind) ? 'critical' : isWarning ? 'warning' : 'info', text };
  },
};
