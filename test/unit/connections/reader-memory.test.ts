import { describe, expect, it } from 'vitest';
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
