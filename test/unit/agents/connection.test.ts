import { describe, expect, test } from 'vitest';
import { parseConnection } from '../../../main/agents/table/conntrack/parse-connection.ts';
import { Connection, type Tuple } from '../../../shared/domain/connection.ts';
import fc from '../../support/fast-check.ts';

const read = (line: string): Connection | undefined => {
  const parsed = parseConnection(line);
  if (!parsed.ok) throw new Error(parsed.error.expected);
  return parsed.value;
};

const port = fc.nat(65_535);
const count = fc.oneof(fc.nat(), fc.bigInt(2n ** 53n, 2n ** 64n - 1n).map(String));
const address = fc.oneof(fc.ipV4(), fc.ipV6());
const protocols = [
  { protocol: 'tcp', protocolNumber: 6 },
  { protocol: 'udp', protocolNumber: 17 },
  { protocol: 'sctp', protocolNumber: 132 },
  { protocol: 'icmp', protocolNumber: 1 },
  { protocol: 'gre', protocolNumber: 47 },
  { protocol: 'unknown', protocolNumber: 2 },
  { protocol: 'unknown', protocolNumber: 50 },
] as const;

const keysOf = (protocol: string): fc.Arbitrary<Partial<Tuple>> => {
  const key = fc.nat(0xffff).map((value) => `0x${value.toString(16)}`);
  if (protocol === 'icmp') return fc.record({ type: fc.nat(255), code: fc.nat(255), id: port });
  if (protocol === 'gre') return fc.record({ srckey: key, dstkey: key });
  return protocol === 'unknown' ? fc.constant({}) : fc.record({ sport: port, dport: port });
};

const connection = fc.constantFrom(...protocols).chain((named) => {
  const tuple = fc
    .tuple(
      fc.record({ src: address, dst: address }),
      keysOf(named.protocol),
      fc.oneof(fc.constant({}), fc.record({ packets: count, bytes: count })),
    )
    .map(([addresses, keys, counters]): Tuple => ({ ...addresses, ...keys, ...counters }));
  return fc.record(
    {
      family: fc.constantFrom('ipv4' as const, 'ipv6' as const),
      protocol: fc.constant(named.protocol),
      protocolNumber: fc.constant(named.protocolNumber),
      timeout: fc.nat(),
      state: named.protocol === 'tcp' ? fc.constantFrom('ESTABLISHED', 'SYN_SENT') : fc.constant('NONE'),
      original: tuple,
      reply: tuple,
      flags: fc.subarray(['UNREPLIED', 'ASSURED', 'HW_OFFLOAD', 'FASTNAT']),
      mark: count,
      zone: port,
      use: fc.nat(),
      id: count,
      activeSeconds: fc.nat(),
      extra: fc.dictionary(
        fc.constantFrom('zone-orig', 'secctx', 'helper', 'labels', 'nmark', 'ifw', 'delta-time'),
        fc.oneof(fc.nat(), fc.constantFrom('system_u:object_r:unlabeled_t:s0', 'ftp', 'a,b', '0x10', '-1')),
      ),
    },
    { requiredKeys: ['family', 'protocol', 'protocolNumber', 'original', 'flags', 'extra'] },
  );
});

/** Prints as conntrack does, in its order; blanks are drawn, since words and not columns count. */
const print = (drawn: Partial<Connection> & Pick<Connection, 'original' | 'flags' | 'extra'>): string[] => {
  const pairs = (values: object): string[] => Object.entries(values).map(([key, value]) => `${key}=${value}`);
  const { mark, zone, use, id } = drawn;
  return [
    `${drawn.family} ${drawn.family === 'ipv4' ? 2 : 10}`,
    `${drawn.protocol} ${drawn.protocolNumber}`,
    ...(drawn.timeout === undefined ? [] : [String(drawn.timeout)]),
    ...(drawn.state === undefined ? [] : [drawn.state]),
    ...pairs(drawn.original),
    ...(drawn.reply ? pairs(drawn.reply) : []),
    ...drawn.flags.map((flag) => `[${flag}]`),
    ...pairs(
      Object.fromEntries(Object.entries({ mark, zone, use, id }).filter(([, value]) => value !== undefined)),
    ),
    ...pairs(drawn.extra),
    ...(drawn.activeSeconds === undefined ? [] : [`[active since ${drawn.activeSeconds}s]`]),
  ];
};

describe('a line of the connection table', () => {
  test('is read back as it was printed, whatever blanks stand between its words', () => {
    fc.assert(
      fc.property(connection, fc.constantFrom(' ', '\t', '    ', ' \t '), (drawn, blank) => {
        expect(read(print(drawn).join(blank))).toEqual(drawn);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is never a reason to stop: any text gives a record, nothing, or an error that shows it', () => {
    const piece = fc.constantFrom(
      'src=',
      'dst=',
      '10.0.0.1',
      ' ',
      '[',
      ']',
      'tcp 6',
      'id=',
      '=',
      '\u001b[31m',
      '99',
      '\r',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece, { maxLength: 30 }).map((all) => all.join('')),
        ),
        (line) => {
          const parsed = parseConnection(line);
          if (parsed.ok && parsed.value) expect(Connection.safeParse(parsed.value).error).toBeUndefined();
          if (!parsed.ok) expect(parsed.error.text).toBe(line);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('keeps every word that has no field', () => {
    const read1 = read(
      'tcp 6 9 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 new-word=7 [NEW_FLAG] zone-orig=3 lonely',
    );
    expect(read1?.extra).toEqual({ 'new-word': 7, 'zone-orig': 3, lonely: '' });
    expect(read1?.flags).toEqual(['NEW_FLAG']);
  });

  test("tells an echo's id from the connection's own", () => {
    const echo = read('icmp 1 9 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=5 mark=0 use=1 id=77');
    expect(echo?.original.id).toBe(5);
    expect(echo?.id).toBe(77);
    expect(read('tcp 6 9 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 id=77')?.id).toBe(77);
  });

  test('with a cut or impossible original tuple is an error, never a wrong record', () => {
    for (const tuple of ['src=10.0.0.1', 'dst=10.0.0.1', 'src=10.0.0.1 dst=10.0', 'src= dst=', 'src=a dst=b'])
      expect(parseConnection(`tcp 6 9 ${tuple}`).ok).toBe(false);
  });

  test('of an external cache has no reply, and that is no error', () => {
    expect(
      read('tcp 6 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 [ASSURED] [active since 4s]'),
    ).toEqual({
      family: 'ipv4',
      protocol: 'tcp',
      protocolNumber: 6,
      state: 'ESTABLISHED',
      original: { src: '10.0.0.1', dst: '10.0.0.2', sport: 1, dport: 2 },
      flags: ['ASSURED'],
      activeSeconds: 4,
      extra: {},
    });
  });
});
