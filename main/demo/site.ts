/** What does not change in the simulated site: two firewalls between an office, its servers and the internet. */

export interface NodeSite {
  readonly name: 'fw1' | 'fw2';
  readonly priority: number;
  readonly interfaces: readonly InterfaceSite[];
  readonly pids: { readonly keepalived: number; readonly vrrp: number; readonly conntrackd: number };
}

export interface InterfaceSite {
  readonly name: 'lo' | 'lan0' | 'wan0' | 'sync0';
  readonly index: number;
  readonly mac: string;
  readonly address: string;
  readonly prefix: number;
  readonly linkLocal: string;
}

/** A VRRP instance: its service address lies on its interface. */
export interface InstanceSite {
  readonly name: 'LAN' | 'WAN';
  readonly vrid: number;
  readonly interface: InterfaceSite['name'];
  readonly address: string;
  readonly prefix: number;
}

export const wanAddress = '203.0.113.1';
export const syncGroup = 'FW';
export const instances: readonly [InstanceSite, InstanceSite] = [
  { name: 'LAN', vrid: 71, interface: 'lan0', address: '10.20.0.1', prefix: 16 },
  { name: 'WAN', vrid: 72, interface: 'wan0', address: wanAddress, prefix: 28 },
];

export const paths = {
  conntrackdConfig: '/etc/conntrackd/conntrackd.conf',
  conntrackdLog: '/var/log/conntrackd.log',
  keepalivedLog: '/var/log/keepalived.log',
  keepalivedConfig: '/etc/keepalived/keepalived.conf',
  notifyScript: '/etc/conntrackd/primary-backup.sh',
  keepalivedPid: '/run/keepalived.pid',
  handover: '/var/lib/handover/handover',
  maintenance: '/var/lib/handover/maintenance',
  levers: '/var/lib/handover',
  connectionsCount: '/proc/sys/net/netfilter/nf_conntrack_count',
  connectionsMax: '/proc/sys/net/netfilter/nf_conntrack_max',
} as const;

export const connectionsMax = 262_144;
export const purgeSeconds = 60;
export const resendQueueSize = 131_072;
export const ackWindow = 300;

const interfacesOf = (node: 1 | 2): readonly InterfaceSite[] => {
  const ethernet = (name: InterfaceSite['name'], index: number, address: string, prefix: number) => ({
    name,
    index,
    address,
    prefix,
    mac: `52:54:00:20:0${index}:0${node}`,
    linkLocal: `fe80::5054:ff:fe20:${index}0${node}`,
  });
  return [
    { name: 'lo', index: 1, mac: '00:00:00:00:00:00', address: '127.0.0.1', prefix: 8, linkLocal: '::1' },
    ethernet('lan0', 2, `10.20.0.${node + 1}`, 16),
    ethernet('wan0', 3, `203.0.113.${node + 1}`, 28),
    ethernet('sync0', 4, `172.16.77.${node}`, 30),
  ];
};

export const sites: readonly [NodeSite, NodeSite] = [
  {
    name: 'fw1',
    priority: 150,
    interfaces: interfacesOf(1),
    pids: { keepalived: 712, vrrp: 715, conntrackd: 688 },
  },
  {
    name: 'fw2',
    priority: 100,
    interfaces: interfacesOf(2),
    pids: { keepalived: 704, vrrp: 707, conntrackd: 681 },
  },
];
