import { describe, expect, it } from 'vitest';
import { type Script, scriptedNode } from './reading-node.ts';

const good: Script = { pieces: ['entry 1\nentry 2\n', 'entry 3\n'] };
const never = () => new Promise<string>(() => {});

/** A node that gave one good table, and then does this. */
async function afterGood(second: Script, limits = {}) {
  const scripts: Record<string, Script> = { conntrack: good };
  const node = scriptedNode(scripts, limits);
  await node.reader.read();
  scripts.conntrack = second;
  return node;
}

describe('a dump that goes well', () => {
  it('replaces the table, and says with what it was read and why not quicker', async () => {
    const { reader, good: rows, forms } = scriptedNode({ stdbuf: good });
    expect(await reader.read()).toMatchObject({ kind: 'whole', entries: 3 });
    expect(rows()).toHaveLength(3);
    expect(forms).toMatchObject([{ format: 'text', expected: 1_000 }]);
    expect(reader.state()).toMatchObject({
      reading: false,
      reader: {
        kind: 'text',
        through: 'stdbuf',
        compressed: false,
        line: '/usr/bin/stdbuf -o64K /usr/sbin/conntrack -L -o id',
      },
    });
    expect(reader.state().reader?.why).toContain('/usr/bin/perl is not on the node');
    expect(reader.state().failure).toBeUndefined();
  });

  it('expects as many as the polls saw a moment ago, without a question more', async () => {
    const { reader, forms } = scriptedNode({ stdbuf: good }, {}, 1_000, 2_500);
    await reader.read();
    expect(forms).toMatchObject([{ expected: 2_500 }]);
  });

  it('tells meanwhile how far it is of how much, with an estimate that is a guess only the first time', async () => {
    const seen: unknown[] = [];
    const { promise: half, resolve: go } = Promise.withResolvers<void>();
    async function* slow() {
      yield 'entry 1\n';
      await half;
      yield 'entry 2\n';
    }
    const node = scriptedNode({ perl: { pieces: slow() } }, { stallMs: 60_000 });
    const read = node.reader.read();
    await expect.poll(() => node.reader.state().progress?.entries).toBe(1);
    seen.push(node.reader.state());
    go();
    await read;
    expect(seen).toMatchObject([
      { reading: true, progress: { entries: 1, bytes: 8, expected: 1_000, guess: true } },
    ]);
    expect(node.reader.state().progress).toBeUndefined();
    const { way } = await node.reader.memory.choose();
    expect(node.reader.memory.estimate(way, false, 2_000)).toMatchObject({ guess: false });
  });

  it('is joined by whoever asks meanwhile: the node is asked once', async () => {
    const { reader, ran } = scriptedNode({ perl: good });
    await Promise.all([reader.read(), reader.read(), reader.read()]);
    expect(ran).toHaveLength(1);
  });
});

describe('a dump that goes wrong leaves the last good table, and says what happened', () => {
  it('when it stands still', async () => {
    async function* stalled() {
      yield 'entry 1\n';
      yield await never();
    }
    const { reader, good: rows } = await afterGood({ pieces: stalled() });
    await reader.read();
    expect(rows()).toHaveLength(3);
    expect(reader.state()).toMatchObject({
      reading: false,
      failure: { kind: 'timed-out', message: 'The dump of fw1 stood still for 0.03 s after 1 connections.' },
    });
  });

  it('when it breaks off', async () => {
    const { reader, good: rows } = await afterGood({ pieces: ['entry 1\ncut'] });
    await reader.read();
    expect(rows()).toHaveLength(3);
    expect(reader.state().failure?.message).toContain('it breaks off within a message');
  });

  it('when conntrack showed more than came', async () => {
    const stderr = 'conntrack v1.4.7 (conntrack-tools): 9 flow entries have been shown.\n';
    const { reader } = await afterGood({ pieces: ['entry 1\n'], stderr });
    await reader.read();
    expect(reader.state().failure?.message).toContain('conntrack showed 9 connections, 1 came');
  });

  it('when it is garbage without end', async () => {
    function* garbage() {
      for (;;) yield 'no table at all '.repeat(10);
    }
    const { reader, good: rows } = await afterGood({ pieces: garbage() });
    await reader.read();
    expect(rows()).toHaveLength(3);
    expect(reader.state().failure).toMatchObject({ kind: 'unreadable' });
    expect(reader.state().failure?.message).toContain('not one connection in them');
  });

  it('when the node refuses', async () => {
    const { reader, good: rows } = await afterGood({
      pieces: [],
      stderr: 'sudo: a password is required',
      exitCode: 1,
    });
    await reader.read();
    expect(rows()).toHaveLength(3);
    expect(reader.state().failure?.kind).toBe('no-permission');
  });

  it('and the next good one forgets the failure', async () => {
    const scripts: Record<string, Script> = { conntrack: { pieces: [], exitCode: 1 } };
    const { reader } = scriptedNode(scripts);
    await reader.read();
    expect(reader.state().failure).toBeDefined();
    scripts.conntrack = good;
    await reader.read();
    expect(reader.state().failure).toBeUndefined();
  });
});

describe('a dump that is ended on purpose', () => {
  it('at the cap keeps what came and says so', async () => {
    function* endless() {
      for (let n = 0; ; n++) yield `entry ${n}\n`;
    }
    const { reader, aborted } = scriptedNode({ perl: { pieces: endless() } });
    expect(await reader.read()).toEqual({ kind: 'capped', at: 100 });
    expect(aborted).toEqual([true]);
    expect(reader.state()).toMatchObject({ reading: false, cappedAt: 100 });
    expect(reader.state().failure).toBeUndefined();
  });

  it('by the operator is no failure, and there is nothing to end afterwards', async () => {
    async function* slow() {
      yield 'entry 1\n';
      yield await never();
    }
    const { reader, aborted } = scriptedNode({ perl: { pieces: slow() } }, { stallMs: 60_000 });
    const read = reader.read();
    await expect.poll(() => reader.state().progress?.entries).toBe(1);
    expect(reader.cancel()).toBe(true);
    expect(await read).toEqual({ kind: 'cancelled' });
    expect(aborted).toEqual([false]);
    expect(reader.state()).toMatchObject({ reading: false });
    expect(reader.state().failure).toBeUndefined();
    expect(reader.cancel()).toBe(false);
  });
});

describe('a reader that fails', () => {
  it('gives way to conntrack’s text in the same read, which says why, and is not tried again soon', async () => {
    const refusal = {
      pieces: [],
      exitCode: 1,
      stderr: 'conntrack-dump: the kernel refused: Operation not supported',
    };
    const node = scriptedNode({ perl: refusal, conntrack: good });
    expect(await node.reader.read()).toMatchObject({ kind: 'whole' });
    expect(node.reader.state().reader).toMatchObject({ kind: 'text', through: 'conntrack' });
    expect(node.reader.state().reader?.why).toMatch(/perl failed \(.*Operation not supported\)/);
    await node.reader.read();
    const programs = () => node.ran.map(({ argv }) => argv[0].replace(/.*\//, ''));
    expect(programs()).toEqual(['perl', 'conntrack', 'conntrack']);
    node.pass(11 * 60_000);
    await node.reader.read();
    expect(programs().slice(3)).toEqual(['perl', 'conntrack']);
  });

  it('is not followed by another one when the node stands still: that would take twice as long', async () => {
    async function* stalled() {
      yield await never();
    }
    const { reader, ran } = scriptedNode({ perl: { pieces: stalled() }, conntrack: good });
    expect(await reader.read()).toMatchObject({ kind: 'failed', anotherWay: false });
    expect(ran).toHaveLength(1);
  });
});
