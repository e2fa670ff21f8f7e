import { describe, expect, test } from 'vitest';
import { keepalived } from '../../../main/agents/takeover/keepalived/index.ts';
import type { NodeRunner } from '../../../main/probe/node-runner.ts';
import { takeoverReader } from '../../../main/probe/read-takeover.ts';
import { ok } from '../../../shared/lib/result.ts';
import { fixture } from '../../support/fixture.ts';

const clock = () => performance.now();
const json = fixture('keepalived/2.2.7/steady_node1.json');
const data = fixture('keepalived/2.2.7/steady_node1.data');

interface Engine {
  /** How long (ms) after the signal it begins to write; undefined: never. */
  beginsAfter?: number;
  /** How long (ms) the file is half written. */
  writesFor?: number;
}

/** A node whose takeover engine writes its dumps as slowly as it is told to, and what was asked of it, packet by packet. */
function node(engine: Engine) {
  const packets: string[][] = [];
  const signalled: Record<string, number> = {};
  let packet: string[] | undefined;

  /** The file of a form: how many bytes of the newest dump are in it, and when it was last written. */
  const file = (form: 'json' | 'data') => {
    const whole = form === 'json' ? json : data;
    const since = clock() - (signalled[form] ?? Number.POSITIVE_INFINITY) - (engine.beginsAfter ?? Infinity);
    if (!(since >= 0)) return { text: whole, stamp: 'old' };
    const isHalf = since < (engine.writesFor ?? 0);
    return { text: isHalf ? whole.slice(0, whole.length / 2) : whole, stamp: `${signalled[form]} ${isHalf}` };
  };
  const answer = ([program = '', ...args]: readonly string[]): string => {
    const form = args.at(-1)?.endsWith('.json') ? 'json' : 'data';
    if (program.endsWith('/pgrep')) return '4711\n';
    if (program.endsWith('/readlink')) return '/usr/sbin/keepalived\n';
    if (program.endsWith('/keepalived')) return args[0] === '--signum=JSON' ? '36\n' : '10\n';
    if (program.endsWith('/stat')) return `2026-11-29 ${file(form).stamp.replace(' ', '.')} 100\n`;
    if (args[0]?.endsWith('.pid')) return '4711\n';
    if (program.endsWith('/cat')) return file(form).text;
    signalled[args[1] === '36' ? 'json' : 'data'] = clock();
    return '';
  };
  const runner: NodeRunner = {
    node: 'fw1',
    privileged: true,
    poll: async ({ argv }) => {
      if (!packet) {
        packet = [];
        packets.push(packet);
        setImmediate(() => {
          packet = undefined;
        });
      }
      packet.push(argv.map((word) => word.split('/').at(-1)).join(' '));
      const sentAt = clock();
      // answered in a later turn, as a node does
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      return ok({ stdout: answer(argv), stderr: '', exitCode: 0, sentAt, endedAt: clock() });
    },
    exec: () => Promise.reject(new Error('not asked')),
    stream: () => Promise.reject(new Error('not asked')),
    lane: () => undefined,
    line: ({ argv }) => argv.join(' '),
  };
  const reader = takeoverReader(runner, keepalived, keepalived.commands(), clock);
  const read = async () => {
    packets.length = 0;
    return reader.read();
  };
  return { read, packets };
}

describe('a reading of the takeover engine', () => {
  test('signals only a process that the PID file names, and reads a quick dump in one packet', async () => {
    const quick = node({ beginsAfter: 5 });
    expect((await quick.read()).ok).toBe(true);
    expect(await quick.read()).toMatchObject({ ok: true, value: { instances: [{}, {}] } });
    expect(quick.packets).toEqual([
      ['pgrep -x keepalived', 'cat keepalived.pid'],
      ['stat -c %y %s keepalived.json', 'pkill --signal 36 -x keepalived -F keepalived.pid'],
      ['stat -c %y %s keepalived.json', 'cat keepalived.json', 'stat -c %y %s keepalived.json'],
    ]);
  });

  test('waits for one that is late, and the next time looks when it is there', async () => {
    const late = node({ beginsAfter: 70 });
    await late.read();
    expect((await late.read()).ok).toBe(true);
    expect(late.packets).toHaveLength(3);
  });

  test('takes none for whole that is still being written', async () => {
    for (const writesFor of [20, 60, 130]) {
      const slow = node({ beginsAfter: 30, writesFor });
      const reading = await slow.read();
      expect(reading).toMatchObject({ ok: true, value: { instances: [{}, {}] } });
      expect((await slow.read()).ok).toBe(true);
    }
  });

  test('of an engine that writes none says so, and does not show the old one', async () => {
    const reading = await node({}).read();
    expect(reading).toMatchObject({
      ok: false,
      failure: { kind: 'timed-out', message: expect.stringContaining('wrote no new JSON dump within 1.5 s') },
    });
  });
});
