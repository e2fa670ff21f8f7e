import type { NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { type Gate, type GateCode, readinessOf } from '../../../shared/domain/readiness.ts';
import {
  compareParity,
  type ParityReadings,
  type ReadinessDiff,
} from '../../../shared/domain/readiness-diff.ts';
import { gateRemedies } from '../../../shared/domain/readiness-remedies.ts';

const conntrackd = 'sudo -n /usr/sbin/conntrackd -C /etc/conntrackd/conntrackd.conf -s';

/** What a slave in order has in each gate, how long ago (ms) it was read, and by what. */
const passes: Readonly<Record<GateCode, readonly [message: string, age: number, source: string]>> = {
  'fresh-data': ['the node answers, and nothing that moves is older than 6 s', 700, 'ip -j addr'],
  'agent-answers': ['it answers within 2 s, in FTFW as fw1', 300, conntrackd],
  'link-running': ["sync0 is RUNNING, and the master's messages arrive", 300, conntrackd],
  'in-step': ["in step with fw1: the master's messages keep arriving", 300, conntrackd],
  'no-losses': ['no entry refused, no message malformed or dropped, no event overrun', 300, conntrackd],
  room: ['its own 21 and the replicated 48198 fill 18 % of 262144', 300, 'sudo -n /usr/sbin/conntrack -C'],
  'takeover-standby': [
    'BACKUP, and /etc/conntrackd/primary-backup.sh can be run',
    21_000,
    '/usr/bin/stat -L -c %n\t%a\t%F /etc/conntrackd/primary-backup.sh',
  ],
  'one-master': ['one master: fw1 of LAN (10.77.1.1) and fw1 of WAN (10.77.2.1)', 400, 'ip -j addr'],
  'nothing-pending': [
    'no commit is running, and no flush of the table is due',
    6_000,
    'sudo -n /usr/bin/tail -n 400 /var/log/conntrackd.log',
  ],
  'same-rules': [
    'the same 34 lines of rules and 16 kernel settings as fw1, no helper missing',
    21_000,
    'sudo -n /usr/sbin/nft list ruleset',
  ],
  'data-plane': [
    'carrier on lan0 and wan0; the same routes as fw1; 203.0.113.14 answered 4 s ago',
    6_000,
    '/usr/sbin/ip -j -s neigh',
  ],
};

type Open = Partial<Record<GateCode, readonly ['fail' | 'unknown', string]>>;

/** The readiness of a slave all of whose gates pass but those that are named. */
export function ready(
  at: number,
  open: Open = {},
): Pick<NodeSnapshot, 'readiness' | 'gates' | 'expectedCommit'> {
  const gates = (Object.keys(passes) as GateCode[]).map((code): Gate => {
    const [message, age, source] = passes[code];
    const [result, found] = open[code] ?? (['pass', message] as const);
    const remedy = result === 'fail' ? { remedy: gateRemedies[code] } : {};
    return { code, result, message: found, ...remedy, observedAt: at - age, source };
  });
  return { readiness: readinessOf(gates), gates, expectedCommit: { seconds: 0.57, basis: 'last-commit' } };
}

/** A slave that nothing can be asked of. */
export const unreadable = (at: number, message: string): Pick<NodeSnapshot, 'readiness' | 'gates'> => ({
  readiness: 'unknown',
  gates: (Object.keys(passes) as GateCode[]).map((code) => ({
    code,
    result: 'unknown',
    message,
    observedAt: at - 14_000,
    source: 'ssh 10.77.250.2',
  })),
});

const rules = (ssh: string, drop: readonly string[]): string =>
  [
    'table inet firewall {',
    '\tchain forward {',
    '\t\ttype filter hook forward priority filter; policy drop;',
    '\t\tct state invalid counter drop',
    '\t\tct state established,related accept',
    ...drop,
    ...Array.from({ length: 14 }, (_, index) => `\t\tip saddr 10.1.${index}.0/24 tcp dport 443 accept`),
    `\t\ttcp dport 22 ip saddr ${ssh} accept`,
    '\t}',
    '}',
  ].join('\n');

const parity = (at: number, text: string, loose: string, routes: readonly string[]): ParityReadings => {
  const read = <T>(value: T, source: string) => ({ ok: true, value, observedAt: at - 200, source }) as const;
  return {
    rules: read(text, 'sudo -n /usr/sbin/nft list ruleset'),
    settings: read(
      { 'net.ipv4.ip_forward': '1', 'net.netfilter.nf_conntrack_tcp_loose': loose },
      '/usr/sbin/sysctl -e net.ipv4.ip_forward net.netfilter.nf_conntrack_tcp_loose',
    ),
    helpers: read(['nf_conntrack_ftp'], '/usr/bin/cat /proc/modules'),
    routes: read(
      routes.map((gateway) => ({
        destination: 'default',
        gateways: [gateway],
        device: 'wan0',
        origin: 'static',
      })),
      '/usr/sbin/ip -j route; /usr/sbin/ip -j -6 route',
    ),
  };
};

export const madeUpDiff = (at: number): ReadinessDiff =>
  compareParity(
    ['fw2', parity(at, rules('10.9.0.0/16', []), '1', ['203.0.113.14'])],
    ['fw1', parity(at, rules('10.9.4.0/24', ['\t\ttcp dport 23 drop']), '0', ['203.0.113.14'])],
  );
