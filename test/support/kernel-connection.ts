import type { Connection, Tuple } from '../../shared/domain/connection.ts';
import fc from './fast-check.ts';

/** Connections as a kernel could have them, of few different values: filters hit and sorts find equals. */
const v4 = fc.constantFrom('10.1.2.3', '10.1.2.30', '10.1.0.0', '9.9.9.9', '192.0.2.9', '255.1.0.2');
const v6 = fc.constantFrom('2001:db8::1', '2001:db8::10', 'fe80::1', '::1', '2001:db8:1:2:3:4:5:6');
const port = fc.constantFrom(22, 53, 80, 443, 8443, 40_000, 65_535, 0);
const counter = fc.oneof(fc.nat(3), fc.constantFrom(1500, 2 ** 32 - 1, 2 ** 32, 2 ** 40, 2 ** 52 + 1));

interface Shape {
  readonly protocol: string;
  readonly protocolNumber: number;
  readonly states: readonly string[];
  readonly ends: 'ports' | 'icmp' | 'none';
}

const shapes: readonly Shape[] = [
  {
    protocol: 'tcp',
    protocolNumber: 6,
    states: ['ESTABLISHED', 'SYN_SENT', 'TIME_WAIT', 'CLOSE'],
    ends: 'ports',
  },
  { protocol: 'udp', protocolNumber: 17, states: [], ends: 'ports' },
  { protocol: 'sctp', protocolNumber: 132, states: ['ESTABLISHED', 'SHUTDOWN_SENT'], ends: 'ports' },
  { protocol: 'icmp', protocolNumber: 1, states: [], ends: 'icmp' },
  { protocol: 'unknown', protocolNumber: 50, states: [], ends: 'none' },
];

const direction = (address: fc.Arbitrary<string>, { ends }: Shape, isCounted: boolean): fc.Arbitrary<Tuple> =>
  fc
    .record({
      addresses: fc.record({ src: address, dst: address }),
      ports: fc.record({ sport: port, dport: port }),
      icmp: fc.record({ type: fc.constantFrom(0, 8), code: fc.constant(0), id: fc.nat(3) }),
      counts: fc.record({ packets: counter, bytes: counter }),
    })
    .map(({ addresses, ports, icmp, counts }) => ({
      ...addresses,
      ...(ends === 'ports' && ports),
      ...(ends === 'icmp' && icmp),
      ...(isCounted && counts),
    }));

const turned = ({ src, dst, sport, dport, packets: _, bytes: __, ...others }: Tuple): Tuple => ({
  ...others,
  src: dst,
  dst: src,
  ...(sport !== undefined && dport !== undefined && { sport: dport, dport: sport }),
});

export const kernelConnection: fc.Arbitrary<Connection> = fc
  .tuple(fc.constantFrom(...shapes), fc.boolean(), fc.boolean())
  .chain(([shape, isV4, isCounted]) =>
    fc
      .tuple(
        direction(isV4 ? v4 : v6, shape, isCounted),
        direction(isV4 ? v4 : v6, shape, isCounted),
        fc.constantFrom('turned', 'translated', 'none'),
        fc.record(
          {
            timeout: fc.constantFrom(0, 1, 27, 300, 431_999),
            mark: fc.constantFrom(0, 7, 4_294_967_295),
            zone: fc.constantFrom(1, 9, 65_535),
            use: fc.constantFrom(1, 2),
            id: fc.nat(4_294_967_294),
            activeSeconds: fc.constantFrom(0, 5, 3_600),
          },
          { requiredKeys: [] },
        ),
        fc.constantFrom(...[undefined, ...shape.states]),
        fc.constantFrom<string[][]>([], ['ASSURED'], ['UNREPLIED'], ['ASSURED', 'OFFLOAD'], ['HW_OFFLOAD']),
      )
      .map(([original, other, replied, fields, state, flags]): Connection => {
        const counts = isCounted ? { packets: other.packets, bytes: other.bytes } : {};
        const reply = replied === 'turned' ? { ...turned(original), ...counts } : other;
        return {
          family: isV4 ? 'ipv4' : 'ipv6',
          protocol: shape.protocol,
          protocolNumber: shape.protocolNumber,
          ...fields,
          ...(state !== undefined && { state }),
          original,
          ...(replied !== 'none' && { reply: reply as Tuple }),
          flags,
          extra: {},
        };
      }),
  );
