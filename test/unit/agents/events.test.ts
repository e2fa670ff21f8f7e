import { describe, expect, test } from 'vitest';
import { parseConnection } from '../../../main/agents/table/conntrack/parse-connection.ts';
import { parseEntry, parseEvent } from '../../../main/agents/table/conntrack/parse-entry.ts';
import fc from '../../support/fast-check.ts';
import { fixture } from '../../support/fixture.ts';

const table = fixture('conntrack/1.4.7/L_extended_id_ktimestamp_labels.txt').trimEnd().split('\n');
const expectation = fixture('conntrack/1.4.7/expect.txt').split('\n')[0] ?? '';

describe('a line of conntrack -E', () => {
  test('is the connection, with what happened to it and when', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...table),
        fc.constantFrom('NEW', 'UPDATE', 'DESTROY', 'REFRESH'),
        fc.option(fc.tuple(fc.nat(4_000_000_000), fc.nat(999_999)), { nil: undefined }),
        fc.constantFrom('', ' ', '\t    '),
        (line, event, time, blank) => {
          const stamp = time === undefined ? '' : `[${time[0]}.${String(time[1]).padStart(6, '0')}]\t`;
          const parsed = parseEvent(`${stamp}${blank}[${event}] ${line}`);
          const connection = parseConnection(line);
          expect(parsed.ok && parsed.value).toEqual({
            event,
            ...(time && { timestamp: Number(`${time[0]}.${String(time[1]).padStart(6, '0')}`) }),
            ...(connection.ok && connection.value),
          });
        },
      ),
    );
  });

  test('may be one of a table, which has no event', () => {
    for (const line of [...table, expectation]) expect(parseEvent(line)).toEqual(parseEntry(line));
  });

  test('says where conntrack lost events, and is no unreadable line', () => {
    expect(parseEvent('WARNING: We have hit ENOBUFS! We are losing events.')).toEqual({
      ok: true,
      value: { overrun: true, text: 'WARNING: We have hit ENOBUFS! We are losing events.' },
    });
  });
});

describe('an expectation', () => {
  test('is read back as it was printed, whatever blanks or prefix it has', () => {
    const tuple = fc.record({ src: fc.ipV4(), dst: fc.ipV4(), sport: fc.nat(65_535), dport: fc.nat(65_535) });
    const drawn = fc.record(
      {
        expectation: fc.constant(true),
        family: fc.constant('ipv4'),
        protocol: fc.constant('udp'),
        protocolNumber: fc.constant(17),
        timeout: fc.nat(),
        original: tuple,
        mask: tuple,
        master: tuple,
        flags: fc.subarray(['PERMANENT', 'INACTIVE', 'USERSPACE']),
        zone: fc.nat(65_535),
        class: fc.nat(4),
        helper: fc.constantFrom('ftp', 'sip', 'ftp-21', 'RAS'),
      },
      { requiredKeys: ['expectation', 'family', 'protocol', 'protocolNumber', 'original', 'flags'] },
    );
    fc.assert(
      fc.property(drawn, fc.constantFrom(' ', '\t', '    '), (expected, blank) => {
        const { timeout, original, mask, master, flags, zone, class: policy, helper } = expected;
        const pairs = (prefix: string, of: typeof mask): string[] =>
          Object.entries(of ?? {}).map(
            ([key, value]) => `${key.endsWith('port') ? '' : prefix}${key}=${value}`,
          );
        const one = (key: string, value: unknown): string[] =>
          value === undefined ? [] : [`${key}=${value}`];
        const line = [
          ...(timeout === undefined ? [] : [String(timeout)]),
          'proto=17',
          ...pairs('', original),
          ...pairs('mask-', mask),
          ...pairs('master-', master),
          ...one('zone', zone),
          ...(flags.length === 0 ? [] : [flags.join(',')]),
          ...one('class', policy),
          ...one('helper', helper),
        ].join(blank);
        for (const printed of [line, `  ${line}\r`, `[DESTROY]${blank}${line}`])
          expect(parseEvent(printed)).toMatchObject({ ok: true, value: { ...expected, extra: {} } });
        if (timeout !== undefined)
          expect(parseEvent(`Nov 22 15:03:13 fw1 conntrack[9]: ${line}`)).toMatchObject({ value: expected });
      }),
    );
  });

  test('has three tuples, and each keeps its own ports', () => {
    expect(parseEntry(expectation)).toMatchObject({
      value: {
        expectation: true,
        original: { sport: 0, dport: 45_678 },
        mask: { sport: 0, dport: 65_535 },
        master: { sport: 40_001, dport: 21 },
        helper: 'ftp',
      },
    });
  });

  test('is a record as long as its own addresses are whole, wherever the line breaks off', () => {
    const whole = expectation.indexOf(' sport=');
    for (let end = whole; end <= expectation.length; end += 1)
      expect(parseEntry(expectation.slice(0, end))).toMatchObject({ ok: true, value: { expectation: true } });
  });
});
