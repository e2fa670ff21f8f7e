import { describe, expect, test } from 'vitest';
import { conntrackd } from '../../../main/agents/sync/conntrackd/index.ts';
import { keepalived } from '../../../main/agents/takeover/keepalived/index.ts';
import type { NodeRunner } from '../../../main/probe/node-runner.ts';
import { readinessReader } from '../../../main/probe/read-readiness.ts';
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

const factsOf = async (node: NodeRunner) =>
  readingValue(
    (
      await readinessReader(
        node,
        {
          agent: conntrackd,
          commands: conntrackd.commands(conntrackd.defaultConfig),
          config: async () =>
            conntrackd.parseConfig(`General {\n  LogFile ${file}\n}\nSync {\n  Mode FTFW {\n  }\n}`),
        },
        { engine: keepalived, commands: keepalived.commands() },
        () => 1_000,
      ).facts()
    ).syncLog,
  );

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
