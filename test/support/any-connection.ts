import type { Connection, Tuple } from '../../shared/domain/connection.ts';
import fc from './fast-check.ts';

const port = fc.integer({ min: 0, max: 65_535 });
const v4 = fc.ipV4();
const group = fc.oneof(
  { weight: 3, arbitrary: fc.constant('0') },
  { arbitrary: fc.integer({ min: 1, max: 0xffff }).map((n) => n.toString(16)), weight: 2 },
);
/** As inet_ntop prints them, as /proc does, and in forms that neither would print. */
const v6 = fc.oneof(
  fc.constantFrom(
    '::',
    '::1',
    '2001:db8::1',
    'fe80::1:0:0:2',
    '::ffff:10.1.2.3',
    '::10.1.2.3',
    '2001:db8:0:1::',
    'ff02::1',
  ),
  fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':')),
  fc
    .array(group, { minLength: 8, maxLength: 8 })
    .map((all) => all.map((each) => each.padStart(4, '0')).join(':')),
  fc.ipV6(),
);
const counter = fc.oneof(
  fc.nat(),
  fc.maxSafeNat(),
  fc.bigInt(2n ** 53n, 2n ** 64n - 1n).map((value) => String(value)),
);
const key = fc.nat(0xffff).map((value) => `0x${value.toString(16)}`);

const ends = fc.oneof(
  fc.record({ sport: port, dport: port }),
  fc.record({ type: fc.nat(255), code: fc.nat(255), id: port }),
  fc.record({ srckey: key, dstkey: key }),
  fc.constant({}),
  // what no kernel prints, yet a line may hold
  fc.record(
    { sport: fc.maxSafeNat(), dport: port, type: fc.nat(), id: fc.nat(), srckey: fc.string() },
    { requiredKeys: [] },
  ),
);
const counts = fc.oneof(
  fc.constant({}),
  fc.record({ packets: counter, bytes: counter }),
  fc.record({ packets: counter, bytes: counter }, { requiredKeys: [] }),
);

const tuple = (address: fc.Arbitrary<string>): fc.Arbitrary<Tuple> =>
  fc
    .tuple(fc.record({ src: address, dst: address }), ends, counts)
    .map(([addresses, fields, counted]) => ({ ...addresses, ...fields, ...counted }));

const turned = (of: Tuple, counted: Partial<Tuple>): Tuple => ({
  ...of,
  src: of.dst,
  dst: of.src,
  ...(of.sport !== undefined && of.dport !== undefined && { sport: of.dport, dport: of.sport }),
  ...counted,
});

const families = fc.constantFrom('ipv4', 'ipv6', 'unknown') as fc.Arbitrary<Connection['family']>;
const big = fc.oneof(
  fc.nat(0xffff_ffff),
  fc.constantFrom(0, 0xffff_fffe, 0xffff_ffff, 2 ** 32),
  fc.maxSafeNat(),
  fc.bigInt(2n ** 53n, 2n ** 64n).map((value) => String(value)),
);
const small = fc.oneof(fc.nat(70_000), fc.constantFrom(0, 1, 2, 255, 256, 65_535, 65_536), fc.maxSafeNat());
const word = fc.stringMatching(/^[A-Z_]{1,12}$/);

const flags = fc.oneof(
  fc.constantFrom<string[][]>([], ['ASSURED'], ['UNREPLIED'], ['OFFLOAD'], ['UNREPLIED', 'HW_OFFLOAD']),
  fc.array(fc.oneof(word, fc.constantFrom('ASSURED', 'UNREPLIED', 'OFFLOAD', 'HW_OFFLOAD', 'FASTNAT'))),
);

const extra = fc.oneof(
  { arbitrary: fc.constant({}), weight: 3 },
  { arbitrary: fc.record({ 'delta-time': fc.nat() }), weight: 1 },
  {
    arbitrary: fc.dictionary(fc.stringMatching(/^[a-z-]{1,8}$/), fc.oneof(fc.string(), fc.maxSafeNat())),
    weight: 1,
  },
);

const tuples = fc.constantFrom(v4, v6, fc.oneof(v4, v6)).chain((address) =>
  tuple(address).chain((original) =>
    fc.oneof(
      fc.constant({ original }),
      counts.map((counted) => ({ original, reply: turned(original, counted) })),
      tuple(address).map((reply) => ({ original, reply })),
    ),
  ),
);

/** Everything a line can tell of a connection, the usual and what no kernel would print. */
export const anyConnection: fc.Arbitrary<Connection> = fc
  .tuple(
    tuples,
    fc.record(
      {
        family: families,
        protocol: fc.oneof(fc.constantFrom('tcp', 'udp', 'icmp', 'icmpv6', 'gre', 'sctp', 'unknown'), word),
        protocolNumber: fc.oneof(fc.constantFrom(1, 6, 17, 33, 47, 58, 132, 136), fc.nat(255)),
        timeout: fc.oneof(fc.nat(), fc.constantFrom(0xffff_fffe, 0xffff_ffff), fc.maxSafeNat()),
        state: fc.oneof(fc.constantFrom('ESTABLISHED', 'SYN_SENT', 'TIME_WAIT', 'INVALID'), word),
        flags,
        mark: big,
        zone: small,
        use: small,
        id: big,
        activeSeconds: fc.oneof(fc.nat(), fc.maxSafeNat()),
        extra,
      },
      { requiredKeys: ['family', 'protocol', 'protocolNumber', 'flags', 'extra'] },
    ),
  )
  .map(([directions, fields]) => ({ ...fields, ...directions }));
