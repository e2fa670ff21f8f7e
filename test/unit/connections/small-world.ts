/** Tables of few connections of every kind, which meet often, for tests that compare tables. */

import { tableBuilder } from '../../../main/connections/store/builder.ts';
import type { Connection } from '../../../shared/domain/connection.ts';
import fc from '../../support/fast-check.ts';
import { lineOf } from '../domain/coverage-tables.ts';

const lines = [
  'ipv4 2 tcp 6 600 ESTABLISHED src=10.1.0.1 dst=10.2.0.1 sport=1 dport=443 src=10.2.0.1 dst=10.1.0.1 sport=443 dport=1 [ASSURED] mark=0 use=1',
  'ipv6 10 udp 17 30 src=2001:db8::1 dst=2001:db8::2 sport=1 dport=53 [UNREPLIED] src=2001:db8::2 dst=2001:db8::1 sport=53 dport=1 mark=0 use=1',
  'ipv4 2 icmp 1 29 src=10.1.0.1 dst=10.2.0.1 type=8 code=0 id=1 src=10.2.0.1 dst=10.1.0.1 type=0 code=0 id=1 mark=0 use=1',
  'ipv4 2 gre 47 176 src=10.1.0.8 dst=10.2.0.8 srckey=0x1 dstkey=0x2 src=10.2.0.8 dst=10.1.0.8 srckey=0x2 dstkey=0x1 mark=0 use=1',
  'ipv4 2 udplite 136 26 src=10.1.0.9 dst=10.2.0.9 sport=1 dport=9 src=10.2.0.9 dst=10.1.0.9 sport=9 dport=1 mark=0 use=1',
  'ipv4 2 unknown 2 597 src=10.1.0.10 dst=224.0.0.22 src=224.0.0.22 dst=10.1.0.10 use=1',
].map(lineOf);

/** Connections of a small world, so that tables meet often, and show some of them twice. */
export const connection = fc
  .record({
    base: fc.constantFrom(...lines),
    end: fc.integer({ min: 1, max: 6 }),
    id: fc.constantFrom(1, 2, 2 ** 40),
    state: fc.constantFrom('ESTABLISHED', 'SYN_SENT', 'NEW_IN_A_LATER_KERNEL'),
    flags: fc.constantFrom<string[]>(['ASSURED'], [], ['OFFLOAD'], ['ASSURED', 'SOMETHING']),
    mark: fc.constantFrom(0, 7, 2 ** 32 - 1),
    zone: fc.constantFrom(0, 9),
  })
  .map(({ base, end, id, state, flags, mark, zone }): Connection => {
    const { original } = base;
    return {
      ...base,
      original: {
        ...original,
        ...(original.sport !== undefined && { sport: end }),
        ...(original.id !== undefined && { id: end }),
        ...(original.srckey !== undefined && { srckey: `0x${end}` }),
      },
      ...(base.state !== undefined && { state }),
      flags,
      mark,
      id,
      // only of ports that no other connection has: the two tuples would be one for the plain rules
      ...(end === 6 && base.protocol === 'tcp' ? { extra: { 'zone-orig': 4 } } : {}),
      ...(zone > 0 && { zone }),
    };
  });
export const table = fc.array(connection, { maxLength: 60 });
export const asReplica = ({ id: _, reply: __, extra: ___, ...rest }: Connection, age: number): Connection => {
  const { srckey, ...original } = rest.original;
  const isUdplite = rest.protocol === 'udplite';
  return {
    ...rest,
    extra: {},
    original: {
      ...original,
      ...(srckey !== undefined && { srckey: '0x0', dstkey: '0x0' }),
      ...(isUdplite && { sport: 0, dport: 0 }),
    },
    activeSeconds: age,
  };
};

export const columnsOf = (connections: readonly Connection[]) => {
  const builder = tableBuilder(connections.length, 1_800_000_000);
  for (const each of connections) builder.append(each);
  return builder.done();
};
