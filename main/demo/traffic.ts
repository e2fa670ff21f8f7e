import type { Random } from './random.ts';
import { type NodeSite, wanAddress } from './site.ts';

export interface Ends {
  readonly src: string;
  readonly dst: string;
  /** Ports; for an echo its type, code and id. */
  readonly sport: number;
  readonly dport: number;
}

/** A connection with its whole life told in advance. Times: ms since the epoch; never is Infinity. */
export interface Flow {
  readonly id: number;
  readonly family: 'ipv4' | 'ipv6';
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'icmpv6';
  readonly original: Ends;
  readonly reply: Ends;
  readonly bornAt: number;
  readonly answeredAt: number;
  readonly closedAt: number;
  /** When the kernel forgets it: its last timeout after the close. */
  readonly goneAt: number;
  /** Time between packets, ms, and bytes of one. */
  readonly pauseMs: number;
  readonly packetBytes: readonly [original: number, reply: number];
}

/** One sort of traffic. `perSecond`: how many begin; `seconds`: how long one lasts on average. */
interface Service {
  readonly perSecond: number;
  readonly seconds: number;
  readonly family: Flow['family'];
  readonly protocol: Flow['protocol'];
  readonly port: number;
  /** out: from the office; in: to a published server; inside: between office and servers. */
  readonly way: 'out' | 'in' | 'inside';
  readonly servers: readonly [string, ...string[]];
  /** The server's own port, where it is published under another. */
  readonly serverPort?: number;
  readonly silent?: true;
}

const web = [
  '198.51.100.20',
  '198.51.100.34',
  '198.51.100.80',
  '192.0.2.18',
  '192.0.2.44',
  '192.0.2.90',
] as const;
const web6 = ['2001:db8:80::20', '2001:db8:80::34', '2001:db8:443::1'] as const;
const resolvers = ['192.0.2.53', '198.51.100.53'] as const;
const v4 = { family: 'ipv4' } as const;
const v6 = { family: 'ipv6' } as const;
const out = { way: 'out' } as const;

/** About 1,200 at a time: an office of a few hundred people, a web shop, a mail server and some road warriors. */
const services: readonly [Service, ...Service[]] = [
  { ...v4, ...out, protocol: 'tcp', port: 443, servers: web, perSecond: 2.2, seconds: 25 },
  { ...v6, ...out, protocol: 'tcp', port: 443, servers: web6, perSecond: 0.9, seconds: 25 },
  { ...v4, ...out, protocol: 'tcp', port: 80, servers: web, perSecond: 0.4, seconds: 5 },
  { ...v4, ...out, protocol: 'tcp', port: 443, servers: ['198.51.100.200'], perSecond: 0.05, seconds: 2400 },
  { ...v4, ...out, protocol: 'tcp', port: 993, servers: ['198.51.100.143'], perSecond: 0.06, seconds: 1500 },
  { ...v4, ...out, protocol: 'tcp', port: 22, servers: ['192.0.2.22'], perSecond: 0.01, seconds: 1500 },
  { ...v4, ...out, protocol: 'udp', port: 53, servers: resolvers, perSecond: 3, seconds: 0.03 },
  { ...v6, ...out, protocol: 'udp', port: 53, servers: ['2001:db8:53::1'], perSecond: 1, seconds: 0.03 },
  { ...v4, ...out, protocol: 'udp', port: 123, servers: ['192.0.2.123'], perSecond: 0.3, seconds: 0.05 },
  { ...v4, ...out, protocol: 'udp', port: 443, servers: web, perSecond: 0.8, seconds: 30 },
  { ...v4, ...out, protocol: 'udp', port: 5060, servers: ['198.51.100.160'], perSecond: 0.02, seconds: 600 },
  { ...v4, ...out, protocol: 'icmp', port: 0, servers: web, perSecond: 0.3, seconds: 5 },
  { ...v6, ...out, protocol: 'icmpv6', port: 0, servers: web6, perSecond: 0.1, seconds: 5 },
  {
    ...v4,
    ...out,
    protocol: 'tcp',
    port: 8443,
    servers: ['192.0.2.250'],
    perSecond: 0.1,
    seconds: 1,
    silent: true,
  },
  {
    ...v4,
    ...out,
    protocol: 'udp',
    port: 3478,
    servers: ['192.0.2.251'],
    perSecond: 0.2,
    seconds: 1,
    silent: true,
  },
  {
    ...v4,
    way: 'in',
    protocol: 'tcp',
    port: 443,
    serverPort: 8443,
    servers: ['10.20.5.10', '10.20.5.11'],
    perSecond: 1,
    seconds: 12,
  },
  {
    ...v4,
    way: 'in',
    protocol: 'tcp',
    port: 80,
    serverPort: 8080,
    servers: ['10.20.5.10', '10.20.5.11'],
    perSecond: 0.3,
    seconds: 2,
  },
  { ...v4, way: 'in', protocol: 'tcp', port: 25, servers: ['10.20.5.25'], perSecond: 0.15, seconds: 6 },
  {
    ...v4,
    way: 'in',
    protocol: 'udp',
    port: 51820,
    servers: ['10.20.5.51'],
    perSecond: 0.004,
    seconds: 3600,
  },
  {
    ...v4,
    way: 'inside',
    protocol: 'tcp',
    port: 5432,
    servers: ['10.20.6.32'],
    perSecond: 0.03,
    seconds: 1800,
  },
];

const beginningsPerSecond = services.reduce((sum, service) => sum + service.perSecond, 0);

/** How long until the next one begins, ms: busier and quieter over a few minutes, as people are. */
export function pauseBeforeNext(random: Random, at: number): number {
  const minutes = at / 60_000;
  const mood =
    1 + 0.18 * Math.sin((2 * Math.PI * minutes) / 3) + 0.08 * Math.sin((2 * Math.PI * minutes) / 0.7);
  return random.exponential(1000 / (beginningsPerSecond * mood));
}

export function newFlow(random: Random, id: number, at: number): Flow {
  let lot = random.next() * beginningsPerSecond;
  const service =
    services.find(({ perSecond }) => {
      lot -= perSecond;
      return lot < 0;
    }) ?? services[0];
  return flowOf(service, random, id, at, random.exponential(service.seconds * 1000));
}

/** What is there already when the story begins: exponential lives have the same time behind and before them. */
export const firstFlows = (random: Random, nextId: () => number, at: number): Flow[] =>
  services.flatMap((service) =>
    Array.from({ length: Math.round(service.perSecond * service.seconds) }, () => {
      const [age, left] = [
        random.exponential(service.seconds * 1000),
        random.exponential(service.seconds * 1000),
      ];
      return flowOf(service, random, nextId(), at - age, age + left);
    }),
  );

function flowOf(service: Service, random: Random, id: number, bornAt: number, lifeMs: number): Flow {
  const answeredAt = service.silent ? Number.POSITIVE_INFINITY : bornAt + random.integer(4, 70);
  const closedAt = service.silent ? bornAt : Math.max(bornAt + lifeMs, answeredAt);
  const { family, protocol } = service;
  const life = { bornAt, answeredAt, closedAt };
  const lingerSeconds =
    protocol === 'tcp' && !service.silent && random.chance(0.15) ? 10 : idleSeconds(protocol, life);
  return {
    id,
    family,
    protocol,
    ...tuplesOf(service, random),
    ...life,
    goneAt: closedAt + lingerSeconds * 1000,
    pauseMs: Math.min(20_000, Math.max(40, lifeMs / random.integer(15, 60))),
    packetBytes:
      protocol === 'tcp'
        ? [random.integer(52, 400), random.integer(200, 1448)]
        : [84, random.integer(84, 600)],
  };
}

function tuplesOf(service: Service, random: Random): { original: Ends; reply: Ends } {
  const { way, family, port, protocol } = service;
  const server = random.pick(service.servers);
  const client = clientOf(way, family, random);
  if (protocol === 'icmp' || protocol === 'icmpv6') {
    const id = random.integer(1, 65_535);
    const source = protocol === 'icmp' ? wanAddress : client;
    return {
      original: { src: client, dst: server, sport: id, dport: id },
      reply: { src: server, dst: source, sport: id, dport: id },
    };
  }
  const sport = protocol === 'udp' && port === 5060 ? 5060 : random.integer(32_768, 60_999);
  const published = way === 'in' ? wanAddress : server;
  const masked = way === 'out' && family === 'ipv4' ? wanAddress : client;
  return {
    original: { src: client, dst: published, sport, dport: port },
    reply: { src: server, dst: masked, sport: service.serverPort ?? port, dport: sport },
  };
}

function clientOf(way: Service['way'], family: Flow['family'], random: Random): string {
  if (way === 'in') return `${random.pick(['198.51.100', '192.0.2'])}.${random.integer(1, 254)}`;
  return family === 'ipv6'
    ? `2001:db8:20::${random.integer(0x100, 0xfff).toString(16)}`
    : `10.20.${random.integer(1, 3)}.${random.integer(10, 250)}`;
}

/** Answered for a while, so that the kernel keeps it when its table is full. */
const isAssured = ({
  protocol,
  answeredAt,
  closedAt,
}: Pick<Flow, 'protocol' | 'answeredAt' | 'closedAt'>): boolean =>
  answeredAt <= closedAt && (protocol === 'tcp' || (protocol === 'udp' && closedAt - answeredAt > 2_000));

/** The kernel's defaults for what ended or was never answered. */
const idleSeconds = (protocol: Flow['protocol'], life: Pick<Flow, 'answeredAt' | 'closedAt'>): number =>
  protocol === 'tcp' || isAssured({ protocol, ...life }) ? 120 : 30;

export interface FlowState {
  /** TCP's alone. */
  readonly state?: string;
  readonly timeout: number;
  readonly unreplied: boolean;
  readonly assured: boolean;
}

/** How the kernel would print the flow at a moment. */
export function stateOf(flow: Flow, at: number): FlowState {
  const open = at < flow.closedAt;
  const unreplied = at < flow.answeredAt;
  const longest = flow.protocol === 'tcp' && !unreplied ? 432_000 : idleSeconds(flow.protocol, flow);
  const idle = ((at - flow.bornAt) % flow.pauseMs) / 1000;
  const timeout = Math.max(0, Math.floor(open ? longest - idle : (flow.goneAt - at) / 1000));
  const assured = !unreplied && isAssured(flow);
  if (flow.protocol !== 'tcp') return { timeout, unreplied, assured };
  const closed = flow.goneAt - flow.closedAt > 10_000 ? 'TIME_WAIT' : 'CLOSE';
  return { state: unreplied ? 'SYN_SENT' : open ? 'ESTABLISHED' : closed, timeout, unreplied, assured };
}

/** Packets and bytes per direction since a kernel began to count them. */
export function trafficOf(flow: Flow, from: number, at: number): readonly [Counted, Counted] {
  const seconds = Math.max(0, Math.min(at, flow.closedAt) - Math.max(from, flow.bornAt));
  const there = Math.floor(seconds / flow.pauseMs) + (from <= flow.bornAt ? 1 : 0);
  const back = at < flow.answeredAt ? 0 : there;
  const [request, answer] = flow.packetBytes;
  return [
    { packets: there, bytes: there * request },
    { packets: back, bytes: back * answer },
  ];
}

export interface Counted {
  readonly packets: number;
  readonly bytes: number;
}

/** What makes two flows the same to a kernel. */
export const tupleKey = ({ protocol, original: { src, dst, sport, dport } }: Flow): string =>
  `${protocol} ${src} ${dst} ${sport} ${dport}`;

/** What a firewall does for itself: it is administered and measured, asks for the time, and sends its log away. */
export function ownFlows(site: NodeSite, at: number): readonly Flow[] {
  const [, lan, wan] = site.interfaces;
  if (!lan || !wan) return [];
  const always = {
    bornAt: at,
    answeredAt: at,
    closedAt: Number.POSITIVE_INFINITY,
    goneAt: Number.POSITIVE_INFINITY,
  };
  const ends = (
    protocol: 'tcp' | 'udp',
    id: number,
    [src, sport]: [string, number],
    [dst, dport]: [string, number],
  ): Flow => ({
    ...always,
    id: -id,
    family: 'ipv4',
    protocol,
    original: { src, dst, sport, dport },
    reply: { src: dst, dst: src, sport: dport, dport: sport },
    pauseMs: 15_000,
    packetBytes: [92, 148],
  });
  return [
    ends('tcp', 1, ['10.20.1.5', 51_514], [lan.address, 22]),
    ends('udp', 2, [wan.address, 123], ['192.0.2.123', 123]),
    ends('udp', 3, [lan.address, 41_822], ['10.20.6.14', 514]),
    ends('tcp', 4, ['10.20.6.9', 46_120], [lan.address, 9100]),
  ];
}
