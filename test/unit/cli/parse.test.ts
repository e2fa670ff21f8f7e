import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { commands } from '../../../main/cli/commands.ts';
import { dispatch } from '../../../main/cli/dispatch.ts';
import { parse } from '../../../main/cli/parse.ts';
import { fixture } from '../../support/fixture.ts';
import { collector, printOf } from '../../support/parse-command.ts';

const good = 'tcp 6 9 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2';

describe('handover parse', () => {
  test('prints the rest around a line that it cannot read, in order, and says so at the end', async () => {
    const { stdout, status } = await printOf(['conntrack'], `${good}\nnoise\n\n${good}`);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(3);
    expect(lines[1]).toEqual({
      error: { line: 2, text: 'noise', expected: expect.stringContaining('src=') },
    });
    expect(status).toBe(1);
  });

  test('reads standard input with - and without a FILE', async () => {
    for (const argv of [['conntrack'], ['conntrack', '-']])
      expect(await printOf(argv, `${good}\n`)).toMatchObject({ status: 0, stderr: '' });
  });

  test('joins lines and characters that arrive in pieces', async () => {
    const bytes = Buffer.from(`${good} helper=ä\r\n${good}`);
    const whole = await printOf(['conntrack'], [bytes]);
    const pieces = await printOf(
      ['conntrack'],
      Array.from(bytes, (byte) => Uint8Array.of(byte)),
    );
    expect(pieces).toEqual(whole);
    expect(whole.stdout.split('\n')).toHaveLength(3);
    expect(whole.stdout).toContain('"helper":"ä"');
  });

  test('prints an object a dump where several stand in one file', async () => {
    const dump = fixture('keepalived/2.2.7/steady_node1.json').trim();
    const { stdout } = await printOf(['keepalived-json'], `${dump}\n${dump}\n`);
    expect(stdout.trim().split('\n')).toHaveLength(2);
    const cut = await printOf(['keepalived-json'], `${dump}\n${dump.slice(0, 900)}\n`);
    expect(cut.status).toBe(1);
    expect(JSON.parse(cut.stdout.trim().split('\n')[1] ?? '')).toMatchObject({ error: { line: 2 } });
    const data = fixture('keepalived/2.2.7/steady_node1.data');
    expect((await printOf(['keepalived-data'], data + data)).stdout.trim().split('\n')).toHaveLength(2);
  });

  test('prints nothing for nothing', async () => {
    for (const kind of [
      'conntrack',
      'conntrack-stats',
      'conntrackd-stats',
      'conntrackd-log',
      'keepalived-json',
      'keepalived-data',
    ])
      expect(await printOf([kind], '')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('answers 64 and says what is wrong for a kind or a file that does not exist', async () => {
    const missing = join(import.meta.dirname, 'no-such-file');
    for (const argv of [
      [],
      ['no-such-kind'],
      ['__proto__'],
      ['conntrack', missing],
      ['conntrack', import.meta.dirname],
    ]) {
      const { status, stdout, stderr } = await printOf(argv);
      expect([status, stdout]).toEqual([64, '']);
      expect(stderr).toContain('handover parse --help');
    }
  });

  test('keeps its memory bounded: it reads on only as fast as its reader takes', async () => {
    const batches = 200;
    let produced = 0;
    function* endless(): Generator<string> {
      for (; produced < batches; produced += 1) yield `${good}\n`.repeat(100);
    }
    const taken: (() => void)[] = [];
    const slow = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => void taken.push(done),
    });
    const io = { stdin: Readable.from(endless(), { highWaterMark: 1 }), stdout: slow, stderr: slow, env: {} };
    const running = parse.run(['conntrack'], io);
    while (taken.length === 0) await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(produced).toBeLessThan(20);
    while (produced < batches || taken.length > 0) {
      taken.shift()?.();
      await new Promise(setImmediate);
    }
    expect(await running).toBe(0);
  });
});

describe('the command line', () => {
  const run = async (...argv: string[]): Promise<{ status: number; stdout: string; stderr: string }> => {
    const io = collector();
    const status = await dispatch(argv, commands, { ...io, stdin: Readable.from([]), env: {} });
    return { status, stdout: io.stdout.text, stderr: io.stderr.text };
  };

  test('lists every command, and explains each with examples', async () => {
    const { stdout, status } = await run('--help');
    expect(status).toBe(0);
    for (const { name, summary } of commands) {
      expect(stdout).toContain(`${name} `);
      expect(stdout).toContain(summary);
      const help = await run(name, '--help');
      expect(help.status).toBe(0);
      expect(help.stdout).toMatch(/^Usage: handover .*[\s\S]*Examples:\n/);
      expect(await run('help', name)).toEqual(help);
    }
  });

  test('answers 64 to a word that it does not know, with a hint', async () => {
    expect(await run('frobnicate')).toMatchObject({
      status: 64,
      stdout: '',
      stderr: expect.stringContaining('--help'),
    });
    expect((await run()).status).toBe(64);
  });
});
