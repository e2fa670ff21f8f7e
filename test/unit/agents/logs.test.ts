/** Lines of logs as nodes keep them: files of the programs, syslog's files, systemd's journal. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { journalCommand, lookLines, stampCommand, tailCommand } from '../../../main/agents/logs/commands.ts';
import { parseLogFile, zoneOf } from '../../../main/agents/logs/parse-file.ts';
import { parseJournal } from '../../../main/agents/logs/parse-journal.ts';
import { parseStamps } from '../../../main/agents/logs/parse-stamps.ts';
import { conntrackdLog } from '../../../main/agents/sync/conntrackd/logged.ts';
import { keepalivedLog } from '../../../main/agents/takeover/keepalived/logged.ts';
import { fixture } from '../../support/fixture.ts';

const at = (text: string) => Date.parse(text);

describe('a log file', () => {
  test('of conntrackd keeps an entry with the error about it, and an unfinished last line is left for later', () => {
    const text = fixture('conntrackd/1.4.7/log_trouble.txt').split('\n').slice(0, 3).join('\n');
    const lines = parseLogFile(`${text}\n[Sun Nov 22 15:09:5`, at('2026-11-22T15:09:49Z'));
    expect(lines.map(({ continues }) => continues)).toEqual([false, false, true]);
    expect(lines[1]?.wall).toBe(at('2026-11-22T15:09:49Z'));
  });

  test('is read in the zone of its node, which its own stamp betrays', () => {
    const lines = parseLogFile('[Sun Nov 22 16:09:49 2026] (pid=1) [notice] flushing caches\n', 0);
    expect(zoneOf(lines, at('2026-11-22T15:09:49.2Z'))).toBe(3_600_000);
    expect(zoneOf(lines, at('2026-11-22T10:39:49.9Z'))).toBe(5.5 * 3_600_000);
    expect(zoneOf(lines, at('2026-11-22T15:13:00Z'))).toBeUndefined();
    const zoned = parseLogFile(
      '2026-11-22T16:09:49.5+01:00 fw1 Keepalived_vrrp[7]: (V) Entering MASTER STATE\n',
      0,
    );
    expect(zoned[0]).toMatchObject({
      wall: at('2026-11-22T15:09:49.5Z'),
      hasZone: true,
      program: 'Keepalived_vrrp',
    });
  });

  test("of syslog gets the year that it does not print, over New Year's Eve too", () => {
    const lines = parseLogFile(
      'Dec 31 23:59:59 fw1 Keepalived_vrrp[7]: (V) Entering BACKUP STATE\nJan  1 00:00:01 fw1 Keepalived_vrrp[7]: (V) Entering MASTER STATE\n',
      at('2027-01-01T00:00:01.4Z'),
    );
    expect(lines.map(({ wall }) => wall)).toEqual([at('2026-12-31T23:59:59Z'), at('2027-01-01T00:00:01Z')]);
  });

  test('never lets a password through', () => {
    const [line] = parseLogFile(
      'Nov 22 15:11:20 fw1 Keepalived_vrrp[102]: auth_pass secret1 is too long\n',
      0,
    );
    expect(JSON.stringify(line)).not.toContain('secret1');
  });
});

test('stamps are told of the files that are there', () => {
  const stamps = parseStamps('/var/log/a.log\t77\t120\t1795360189.250000000\nstat: noise\n');
  expect([...stamps]).toEqual([['/var/log/a.log', { inode: '77', bytes: 120, modified: 1_795_360_189_250 }]]);
});

test("systemd's journal is read with its own names and times; what is no line of it is left out", () => {
  const line = (more: object) =>
    JSON.stringify({ __CURSOR: 's=1', __REALTIME_TIMESTAMP: '1795360189250123', MESSAGE: 'text', ...more });
  const text = [
    line({ SYSLOG_IDENTIFIER: 'Keepalived_vrrp', _SYSTEMD_UNIT: 'keepalived.service', PRIORITY: '6' }),
    line({
      SYSLOG_IDENTIFIER: 'systemd',
      _SYSTEMD_UNIT: 'init.scope',
      UNIT: 'conntrackd.service',
      PRIORITY: '4',
    }),
    line({ MESSAGE: [104, 105] }),
    '-- No entries --',
    line({}).slice(0, 40),
  ].join('\n');
  expect(parseJournal(text)).toMatchObject([
    { cursor: 's=1', at: 1_795_360_189_250, identifier: 'Keepalived_vrrp', unit: 'keepalived', priority: 6 },
    { identifier: 'systemd', unit: 'conntrackd', priority: 4 },
    { text: 'hi' },
  ]);
});

describe('a line says how bad it is', () => {
  test.each([
    [
      conntrackdLog,
      '[Sun Nov 22 15:09:50 2026] (pid=1) [notice] Committed 17 new entries',
      'info',
      'committed',
    ],
    [
      conntrackdLog,
      "[Sun Nov 22 15:09:50 2026] (pid=1) [notice] 3 entries can't be committed",
      'warning',
      'commit-failed-entries',
    ],
    [
      conntrackdLog,
      '[Sun Nov 22 15:10:54 2026] (pid=1) [ERROR] no dedicated links available!',
      'critical',
      'no-link',
    ],
    [keepalivedLog, 'Sun Nov 22 15:11:11 2026: (VI_1) Entering MASTER STATE', 'info', 'state-entered'],
    [
      keepalivedLog,
      'Nov 22 15:11:12 fw1 Keepalived_vrrp[102]: (VI_1) Entering FAULT STATE',
      'warning',
      'state-entered',
    ],
    [
      keepalivedLog,
      'Nov 22 15:11:17 fw1 Keepalived[100]: VRRP child process(102) died: Respawning',
      'critical',
      'child-died',
    ],
    [keepalivedLog, '(VI_1) Entering MASTER STATE', 'info', 'state-entered'],
    [
      keepalivedLog,
      'Sun Nov 22 15:11:11 2026: Printing VRRP as json for process(44) on signal',
      'info',
      'asked',
    ],
  ] as const)('%o: %s', (log, line, level, kind) => {
    expect(log.read(line)).toMatchObject({ level, kind });
  });
});

test('every command that reads a log as root is allowed by the sudo rules, word for word', () => {
  const rules = readFileSync(new URL('../../../assets/node/sudoers-handover', import.meta.url), 'utf8');
  const units = [conntrackdLog.unit, keepalivedLog.unit];
  const commands = [
    ...[conntrackdLog.defaultFile, keepalivedLog.defaultFile, '/var/log/syslog', '/var/log/messages'].flatMap(
      (file) => [tailCommand(file, lookLines.file), tailCommand(file, lookLines.far)],
    ),
    ...[lookLines.journal, lookLines.far].map((lines) => journalCommand(units, lines)),
    journalCommand([conntrackdLog.unit], lookLines.file),
  ];
  for (const { argv, privileged } of commands) {
    expect(privileged).toBe(true);
    expect(rules).toContain(argv.join(' ').replaceAll(',', '\\,'));
  }
  expect(stampCommand(['/var/log/syslog']).privileged).toBe(false);
});
