import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyEntry } from '../../../../main/agents/table/conntrack/entry-sink.ts';
import { parseConnection } from '../../../../main/agents/table/conntrack/parse-connection.ts';
import { LineScanner } from '../../../../main/agents/table/conntrack/scan-line.ts';
import { scanText } from '../../../../main/agents/table/conntrack/scan-text.ts';
import { tableBuilder } from '../../../../main/connections/store/builder.ts';
import { connectionOf } from '../../../../main/connections/store/connection-of.ts';
import fc from '../../../support/fast-check.ts';
import { fixture } from '../../../support/fixture.ts';

const read = (chunks: readonly Uint8Array[]) => {
  const builder = tableBuilder(0, 1_000_000);
  const scan = scanText(builder);
  for (const chunk of chunks) scan.write(chunk);
  const end = scan.end();
  const columns = builder.done();
  return { end, rows: Array.from({ length: columns.length }, (_, row) => connectionOf(columns, row)) };
};

/** The same by the parser that makes a string of every line. */
const byLine = (text: string) => {
  const parsed = text.split('\n').map(parseConnection);
  return {
    rows: parsed.flatMap((line) => (line.ok && line.value ? [line.value] : [])),
    unreadable: parsed.filter((line) => !line.ok).length,
  };
};

const root = join(import.meta.dirname, '../../../fixtures');
const samples = ['conntrack', 'conntrackd', 'kernel'].flatMap((program) =>
  readdirSync(join(root, program), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.txt'))
    .map((file) => `${program}/${file}`),
);

const isScanned = (line: string): boolean => {
  const bytes = Buffer.from(line);
  return new LineScanner(emptyEntry()).scan(bytes, 0, bytes.length);
};

describe('a table as text', () => {
  test.for(samples)('is read from its bytes as from its lines: %s', (path) => {
    const text = fixture(path);
    const wanted = byLine(text);
    const { end, rows } = read([Buffer.from(text)]);
    expect(rows).toEqual(wanted.rows);
    expect(end).toMatchObject({ entries: wanted.rows.length, unreadable: wanted.unreadable });
  });

  test('needs no string where a line is what conntrack, conntrackd or the kernel usually print', () => {
    // a zone of one direction has no column
    for (const line of [
      ...fixture('conntrack/1.4.7/netlink_counted.txt').trim().split('\n'),
      ...fixture('conntrack/1.4.7/netlink_plain.txt').trim().split('\n'),
      'tcp      6 ESTABLISHED src=10.1.0.1 dst=10.2.0.1 sport=40001 dport=443 [ASSURED] mark=5 [active since 4s]',
      'ipv4     2 tcp      6 99 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 [ASSURED] mark=0 zone=0 use=2',
      'ipv6     10 udp      17 9 src=2001:0db8:0000:0000:0000:0000:0000:0001 dst=fe80:0000:0000:0000:0000:0000:0000:0001 sport=1 dport=2 src=fe80:0000:0000:0000:0000:0000:0000:0001 dst=2001:0db8:0000:0000:0000:0000:0000:0001 sport=2 dport=1 mark=0 zone=0 use=2',
      'tcp      6 src=198.51.100.100 dst=192.0.2.100 sport=41676 dport=1122 src=192.0.2.100 dst=198.51.100.100 sport=1122 dport=41676 [OFFLOAD] mark=0 use=2',
    ])
      expect([line, isScanned(line)]).toEqual([line, !/zone-(?:orig|reply)=/.test(line)]);
  });

  test('says the same wherever its pieces end', () => {
    const texts = [
      'conntrack/1.4.7/netlink_counted.txt',
      'conntrack/vendor/lines.txt',
      'conntrack/hostile/lines.txt',
    ];
    const bytes = Buffer.from(texts.map(fixture).join('\n'));
    const whole = read([bytes]);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (places) => {
        const cuts = [0, ...places.toSorted((a, b) => a - b), bytes.length];
        expect(read(cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end)))).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  test('is read as from its lines whatever happened to its words', () => {
    const lines = fixture('conntrack/1.4.7/netlink_counted.txt').trim().split('\n');
    const words = [
      ...['src=10.0.0.1', 'dst=::1', 'sport=70000', 'dport=0', 'id=5', 'id=4294967295', 'code=0', 'type=256'],
      ...['mark=4294967296', 'mark=07', 'use=0', 'use=256', 'zone=0', 'zone=65536', 'packets=1', 'bytes=1'],
      ...[
        '[ASSURED]',
        '[UNREPLIED]',
        '[FASTNAT]',
        '[OFFLOAD],',
        'delta-time=3',
        'delta-time=03',
        'x=1',
        'tcp',
      ],
      ...[
        'srckey=0x0f',
        'srckey=0xf',
        'dstkey=0x10000',
        '[active since 9s]',
        '[expires in 3s]',
        'ESTABLISHED',
        '',
      ],
      ...[
        'src=1.2.3',
        'src=01.2.3.4',
        'dst=2001:DB8::1',
        'dst=2001:db8:0:0::1',
        'bytes=18446744073709551615',
        '\r',
      ],
    ];
    const change = fc.record({
      at: fc.nat(30),
      remove: fc.nat(2),
      words: fc.array(fc.constantFrom(...words), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...lines),
        fc.array(change, { maxLength: 3 }),
        fc.boolean(),
        (line, changes, isLast) => {
          const all = line.split(' ');
          for (const { at, remove, words: others } of changes) all.splice(at, remove, ...others);
          // pieces are read in one go only where there is more behind them
          const changed = `${all.join(' ')}\n${isLast ? '' : line}`;
          const { rows, unreadable } = byLine(changed);
          const found = read([Buffer.from(changed)]);
          expect(found.rows).toEqual(rows);
          expect(found.end.unreadable).toBe(unreadable);
        },
      ),
      { numRuns: 4000 },
    );
  });

  test('is read as from its lines whatever stands behind its last words, and in whatever order', () => {
    const begin = 'tcp      6 9 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 ';
    const reply = 'src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 ';
    const values = [
      '',
      '0',
      '7',
      '07',
      '256',
      '4294967294',
      '4294967295',
      '4294967296',
      '1x',
      '9'.repeat(16),
    ];
    const value = fc.oneof(fc.constant('1'), fc.constantFrom(...values));
    const names = ['mark=', 'delta-time=', 'use=', 'id='];
    const flag = fc.constantFrom('', '[ASSURED] ', '[UNREPLIED] ', '[OFFLOAD] ', '[ASSURED]');
    const usual = fc.tuple(flag, ...names.map((name) => value.map((number) => `${name}${number} `)));
    const word = fc.tuple(fc.constantFrom(...names), value).map(([name, number]) => `${name}${number} `);
    const others = fc.array(fc.oneof(word, flag), { maxLength: 4 });
    const end = fc.oneof(
      usual,
      others,
      fc.tuple(usual, others).map((both) => both.flat()),
    );
    const next = `${begin}${reply}mark=0 use=1 id=4`;
    fc.assert(
      fc.property(flag, end, fc.boolean(), (between, words, isTrimmed) => {
        const line = `${begin}${between}${reply}${words.join('')}`;
        const text = [isTrimmed ? line.trim() : line, next, next].join('\n');
        const { rows, unreadable } = byLine(text);
        const found = read([Buffer.from(text)]);
        expect(found.rows).toEqual(rows);
        expect(found.end.unreadable).toBe(unreadable);
      }),
      { numRuns: 6000 },
    );
  });

  test('that is no table says so, and an endless line costs no more than its length', () => {
    const lines = read([Buffer.from('bash: conntrack: command not found\nsorry\n')]);
    expect(lines.end).toMatchObject({ entries: 0, unreadable: 2 });
    expect(lines.end.problem).toBeDefined();
    const piece = Buffer.alloc(65_000, 'x');
    const endless = read([
      ...Array.from({ length: 20 }, () => piece),
      Buffer.from('\ntcp 6 src=10.0.0.1 dst=10.0.0.2'),
    ]);
    expect(endless.end).toMatchObject({ entries: 1, unreadable: 1 });
    expect(endless.end.problem).toBeUndefined();
  });
});
