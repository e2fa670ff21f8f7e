import { describe, expect, test } from 'vitest';
import { parseConnection } from '../../../../main/agents/table/conntrack/parse-connection.ts';
import { scanNetlink } from '../../../../main/agents/table/conntrack/scan-netlink.ts';
import { tableBuilder } from '../../../../main/connections/store/builder.ts';
import { connectionOf } from '../../../../main/connections/store/connection-of.ts';
import type { Connection } from '../../../../shared/domain/connection.ts';
import fc from '../../../support/fast-check.ts';
import { fixture, fixtureBytes } from '../../../support/fixture.ts';

/** When the counted table was dumped. */
const dumpedAt = 1795872025;

const read = (chunks: readonly Uint8Array[]) => {
  const builder = tableBuilder(0, dumpedAt);
  const scan = scanNetlink(builder, dumpedAt);
  for (const chunk of chunks) scan.write(chunk);
  const end = scan.end();
  const columns = builder.done();
  return { end, rows: Array.from({ length: columns.length }, (_, row) => connectionOf(columns, row)) };
};

const printed = (name: string): Connection[] =>
  fixture(`conntrack/1.4.7/${name}.txt`)
    .split('\n')
    .flatMap((line) => {
      const parsed = parseConnection(line);
      return parsed.ok && parsed.value ? [parsed.value] : [];
    });

const dump = (name: string): Buffer => fixtureBytes(`conntrack/1.4.7/${name}.bin`);

const cutAt = (bytes: Uint8Array, places: readonly number[]): Uint8Array[] => {
  const cuts = [0, ...places.map((place) => place % bytes.length).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, index) => bytes.slice(cuts[index], end));
};

/** The same dump as a big-endian kernel would send it: the numbers of headers turned round, nothing else. */
const asBigEndian = (bytes: Uint8Array): Uint8Array => {
  const turned = Buffer.from(bytes);
  const attributes = (from: number, to: number): void => {
    for (let at = from; at < to; ) {
      const length = turned.readUInt16LE(at);
      const type = turned.readUInt16LE(at + 2);
      turned.writeUInt16BE(length, at);
      turned.writeUInt16BE(type, at + 2);
      if (type & 0x8000) attributes(at + 4, at + length);
      at += (length + 3) & ~3;
    }
  };
  for (let at = 0; at < turned.length; ) {
    const length = turned.readUInt32LE(at);
    if (turned.readUInt16LE(at + 4) === 0x100) attributes(at + 20, at + length);
    turned.subarray(at, at + 4).reverse();
    turned.subarray(at + 4, at + 6).reverse();
    turned.subarray(at + 6, at + 8).reverse();
    at += (length + 3) & ~3;
  }
  return turned;
};

/** A message of the kernel's: its type, its flags and what stands behind the header. */
const message = (type: number, flags: number, payload: Uint8Array = new Uint8Array(0)): Buffer => {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(16 + payload.length, 0);
  header.writeUInt16LE(type, 4);
  header.writeUInt16LE(flags, 6);
  return Buffer.concat([header, payload]);
};
const done = message(3, 2, Buffer.alloc(4));
const error = (code: number): Buffer => {
  const payload = Buffer.alloc(4);
  payload.writeInt32LE(code);
  return payload;
};

describe("the kernel's own dump", () => {
  test.for(['netlink_plain', 'netlink_counted'])('tells the same as conntrack prints: %s', (name) => {
    const { end, rows } = read([dump(name)]);
    expect(rows).toEqual(printed(name));
    expect(end).toEqual({ entries: rows.length, unreadable: 0, interrupted: false });
  });

  test('says the same wherever its pieces end, and from a big-endian node', () => {
    const bytes = dump('netlink_counted');
    const whole = printed('netlink_counted');
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.boolean(), (places, isBig) => {
        expect(read(cutAt(isBig ? asBigEndian(bytes) : bytes, places)).rows).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  test('that breaks off before its end is no whole table, and keeps what came', () => {
    const bytes = dump('netlink_plain');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        const { end, rows } = read([bytes.subarray(0, length)]);
        expect(end.problem).toBeDefined();
        expect(rows).toEqual(printed('netlink_plain').slice(0, rows.length));
      }),
      { numRuns: 60 },
    );
  });

  test('that the kernel ended with an error, lost a part of or changed under says so', () => {
    const bytes = dump('netlink_plain');
    const count = printed('netlink_plain').length;
    expect(read([message(2, 0, error(-1))]).end.problem).toContain('error 1');
    expect(read([bytes.subarray(0, -done.length), message(3, 2, error(-105))]).end.problem).toContain('105');
    expect(read([message(4, 0), done]).end.problem).toContain('lost');
    const torn = Buffer.from(bytes);
    torn.writeUInt16LE(torn.readUInt16LE(6) | 0x10, 6);
    expect(read([torn]).end).toEqual({ entries: count, unreadable: 0, interrupted: true });
  });

  test('of several questions comes one behind the other', () => {
    const bytes = dump('netlink_plain');
    const { end, rows } = read([bytes, bytes]);
    expect(end.problem).toBeUndefined();
    expect(rows).toHaveLength(printed('netlink_plain').length * 2);
  });

  test('counts past 2^53 are kept to the last digit', () => {
    const bytes = Buffer.from(dump('netlink_counted'));
    // the first counter of the first message: CTA_COUNTERS_ORIG, CTA_COUNTERS_BYTES
    const at = bytes.indexOf(Buffer.from([0x0c, 0, 2, 0]));
    bytes.writeBigUInt64BE(2n ** 64n - 1n, at + 4);
    const [first] = read([bytes]).rows;
    const [usual] = printed('netlink_counted');
    expect(first).toEqual({ ...usual, original: { ...usual?.original, bytes: '18446744073709551615' } });
  });

  test('survives garbage: it ends, and is never taken for a whole table unless it is one', () => {
    const bytes = dump('netlink_counted');
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 })), (chunks) => {
        const { end } = read(chunks);
        expect(end.entries).toBeLessThan(3);
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 40 }), (changes) => {
        const spoilt = Buffer.from(bytes);
        for (const [place, value] of changes) spoilt[place % spoilt.length] = value;
        const { end, rows } = read([spoilt]);
        expect(end.entries).toBe(rows.length);
        expect(end.entries + end.unreadable).toBeLessThan(bytes.length / 16);
      }),
      { numRuns: 300 },
    );
  });

  test('that never ends is refused at its first piece where it is no dump', () => {
    const scan = scanNetlink(tableBuilder(), 0);
    expect(scan.write(Buffer.from('bash: perl: command not found\n'))).toBe(false);
    expect(scan.write(dump('netlink_plain'))).toBe(false);
    expect(scan.end().problem).toContain('no dump');
  });
});
