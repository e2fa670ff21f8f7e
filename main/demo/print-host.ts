import { connectionsMax, instances, type NodeSite } from './site.ts';

/** What a node of the simulated site has in its kernel beside connections. */

const upstream = { address: '203.0.113.14', device: 'wan0' } as const;

export const settings: Readonly<Record<string, string>> = {
  'net.ipv4.ip_forward': '1',
  'net.ipv4.ip_nonlocal_bind': '0',
  'net.ipv4.conf.all.rp_filter': '0',
  'net.ipv6.conf.all.forwarding': '0',
  'net.netfilter.nf_conntrack_max': String(connectionsMax),
  'net.netfilter.nf_conntrack_events': '1',
  'net.netfilter.nf_conntrack_acct': '1',
  'net.netfilter.nf_conntrack_tcp_loose': '0',
  'net.netfilter.nf_conntrack_tcp_be_liberal': '0',
  'net.netfilter.nf_conntrack_tcp_timeout_established': '432000',
};

/** The same on both nodes: rules name the service addresses, never a node's own. */
export const ruleset = `table inet firewall {
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state invalid counter packets 41 bytes 2460 drop
		ct state established,related accept
		iifname "lan0" oifname "wan0" ct state new accept
	}

	chain translate {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "wan0" snat ip to ${instances[1].address}
	}
}
`;

export const routesJson = (site: NodeSite): string =>
  `${JSON.stringify([
    { dst: 'default', gateway: upstream.address, dev: upstream.device, protocol: 'static', flags: [] },
    ...site.interfaces
      .filter(({ name }) => name !== 'lo')
      .map(({ name, address, prefix }) => ({
        dst: `${network(address, prefix)}/${prefix}`,
        dev: name,
        protocol: 'kernel',
        scope: 'link',
        prefsrc: address,
        flags: [],
      })),
  ])}\n`;

export const neighboursJson = `${JSON.stringify([
  {
    dst: upstream.address,
    dev: upstream.device,
    lladdr: '52:54:00:20:09:01',
    used: 4,
    confirmed: 4,
    updated: 11,
    probes: 1,
    state: ['REACHABLE'],
  },
])}\n`;

const network = (address: string, prefix: number): string => {
  const bits = address.split('.').reduce((all, byte) => all * 256 + Number(byte), 0);
  const size = 2 ** (32 - prefix);
  const first = Math.floor(bits / size) * size;
  return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.');
};
