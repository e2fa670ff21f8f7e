import type { AddressField, FilterPredicate, NumberField, WordField } from './filter-tree.ts';

/** The fields, by every name that they may be typed with; the first is the one that is shown. `unit`: what its numbers may end in. */
export interface FieldWord {
  readonly names: readonly string[];
  readonly help: string;
  readonly unit?: 'bytes' | 'seconds' | 'count';
}

export const numberFields: Readonly<Record<NumberField, FieldWord>> = {
  sport: { names: ['sport'], help: 'source port, as who opened it sees it' },
  dport: { names: ['dport'], help: 'destination port' },
  'reply.sport': { names: ['reply.sport', 'rsport'], help: 'source port of the replies' },
  'reply.dport': { names: ['reply.dport', 'rdport'], help: 'destination port of the replies' },
  port: { names: ['port'], help: 'any of its ports' },
  'icmp.type': { names: ['icmp.type', 'type'], help: 'type of an ICMP message' },
  'icmp.code': { names: ['icmp.code', 'code'], help: 'code of an ICMP message' },
  'icmp.id': { names: ['icmp.id'], help: 'id of an ICMP message' },
  timeout: { names: ['timeout'], help: 'time left before it is forgotten', unit: 'seconds' },
  idle: {
    names: ['idle'],
    help: 'time since its last packet, of established TCP and of UDP, by the node’s timeouts',
    unit: 'seconds',
  },
  age: { names: ['age'], help: 'time since it began, or since it was first seen', unit: 'seconds' },
  bytes: { names: ['bytes'], help: 'bytes of both directions', unit: 'bytes' },
  packets: { names: ['packets'], help: 'packets of both directions', unit: 'count' },
  'orig.bytes': { names: ['orig.bytes'], help: 'bytes of the original direction', unit: 'bytes' },
  'orig.packets': { names: ['orig.packets'], help: 'packets of the original direction', unit: 'count' },
  'reply.bytes': { names: ['reply.bytes'], help: 'bytes of the replies', unit: 'bytes' },
  'reply.packets': { names: ['reply.packets'], help: 'packets of the replies', unit: 'count' },
  rate: { names: ['rate'], help: 'bytes a second between the last two dumps', unit: 'bytes' },
  mark: { names: ['mark'], help: 'connection mark; 0x… too' },
  zone: { names: ['zone'], help: 'conntrack zone; 0 where none is set' },
  id: { names: ['id'], help: 'conntrack id' },
  use: { names: ['use'], help: 'use count' },
};

export const addressFields: Readonly<Record<AddressField, FieldWord>> = {
  src: { names: ['src'], help: 'address of who opened it' },
  dst: { names: ['dst'], help: 'address to which it was opened' },
  'reply.src': { names: ['reply.src', 'rsrc'], help: 'source address of the replies' },
  'reply.dst': { names: ['reply.dst', 'rdst'], help: 'destination address of the replies' },
  addr: { names: ['addr', 'ip', 'host'], help: 'any of its addresses' },
};

export const wordFields: Readonly<Record<WordField, FieldWord>> = {
  proto: { names: ['proto', 'protocol'], help: 'protocol by name or number' },
  state: { names: ['state'], help: 'ESTABLISHED, SYN_SENT…' },
  family: { names: ['family'], help: 'ipv4 or ipv6' },
  flag: { names: ['flag'], help: 'ASSURED, UNREPLIED, OFFLOAD…' },
  key: { names: ['key', 'srckey', 'dstkey'], help: 'key of a GRE tunnel, as in 0x10' },
  helper: { names: ['helper'], help: 'the helper that reads along: ftp, sip…' },
};

export const predicates: Readonly<Record<FilterPredicate, string>> = {
  nat: 'its address or port is translated',
  snat: 'its source is translated',
  dnat: 'its destination is translated',
  assured: 'it was seen in both directions for good, and is not evicted early',
  unreplied: 'no reply was seen',
  offloaded: 'a fast path carries it, past the kernel’s table',
  ipv4: 'it is IPv4',
  ipv6: 'it is IPv6',
  new: 'it was not in the dump before',
  changed: 'its state, flags or mark are not those of the dump before',
};

/** Protocols that may stand alone. */
export const protocolWords = [
  'tcp',
  'udp',
  'udplite',
  'icmp',
  'icmpv6',
  'gre',
  'sctp',
  'dccp',
  'esp',
  'ah',
  'igmp',
  'ospf',
  'pim',
  'vrrp',
] as const;

/** States that may stand alone; `closed` and `open` only with `state ==`, since they are words of other things too. */
export const stateWords = [
  ...['syn_sent', 'syn_recv', 'established', 'fin_wait', 'close_wait', 'last_ack', 'time_wait', 'close'],
  ...['syn_sent2', 'cookie_wait', 'cookie_echoed', 'shutdown_sent', 'shutdown_recd', 'shutdown_ack_sent'],
] as const;

/** Services that may stand alone: their protocols and destination ports (IANA’s registry of service names). */
export const services: Readonly<
  Record<string, { readonly protocols: readonly string[]; readonly ports: readonly number[] }>
> = {
  ssh: { protocols: ['tcp'], ports: [22] },
  telnet: { protocols: ['tcp'], ports: [23] },
  smtp: { protocols: ['tcp'], ports: [25, 465, 587] },
  dns: { protocols: ['tcp', 'udp'], ports: [53, 853] },
  dhcp: { protocols: ['udp'], ports: [67, 68] },
  http: { protocols: ['tcp'], ports: [80, 8080] },
  https: { protocols: ['tcp', 'udp'], ports: [443, 8443] },
  kerberos: { protocols: ['tcp', 'udp'], ports: [88] },
  pop3: { protocols: ['tcp'], ports: [110, 995] },
  ntp: { protocols: ['udp'], ports: [123] },
  imap: { protocols: ['tcp'], ports: [143, 993] },
  snmp: { protocols: ['udp'], ports: [161, 162] },
  bgp: { protocols: ['tcp'], ports: [179] },
  ldap: { protocols: ['tcp', 'udp'], ports: [389, 636] },
  smb: { protocols: ['tcp'], ports: [139, 445] },
  syslog: { protocols: ['tcp', 'udp'], ports: [514, 6514] },
  ike: { protocols: ['udp'], ports: [500, 4500] },
  mysql: { protocols: ['tcp'], ports: [3306] },
  postgres: { protocols: ['tcp'], ports: [5432] },
  rdp: { protocols: ['tcp', 'udp'], ports: [3389] },
  sip: { protocols: ['tcp', 'udp'], ports: [5060, 5061] },
  redis: { protocols: ['tcp'], ports: [6379] },
  wireguard: { protocols: ['udp'], ports: [51_820] },
  openvpn: { protocols: ['tcp', 'udp'], ports: [1194] },
  ftp: { protocols: ['tcp'], ports: [21] },
};

/** What a slave has of a connection, as it is typed: `missing on fw2`. */
export const replicaWords = [
  'replicated',
  'missing',
  'stale',
  'in-flight',
  'not-replicable',
  'ghost',
] as const;

/** How `conntrack` itself is asked, so that its options can be pasted: by option, the field's name. */
export const conntrackOptions: Readonly<Record<string, string>> = {
  ...{ '-p': 'proto', '--proto': 'proto', '--state': 'state', '-f': 'family', '--family': 'family' },
  ...{ '-s': 'src', '--src': 'src', '--orig-src': 'src', '-d': 'dst', '--dst': 'dst', '--orig-dst': 'dst' },
  ...{ '-r': 'reply.src', '--reply-src': 'reply.src', '-q': 'reply.dst', '--reply-dst': 'reply.dst' },
  ...{ '--sport': 'sport', '--orig-port-src': 'sport', '--dport': 'dport', '--orig-port-dst': 'dport' },
  ...{ '--reply-port-src': 'reply.sport', '--reply-port-dst': 'reply.dport' },
  ...{ '-m': 'mark', '--mark': 'mark', '-w': 'zone', '--zone': 'zone' },
};
