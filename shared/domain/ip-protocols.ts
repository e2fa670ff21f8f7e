/** IANA's numbers by the names that conntrack, the kernel, vendors and /etc/protocols print; of several the usual one first. */
export const protocolNumbers: ReadonlyMap<string, number> = new Map([
  ['icmp', 1],
  ['igmp', 2],
  ['ipencap', 4],
  ['ipip', 4],
  ['tcp', 6],
  ['udp', 17],
  ['dccp', 33],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['icmpv6', 58],
  ['ipv6-icmp', 58],
  ['ospf', 89],
  ['pim', 103],
  ['vrrp', 112],
  ['l2tp', 115],
  ['sctp', 132],
  ['udplite', 136],
]);

/** The usual name of each. */
export const protocolNames: ReadonlyMap<number, string> = new Map(
  Array.from(protocolNumbers, ([name, number]) => [number, name] as const).toReversed(),
);
