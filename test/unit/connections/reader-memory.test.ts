import { describe, expect, it, vi } from 'vitest';
import { conntrack } from '../../../main/agents/table/conntrack/index.ts';
import { readerMemory } from '../../../main/connections/reading/reader-memory.ts';
import { scriptedNode } from './reading-node.ts';

describe('compression', () => {
  const [way] = conntrack.reading.ways;
  if (!way) throw new Error('no way to read');
  /** Whether the dump after these is compressed; each as MB and seconds of a million entries. */
  const packedAfter = async (...dumps: { gzip: boolean; mb: number; seconds: number }[]) => {
    const memory = readerMemory(quick.runner, conntrack.reading, () => 1_000_000);
    await memory.choose();
    for (const { gzip, mb, seconds } of dumps)
      memory.measured({ way, gzip, entries: 1_000_000, bytes: mb * 1e6, ms: seconds * 1e3 });
    return (await memory.choose()).gzip;
  };
  const quick = scriptedNode({ perl: { pieces: [] } });

  it('is not used before the line was measured, nor on a quick one', async () => {
    expect(await packedAfter()).toBe(false);
    expect(await packedAfter({ gzip: false, mb: 239, seconds: 3 })).toBe(false);
  });

  it('is used on a line of less than 40 MB a second', async () => {
    expect(await packedAfter({ gzip: false, mb: 239, seconds: 19 })).toBe(true);
  });

  it('is left again where it turned out to be slower', async () => {
    const plain = { gzip: false, mb: 239, seconds: 7 };
    expect(await packedAfter(plain, { gzip: true, mb: 40, seconds: 4 })).toBe(true);
    expect(await packedAfter(plain, { gzip: true, mb: 40, seconds: 9 })).toBe(false);
  });
});

describe('what a node offers', () => {
  it('is looked at once, whoever asks meanwhile, and before an unread table is asked for', async () => {
    const node = scriptedNode({ perl: { pieces: ['entry\n'] } });
    const poll = vi.spyOn(node.runner, 'poll');
    const looks = () => poll.mock.calls.filter(([{ argv }]) => argv[0].endsWith('/stat')).length;
    node.reader.prepare();
    node.reader.prepare();
    await Promise.all([node.reader.memory.choose(), node.reader.memory.choose()]);
    expect(looks()).toBe(1);
    expect(await node.reader.read()).toMatchObject({ kind: 'whole' });
    expect(looks()).toBe(1);
  });

  it('is asked for again where it could not be told', async () => {
    const node = scriptedNode({ conntrack: { pieces: ['entry\n'] } });
    const poll = vi.spyOn(node.runner, 'poll');
    poll.mockResolvedValueOnce({ ok: false, error: { kind: 'unreachable', message: 'not yet' } });
    expect((await node.reader.memory.choose()).why).toContain('cannot be told');
    expect((await node.reader.memory.choose()).why).not.toContain('cannot be told');
  });
});
