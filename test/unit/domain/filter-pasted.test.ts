/** That a line which conntrack or conntrackd printed finds its own connection and no other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conntrack } from '../../../main/agents/table/conntrack/index.ts';
import type { Connection } from '../../../shared/domain/connection.ts';
import { parseConnectionFilter } from '../../../shared/domain/connection-filter.ts';
import { filterOfLine, filterOfPair } from '../../../shared/domain/filter-pasted.ts';

const linesOf = (path: string): string[] =>
  readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', path), 'utf8')
    .split('\n')
    // what is expected is no connection yet
    .filter((line) => line.includes('src=') && !line.includes('mask-src='));

const connectionIn = (line: string): Connection => {
  const parsed = conntrack.parseLine(line.replace(/^(?:\[\d+\.\d+\s*\]\s*)?(?:\s*\[[A-Z]+\]\s*)?/, ''));
  if (!parsed.ok || !parsed.value) throw new Error(line);
  return parsed.value;
};
const tupleOf = ({ protocolNumber, original: { packets: _, bytes: __, ...tuple }, zone = 0 }: Connection) =>
  JSON.stringify([protocolNumber, tuple, zone]);

describe('a pasted line', () => {
  it.each([
    'conntrack/1.4.7/L.txt',
    'conntrack/1.4.7/L_extended.txt',
    'conntrack/1.4.7/E.txt',
    'conntrack/1.4.6/E_timestamp.txt',
    'conntrackd/1.4.7/i.txt',
    'conntrackd/1.4.7/e.txt',
  ])('of %s finds its connection and none of the others', (path) => {
    const lines = linesOf(path);
    expect(lines.length).toBeGreaterThan(0);
    const connections = lines.map(connectionIn);
    for (const [index, line] of lines.entries()) {
      const own = connections[index] as Connection;
      // the keys of a GRE tunnel are not among its words
      if (own.protocolNumber === 47) continue;
      const filter = parseConnectionFilter(line);
      if (!filter.ok) throw new Error(`${line}: ${filter.error.message}`);
      const found = connections.filter((each) => filter.value(each)).map(tupleOf);
      expect(new Set(found), line).toEqual(new Set([tupleOf(own)]));
    }
  });

  it('finds none of the same tuple in another zone', () => {
    const line = 'udp 17 29 src=10.1.2.3 dst=192.0.2.9 sport=5353 dport=53';
    const [plain, zoned] = [line, `${line} zone=5`].map((each) => ({
      connection: connectionIn(each),
      filter: parseConnectionFilter(each),
    }));
    if (!plain?.filter.ok || !zoned?.filter.ok) throw new Error('a line is no filter');
    expect([plain.filter.value(plain.connection), plain.filter.value(zoned.connection)]).toEqual([
      true,
      false,
    ]);
    expect([zoned.filter.value(zoned.connection), zoned.filter.value(plain.connection)]).toEqual([
      true,
      false,
    ]);
  });

  it('is told from a filter that has words of conntrack in it', () => {
    expect(filterOfLine('tcp and src=10.1.2.3 dst=10.2.0.1')).toBeUndefined();
    expect(filterOfLine('sport=40001 dport=443')).toBeUndefined();
    expect(filterOfLine('tcp 6 117 TIME_WAIT src=10.1.2.3')).toBeUndefined();
  });

  it('that is damaged is read as the words that it has, and the error points into it', () => {
    const line = 'tcp 6 117 src=10.1.2.300 dst=10.2.0.1';
    const filter = parseConnectionFilter(line);
    expect(!filter.ok && line.slice(filter.error.position)).toMatch(/^10\.1\.2\.300/);
  });
});

describe('a pasted pair', () => {
  const v4 = connectionIn('tcp 6 9 ESTABLISHED src=10.1.2.3 dst=10.2.0.1 sport=40000 dport=443');
  const back = connectionIn('tcp 6 9 ESTABLISHED src=10.2.0.1 dst=10.1.2.3 sport=443 dport=40000');
  const v6 = connectionIn('udp 17 9 src=2001:db8::1 dst=2001:db8::2 sport=40000 dport=443');

  it.each([
    ['10.1.2.3:40000 > 10.2.0.1:443', v4],
    ['tcp 10.1.2.3:40000 -> 10.2.0.1:443', v4],
    ['10.1.2.3 → 10.2.0.1', v4],
    ['12:01:02.345678 IP 10.1.2.3.40000 > 10.2.0.1.443: Flags [S], seq 1, length 0', v4],
    ['[2001:db8::1]:40000 > [2001:db8::2]:443', v6],
    ['IP6 2001:db8::1.40000 > 2001:db8::2.443: UDP, length 9', v6],
  ])('%s finds what goes that way', (text, wanted) => {
    const filter = parseConnectionFilter(text);
    if (!filter.ok) throw new Error(filter.error.message);
    expect([v4, back, v6].filter((each) => filter.value(each))).toEqual([wanted]);
  });

  it('is told from a comparison, and one of no addresses is read as the words that it has', () => {
    expect(filterOfPair('bytes > 10')).toBeUndefined();
    expect(filterOfPair('10.1.2.3:40000 > fw1')).toBeUndefined();
    expect(parseConnectionFilter('10.1.2.300 > 10.2.0.1').ok).toBe(false);
  });
});
