import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConnection } from '../../../main/agents/table/conntrack/parse-connection.ts';
import { parseEntry, parseEvent } from '../../../main/agents/table/conntrack/parse-entry.ts';
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
