import { type InstanceSite, type InterfaceSite, instances } from './site.ts';
import type { WorldNode } from './world.ts';

/** `ip -j addr`, as iproute2 6.1 prints it. */
export function addressesJson(node: WorldNode): string {
  const isMaster = node.vrrp.state === 'MASTER';
  return `${JSON.stringify(
    node.site.interfaces.map((each) => {
      const service = isMaster ? instances.filter((instance) => instance.interface === each.name) : [];
      const loopback = each.name === 'lo';
      return {
        ifindex: each.index,
        ifname: each.name,
        flags: loopback ? ['LOOPBACK', 'UP', 'LOWER_UP'] : ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
        mtu: loopback ? 65_536 : 1500,
        qdisc: loopback ? 'noqueue' : 'fq_codel',
        operstate: loopback ? 'UNKNOWN' : 'UP',
        group: 'default',
        txqlen: 1000,
        link_type: loopback ? 'loopback' : 'ether',
        address: each.mac,
        broadcast: loopback ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff',
        addr_info: [
          inet(each, each.address, each.prefix),
          ...service.map(({ address, prefix }) => inet(each, address, prefix, { secondary: true })),
          {
            family: 'inet6',
            local: each.linkLocal,
            prefixlen: loopback ? 128 : 64,
            scope: loopback ? 'host' : 'link',
            ...forever,
          },
        ],
      };
    }),
  )}\n`;
}

/** A line of `ip -o monitor address`. */
export function monitorLine(
  node: WorldNode,
  { interface: name, address, prefix }: InstanceSite,
  added: boolean,
): string {
  const index = node.site.interfaces.find((each) => each.name === name)?.index ?? 0;
  const what = `${index}: ${name}    inet ${address}/${prefix} scope global secondary ${name}`;
  return `${added ? '' : 'Deleted '}${what}\\       valid_lft forever preferred_lft forever\n`;
}

const forever = { valid_life_time: 4_294_967_295, preferred_life_time: 4_294_967_295 };

const inet = ({ name }: InterfaceSite, local: string, prefixlen: number, secondary = {}) => ({
  family: 'inet',
  local,
  prefixlen,
  scope: name === 'lo' ? 'host' : 'global',
  ...secondary,
  label: name,
  ...forever,
});
