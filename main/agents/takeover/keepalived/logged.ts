import type { TakeoverLogRecord } from '../../../../shared/domain/takeover.ts';
import type { ProgramLog } from '../../agent.ts';
import { parseTakeoverLogLine } from './parse-log.ts';

const warning: ReadonlySet<TakeoverLogRecord['kind']> = new Set([
  ...(['advert-lower-priority', 'advert-equal-priority', 'advert-refused', 'advert-not-sent'] as const),
  ...(['script-disabled', 'dump-failed', 'stopping', 'stopped', 'config-refused'] as const),
]);

const isWarning = ({ kind, state, result }: TakeoverLogRecord): boolean =>
  warning.has(kind) ||
  ((kind === 'state-entered' || kind === 'group-synced') && state === 'FAULT') ||
  ((kind === 'script-result' || kind === 'link-changed') &&
    /^(?:failed|unsuccessful|timed out|down|deleted)$/.test(result ?? ''));

/** How keepalived's log is found and read. */
export const keepalivedLog: ProgramLog = {
  program: 'keepalived',
  unit: 'keepalived',
  defaultFile: '/var/log/keepalived.log',
  isOwn: (identifier) => /^keepalived/i.test(identifier),
  read: (line) => {
    const record = parseTakeoverLogLine(line);
    if (!record.ok || !record.value) return { kind: 'other', level: 'info', text: line.trim() };
    const { kind, text } = record.value;
    if (/^Printing .* on signal$/.test(text)) return { kind: 'asked', level: 'info', text };
    const level = kind === 'child-died' ? 'critical' : isWarning(record.value) ? 'warning' : 'info';
    return { kind, level, text };
  },
};
