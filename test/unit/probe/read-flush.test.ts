import { describe, expect, test } from 'vitest';
import { conntrackd } from '../../../main/agents/sync/conntrackd/index.ts';
import { keepalived } from '../../../main/agents/takeover/keepalived/index.ts';
import type { NodeRunner } from '../../../main/probe/node-runner.ts';
import { readinessReader } from '../../../main/probe/read-readiness.ts';
import { hooksReader } from '../../../main/probe/takeover-config.ts';
import { readingValue } from '../../../shared/lib/reading.ts';
import { ok } from '../../../shared/lib/result.ts';

const file = '/var/log/conntrackd.log';
const scheduled = '[Sun Nov 22 16:09:54 2026] (pid=21) [notice] flushing conntrack table in 60 secs';
const requested = '[Sun Nov 22 16:09:54 2026] (pid=21) [notice] resync requested';
/** The moment that these lines tell, in a zone an hour ahead of UTC. */
const askedAt = Date.UTC(2026, 10, 22, 15, 9, 54);

/** A node with this log, whose file was written last at that moment by the node's clock. */
function nodeWith(log: readonly string[], modified: number | undefined, asked: string[] = []): NodeRunner {
  const answer = (stdout: string, exitCode = 0) =>
    ok({ stdout, stderr: '', exitCode, sentAt: 1_000, endedAt: 1_000 });
  return {
    node: 'fw1',
    privileged: true,
    poll: async ({ argv }) => {
      asked.push(argv.join(' '));
      const [program] = argv;
      if (program.endsWith('/tail')) return answer(`${log.join('\n')}\n`);
      if (program.endsWith('/stat'))
        return modified === undefined ? answer('', 1) : answer(`${file}\t7\t99\t${modified / 1000}\n`);
      return answer('');
    },
    exec: () => Promise.reject(new Error('not asked')),
    stream: () => Promise.reject(new Error('not asked')),
    lane: () => undefined,
    line: ({ argv }) => argv.join(' '),
  };
}

/** `logs`: how the node's daemon is configured to log. */
const readerOf = (node: NodeRunner, logs = `LogFile ${file}`) =>
  readinessReader(
    node,
    {
      agent: conntrackd,
      commands: conntrackd.commands(conntrackd.defaultConfig),
      config: async () => conntrackd.parseConfig(`General {\n  ${logs}\n}\nSync {\n  Mode FTFW {\n  }\n}`),
    },
    hooksReader(node, { engine: keepalived, commands: keepalived.commands() }, () => 1_000),
    () => 1_000,
  );
const logOf = async (node: NodeRunner, logs?: string) => (await readerOf(node, logs).facts()).syncLog;
const factsOf = async (node: NodeRunner) => readingValue(await logOf(node));

describe('a flush that waits for PurgeTimeout', () => {
  test('was asked for when its line says, in the zone that the stamp of the log betrays', async () => {
    const facts = await factsOf(nodeWith([scheduled, requested], askedAt + 400));
    expect(facts).toMatchObject({ flushPending: 60, flushAskedAt: askedAt });
  });

  test('was asked for at no moment that is known where the log has no stamp, or one that fits no zone', async () => {
    for (const modified of [undefined, askedAt + 7 * 60_000]) {
      const facts = await factsOf(nodeWith([scheduled], modified));
      expect(facts).toMatchObject({ flushPending: 60 });
      expect(facts?.flushAskedAt).toBeUndefined();
    }
  });

  test('costs a node no question while there is none', async () => {
    const asked: string[] = [];
    expect((await factsOf(nodeWith([requested], askedAt, asked)))?.flushPending).toBeUndefined();
    expect(asked.filter((line) => line.includes('/stat'))).toEqual([]);
  });
});

describe("a daemon that logs to the syslog, of which systemd's journal takes all", () => {
  const line = (at: number, text: string, identifier = 'conntrack-tools') =>
    JSON.stringify({
      __CURSOR: `s=1;i=${at}`,
      __REALTIME_TIMESTAMP: String(at * 1_000),
      MESSAGE: text,
      PRIORITY: '5',
      SYSLOG_IDENTIFIER: identifier,
      _SYSTEMD_UNIT: 'conntrackd.service',
    });
  const asked: string[] = [];
  const nodeWithJournal = (stdout: string, stderr = '', exitCode = 0): NodeRunner => ({
    ...nodeWith([], undefined),
    exec: async ({ argv }) => {
      asked.push(argv.join(' '));
      return ok({ stdout, stderr, exitCode, sentAt: 1_000, endedAt: 1_000 });
    },
  });

  test('is read there, its own lines alone, with the exact moment of a flush that waits', async () => {
    const log = await logOf(
      nodeWithJournal(
        `${[
          line(askedAt - 9_000, 'committing all external caches'),
          line(askedAt - 8_990, 'Committed 812 new entries'),
          line(askedAt - 8_980, 'commit has taken 0.012345 seconds'),
          line(askedAt, 'flushing conntrack table in 60 secs'),
          line(askedAt + 1_000, 'flushing kernel conntrack table', 'somebody-else'),
        ].join('\n')}\n`,
      ),
      'Syslog on',
    );
    expect(log).toMatchObject({
      ok: true,
      value: {
        lastCommit: { entries: 812, seconds: 0.012345 },
        commitRunning: false,
        flushPending: 60,
        flushAskedAt: askedAt,
      },
      source: expect.stringContaining('journalctl'),
    });
    expect(asked).toEqual([expect.stringMatching(/ -u conntrackd -n 200$/)]);
  });

  test('is unknown, and says why, where the journal is not there, says nothing of it, or is not for this login', async () => {
    const said = async (...output: [string, string?, number?]) => {
      const log = await logOf(nodeWithJournal(...output), 'Syslog on');
      return log?.ok === false ? [log.failure.kind, log.failure.message] : ['read'];
    };
    expect(await said(`${line(askedAt, 'Started conntrackd', 'systemd')}\n`)).toEqual([
      'unreadable',
      'the journal holds no line of it',
    ]);
    expect(await said('', '/bin/sh: 1: exec: /usr/bin/journalctl: not found', 127)).toEqual([
      'unreadable',
      'its configuration names no log file',
    ]);
    expect(
      await said('', 'Hint: You are currently not seeing messages from other users and the system.'),
    ).toEqual(['no-permission', '/usr/bin/journalctl shows this login its own messages alone']);
  });

  test('is not asked for again at once where that was refused: sudo writes to root about it', async () => {
    asked.length = 0;
    const reader = readerOf(nodeWithJournal('', 'sudo: a password is required', 1), 'Syslog on');
    for (let look = 0; look < 3; look += 1)
      expect((await reader.facts()).syncLog).toMatchObject({ ok: false, failure: { kind: 'no-permission' } });
    expect(asked).toHaveLength(1);
  });
});
