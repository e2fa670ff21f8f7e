import { describe, expect, it } from 'vitest';
import { addressOrder, contains, parseAddress, parseNetwork } from '../../../shared/domain/address.ts';
import type { Connection } from '../../../shared/domain/connection.ts';
import { parseConnectionFilter } from '../../../shared/domain/connection-filter.ts';
import { protocolText } from '../../../shared/domain/connection-words.ts';
import { filterExamples, filterReference } from '../../../shared/domain/filter-reference.ts';
import fc from '../../support/fast-check.ts';

const https: Connection = {
  family: 'ipv4',
  protocol: 'tcp',
  protocolNumber: 6,
  timeout: 431_997,
  state: 'ESTABLISHED',
  original: { src: '10.1.0.1', dst: '10.2.0.1', sport: 40_001, dport: 443, packets: 10, bytes: 9_000_000 },
  reply: { src: '10.2.0.1', dst: '192.0.2.9', sport: 443, dport: 40_001, packets: 9, bytes: 3_000_000 },
  flags: ['ASSURED'],
  mark: 5,
  extra: {},
};
const dns: Connection = {
  family: 'ipv6',
  protocol: 'udp',
  protocolNumber: 17,
  timeout: 26,
  original: { src: '2001:db8::3', dst: '2001:db8::53', sport: 5353, dport: 53 },
  flags: ['UNREPLIED'],
  zone: 10,
  extra: {},
};
const ping: Connection = {
  family: 'ipv4',
  protocol: 'icmp',
  protocolNumber: 1,
  original: { src: '10.1.0.5', dst: '1.1.1.1', type: 8, code: 0, id: 1226 },
  flags: [],
  extra: {},
};
const all = { https, dns, ping };

function found(text: string): string[] {
  const filter = parseConnectionFilter(text);
  if (!filter.ok) throw new Error(`${filter.error.position}: ${filter.error.message}`);
  return Object.entries(all)
    .filter(([, connection]) => filter.value(connection))
    .map(([name]) => name);
}

describe('a filter finds', () => {
  it.each([
    ['', ['https', 'dns', 'ping']],
    ['tcp', ['https']],
    ['10.1.0.', ['https', 'ping']],
    ['10.2.0.1:443', ['https']],
    ['[2001:db8::53]:53', ['dns']],
    ['established', ['https']],
    ['proto == udp or proto == 1', ['dns', 'ping']],
    ['src in 10.1.0.0/16', ['https', 'ping']],
    ['src == 10.1.0.0/16 and not tcp', ['ping']],
    ['dst in 2001:db8::/32', ['dns']],
    ['src == 2001:0DB8:0::0003', ['dns']],
    ['dport == 443', ['https']],
    ['dport != 443', ['dns', 'ping']],
    ['port != 443', ['dns', 'ping']],
    ['bytes > 10M', ['https']],
    ['bytes > 12M', []],
    ['mark == 5 assured', ['https']],
    ['zone == 10', ['dns']],
    ['nat', ['https']],
    ['snat and not dnat', ['https']],
    ['unreplied', ['dns']],
    ['not (tcp or udp)', ['ping']],
    ['tcp || udp && unreplied', ['https', 'dns']],
    ['state contains ESTAB', ['https']],
    ['"UNREPLIED"', ['dns']],
    ['TCP AND DPORT == 443', ['https']],
    ['tcp and dst in 10.2.0.0/16 and not dport == 80', ['https']],
    ['dport in {53, 400-500}', ['https', 'dns']],
    ['dport in 1-52', []],
    ['src in {10.1.0.5, 2001:db8::/64}', ['dns', 'ping']],
    ['src in 10.1.0.1-10.1.0.4', ['https']],
    ['sport=40001 dport=443', ['https']],
    ['-p tcp --dport 443 -s 10.1.0.1', ['https']],
    ['--dport 53 or -f ipv4', ['https', 'dns', 'ping']],
    ['timeout lt 1m', ['dns']],
    ['timeout > 4d', ['https']],
    ['bytes >= 12M', ['https']],
    ['https', ['https']],
    ['dns', ['dns']],
    ['icmp.type == 8', ['ping']],
    ['state in {established, time_wait}', ['https']],
    ['mark == 0x5', ['https']],
    ['ipv6', ['dns']],
    ['__proto__', []],
    ['constructor', []],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

it('a protocol that conntrack prints as unknown is found by its number and by IANA’s name', () => {
  const tunnel: Connection = {
    ...ping,
    protocol: 'unknown',
    protocolNumber: 50,
    original: { src: 'a', dst: 'b' },
  };
  for (const [text, isFound] of [
    ['esp', true],
    ['proto == esp', true],
    ['proto == 50', true],
    ['unknown', true],
    ['igmp', false],
    ['tcp', false],
  ] as const) {
    const filter = parseConnectionFilter(text);
    expect([text, filter.ok && filter.value(tunnel)]).toEqual([text, isFound]);
  }
  expect(protocolText(tunnel)).toBe('esp');
  expect(protocolText({ protocol: 'unknown', protocolNumber: 99 })).toBe('protocol 99');
});

/** What somebody may type who knows the words and not the grammar. */
const words = fc
  .array(
    fc.constantFrom(
      ...[
        'tcp',
        'not',
        'and',
        'or',
        '(',
        ')',
        '{',
        '}',
        ',',
        '==',
        '!=',
        'in',
        'contains',
        'dport',
        'src',
        'bytes',
      ],
      ...[
        '443',
        '10M',
        '1-2',
        '10.0.0.0/8',
        '2001:db8::1',
        'missing',
        'on',
        'fw2',
        '"',
        'state',
        'https',
        '<',
        '!',
      ],
    ),
    { maxLength: 14 },
  )
  .map((each) => each.join(' '));

describe('a filter that makes no sense says where', () => {
  it.each([
    ['dport ==', 8, 'expected a value'],
    ['dprt == 443', 0, 'no field "dprt"'],
    ['dport == https', 9, 'expected a number'],
    ['src in 10.1.0.0/40', 7, 'expected a network'],
    ['src == 10.1.0.999', 7, 'expected an address'],
    ['(tcp', 4, 'expected ")"'],
    ['tcp)', 3, 'unexpected ")"'],
    ['== 443', 0, 'expected a field'],
    ['tcp and', 7, 'expected a field'],
    ['state > 3', 8, 'can be compared with'],
    ['dport in {80, 443', 17, 'expected "}"'],
    ['dport in 90-80', 9, 'expected a range'],
    ['bytes > 10X', 8, 'expected a number such as 10M'],
    ['missing on', 10, 'expected the name of a node'],
    ['tcp and not replicated on fw2', 26, 'compare the nodes first'],
  ])('%s', (text, position, message) => {
    const filter = parseConnectionFilter(text);
    expect(filter.ok).toBe(false);
    if (filter.ok) return;
    expect(filter.error.position).toBe(position);
    expect(filter.error.message).toContain(message);
  });

  it('and is not followed deeper than anybody types', () => {
    const filter = parseConnectionFilter(`${'('.repeat(5_000)}tcp`);
    expect(filter).toMatchObject({ error: { position: 201, message: 'nested too deeply' } });
  });

  it('and what was probably meant', () => {
    const filter = parseConnectionFilter('tcp and dprot == 443');
    expect(filter).toMatchObject({ error: { position: 8, length: 5, suggestion: 'dport' } });
  });

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), words), (text) => {
        const filter = parseConnectionFilter(text);
        if (filter.ok) for (const connection of Object.values(all)) filter.value(connection);
        else expect(filter.error.position).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

describe('addresses', () => {
  it('mean the same in all their forms', () => {
    const forms = [
      '2001:db8::1',
      '2001:0db8:0000:0000:0000:0000:0000:0001',
      '2001:DB8:0::1',
      '2001:db8::1%eth0',
    ];
    expect(new Set(forms.map((form) => parseAddress(form)?.value)).size).toBe(1);
    expect(parseAddress('::ffff:1.2.3.4')?.value).toBe(0xffff01020304n);
  });

  it.each(['', '1.2.3', '1.2.3.256', 'fe80', ':::', '1::2::3', '12345::', '1:2:3:4:5:6:7:8:9'])(
    '%s is none',
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );

  it('are in the network of any of their prefixes, and never in one of the other family', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.ipV6(), (v4, length, v6) => {
        const network = parseNetwork(`${v4}/${length}`);
        const [inside, outside] = [parseAddress(v4), parseAddress(v6)];
        if (!network || !inside || !outside) throw new Error(`not read: ${v4} ${v6}`);
        expect(contains(network, inside)).toBe(true);
        expect(contains(network, outside)).toBe(false);
      }),
    );
  });

  it('sort by number', () => {
    const sorted = ['10.0.0.10', '9.0.0.1', '2001:db8::1', '10.0.0.9'].sort((a, b) =>
      addressOrder(a) < addressOrder(b) ? -1 : 1,
    );
    expect(sorted).toEqual(['9.0.0.1', '10.0.0.9', '10.0.0.10', '2001:db8::1']);
  });
});

describe('the reference of the filter', () => {
  it.each(filterExamples.map(([filter]) => filter))('shows what can be typed: %s', (filter) => {
    expect(parseConnectionFilter(filter).ok).toBe(true);
  });

  it('names nothing that the filter does not know', () => {
    const [addresses, numbers, words] = filterReference;
    const fields = [...(addresses?.rows ?? []), ...(numbers?.rows ?? []), ...(words?.rows ?? [])];
    for (const name of fields.flatMap(([names]) => names.split(', ')))
      expect(parseConnectionFilter(`${name} contains x`).ok, name).toBe(true);
  });
});
