import { describe, expect, test } from 'vitest';
import type { Command } from '../../../main/agents/command.ts';
import { conntrackd } from '../../../main/agents/sync/conntrackd/index.ts';
import { conntrack } from '../../../main/agents/table/conntrack/index.ts';
import { keepalived } from '../../../main/agents/takeover/keepalived/index.ts';

const config = '/etc/conntrackd/conntrackd.conf';
const sync = conntrackd.commands(config);
const takeover = keepalived.commands();
const [statistics = sync.alive] = sync.state;
const noDaemon =
  "[Sun Nov 22 17:17:33 2026] (pid=5654) [ERROR] can't connect: is conntrackd running? appropriate permissions?";

/** What real shells, sudo and programs said on Debian 12, locale C. */
const cases: readonly (readonly [
  string,
  typeof conntrackd.classify,
  Command,
  number,
  string,
  boolean,
  string | undefined,
])[] = [
  ['a stopped daemon', conntrackd.classify, statistics, 1, noDaemon, true, 'not-running'],
  ['the same words without root', conntrackd.classify, statistics, 1, noDaemon, false, 'no-permission'],
  ['no sudo rule', conntrackd.classify, statistics, 1, 'sudo: a password is required', true, 'no-permission'],
  [
    'a sudo rule for other arguments',
    conntrackd.classify,
    statistics,
    1,
    `Sorry, user ops is not allowed to execute '${statistics.argv.join(' ')}' as root on fw1.`,
    true,
    'no-permission',
  ],
  [
    'no sudo on the node',
    conntrack.classify,
    conntrack.commands.statistics,
    127,
    'bash: line 1: sudo: command not found',
    true,
    'no-permission',
  ],
  [
    'no such program, by sudo',
    conntrack.classify,
    conntrack.commands.statistics,
    1,
    'sudo: /usr/sbin/conntrack: command not found',
    true,
    'not-installed',
  ],
  [
    'no such program, by bash',
    conntrack.classify,
    conntrack.commands.statistics,
    127,
    'bash: line 1: /usr/sbin/conntrack: No such file or directory',
    false,
    'not-installed',
  ],
  [
    'no such program, by dash',
    keepalived.classify,
    takeover.signalNumber('JSON'),
    127,
    'sh: 1: /usr/sbin/keepalived: not found',
    false,
    'not-installed',
  ],
  [
    'a table that only root may read',
    conntrack.classify,
    conntrack.commands.statistics,
    1,
    'conntrack v1.4.7 (conntrack-tools): Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this',
    false,
    'no-permission',
  ],
  [
    'a file that only root may read',
    conntrackd.classify,
    sync.log('/var/log/conntrackd.log'),
    1,
    "/usr/bin/tail: cannot open '/var/log/conntrackd.log' for reading: Permission denied",
    false,
    'no-permission',
  ],
  ['no process of that name', conntrackd.classify, sync.alive, 1, '', false, 'not-running'],
  [
    'a PID file that is gone',
    keepalived.classify,
    takeover.pid,
    1,
    '/usr/bin/cat: /run/keepalived.pid: No such file or directory',
    false,
    'not-running',
  ],
  ['a stale PID file', keepalived.classify, takeover.requestDump(36), 1, '', true, 'not-running'],
  ['a process that is gone', keepalived.classify, takeover.runningProgram(9), 1, '', true, 'not-running'],
  ["another user's process", keepalived.classify, takeover.runningProgram(9), 1, '', false, 'no-permission'],
  [
    'a missing configuration',
    conntrackd.classify,
    statistics,
    1,
    `[ERROR] can't open config file \`${config}'`,
    true,
    'unreadable',
  ],
  [
    'a dump that was never written',
    keepalived.classify,
    takeover.readDump('JSON'),
    1,
    '/usr/bin/cat: /tmp/keepalived.json: No such file or directory',
    true,
    'unreadable',
  ],
  [
    "sudo's grumble about the host's name",
    conntrackd.classify,
    statistics,
    0,
    'sudo: unable to resolve host fw1: Name or service not known',
    true,
    undefined,
  ],
  [
    'that grumble before the real reason',
    conntrackd.classify,
    statistics,
    1,
    `sudo: unable to resolve host fw1\n${noDaemon}`,
    true,
    'not-running',
  ],
];

describe('a command that failed tells the operator why', () => {
  test.for(cases)('%s', ([, classify, command, exitCode, stderr, asRoot, kind]) => {
    const failure = classify(command, { stdout: '', stderr, exitCode }, asRoot);
    expect(failure?.kind).toBe(kind);
    if (kind !== undefined) expect(failure?.message).not.toBe('');
  });
});
