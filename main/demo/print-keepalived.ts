import { logDate } from './log-date.ts';
import { type InstanceSite, instances, paths, syncGroup } from './site.ts';
import { skewMs, type VrrpNode } from './vrrp.ts';

/** keepalived 2.2.7's dumps. One sync group holds every instance, so that the node's state is each instance's. */

const numbers = { BACKUP: 1, MASTER: 2, FAULT: 3 } as const;

export function keepalivedJson(node: VrrpNode): string {
  const isMaster = node.state === 'MASTER';
  const list = instances.map((instance) => ({
    data: {
      iname: instance.name,
      dont_track_primary: 0,
      skip_check_adv_addr: 0,
      strict_mode: 0,
      vmac_ifname: '',
      ifp_ifname: instance.interface,
      master_priority: node.heardPriority,
      last_transition: node.lastTransition / 1000,
      garp_delay: 5,
      garp_refresh: 0,
      garp_rep: 5,
      garp_refresh_rep: 1,
      garp_lower_prio_delay: 5,
      garp_lower_prio_rep: 5,
      lower_prio_no_advert: 0,
      higher_prio_send_advert: 0,
      vrid: instance.vrid,
      base_priority: node.site.priority,
      effective_priority: node.effectivePriority,
      vipset: isMaster,
      promote_secondaries: false,
      adver_int: 1,
      master_adver_int: 1,
      accept: 1,
      nopreempt: false,
      preempt_delay: 0,
      state: numbers[node.state],
      wantstate: numbers[node.state],
      version: 2,
      smtp_alert: false,
      notify_deleted: false,
      vips: [serviceAddress(instance, isMaster)],
      auth_type: 0,
    },
    stats: {
      advert_rcvd: node.advertsReceived,
      advert_sent: node.advertsSent,
      become_master: node.becameMaster,
      release_master: node.releasedMaster,
      packet_len_err: 0,
      advert_interval_err: 0,
      ip_ttl_err: 0,
      invalid_type_rcvd: 0,
      addr_list_err: 0,
      invalid_authtype: 0,
      authtype_mismatch: 0,
      auth_failure: 0,
      pri_zero_rcvd: node.zeroReceived,
      pri_zero_sent: node.zeroSent,
    },
  }));
  // As its C library writes JSON: slashes escaped, six decimals.
  const text = JSON.stringify(list)
    .replaceAll('/', '\\/')
    .replace(
      /("last_transition":)([\d.]+)/g,
      (_, key: string, value: string) => key + Number(value).toFixed(6),
    );
  return `${text}\n`;
}

export function keepalivedData(node: VrrpNode, at: number): string {
  const tracked = (name: 'handover' | 'maintenance', weight: number) =>
    ` Track file = ${name}\n   File = ${paths[name]}\n   Status = ${node[name]}\n   Weight = 1\n   Tracking instances :\n` +
    instances.map((instance) => `     ${instance.name}, weight ${weight}\n`).join('');
  return (
    `------< Global definitions >------\n Network namespace = (default)\n Router ID = ${node.site.name}\n` +
    ` Dynamic interfaces = false\n VRRP IPv4 mcast group = 224.0.0.18\n VRRP default protocol version = 2\n` +
    ` Num adverts before down = 3\n Script security enabled\n umask = 0177\n` +
    `------< VRRP Topology >------\n${instances.map((instance) => instanceData(node, instance, at)).join('')}` +
    `------< VRRP Sync groups >------\n VRRP Sync Group = ${syncGroup}, ${node.state}\n` +
    `   Num member fault ${node.state === 'FAULT' ? instances.length : 0}, num member init 0\n` +
    `   VRRP member instances :\n${instances.map(({ name }) => `     ${name}\n`).join('')}` +
    `   Using smtp notification = no\n   Tracked files :\n     handover, weight 1\n     maintenance, weight 0\n` +
    `------< VRRP Track files >------\n${tracked('handover', 1)}${tracked('maintenance', 0)}` +
    `------< Interfaces >------\n${interfacesData(node)}`
  );
}

const serviceAddress = ({ address, prefix, interface: device }: InstanceSite, isSet: boolean): string =>
  `${address}/${prefix} dev ${device} scope global${isSet ? ' set' : ''}`;

const moment = (at: number): string => {
  const micro = `${String(Math.floor(at % 1000)).padStart(3, '0')}000`;
  const [week, month, day, time, year] = logDate(at).split(/ +/);
  return `${Math.floor(at / 1000)}.${micro} (${week} ${month} ${day?.padStart(2)} ${time}.${micro} ${year})`;
};

function instanceData(node: VrrpNode, instance: InstanceSite, at: number): string {
  const own = node.site.interfaces.find(({ name }) => name === instance.interface);
  const heard = node.heardFrom?.interfaces.find(({ name }) => name === instance.interface);
  const isMaster = node.state === 'MASTER';
  const downMs = 3000 + skewMs(node);
  const listening = node.state === 'BACKUP' && heard;
  const lines = [
    'VRRP Version = 2',
    `Sync group = ${syncGroup}`,
    `State = ${node.state}`,
    ...(listening ? [`Master router = ${heard.address}`, `Master priority = ${node.heardPriority}`] : []),
    'Flags: none',
    `Wantstate = ${node.state}`,
    'Number of config faults = 0',
    `Number of interface and track script faults = ${node.state === 'FAULT' ? 1 : 0}`,
    'Number of track scripts init = 0',
    `Last transition = ${moment(node.lastTransition)}`,
    `Read timeout = ${node.state === 'FAULT' ? 'DISABLED' : moment(at + (isMaster ? 1000 : downMs))}`,
    `Master down timer = ${Math.floor(downMs * 1000)} usecs`,
    `Interface = ${instance.interface}`,
    `Using src_ip = ${own?.address}`,
    'Multicast address 224.0.0.18',
    'Gratuitous ARP delay = 5',
    'Gratuitous ARP repeat = 5',
    'Gratuitous ARP refresh = 0',
    'Gratuitous ARP refresh repeat = 1',
    'Gratuitous ARP lower priority delay = 5',
    'Gratuitous ARP lower priority repeat = 5',
    'Down timer adverts = 3',
    'Send advert after receive lower priority advert = true',
    'Send advert after receive higher priority advert = false',
    `Virtual Router ID = ${instance.vrid}`,
    `Priority = ${node.site.priority}`,
    `Effective priority = ${node.effectivePriority}`,
    `Total priority = ${node.effectivePriority}`,
    'Advert interval = 1 sec',
    'Accept = enabled',
    'Preempt = enabled',
    'Promote_secondaries = disabled',
    'Authentication type = none',
    'Virtual IP (1):',
    `  ${serviceAddress(instance, isMaster)}`,
    'fd_in 14, fd_out 15',
    'Using smtp notification = no',
    'Notify deleted = Fault',
    'Notify priority changes = false',
  ];
  return ` VRRP Instance = ${instance.name}\n${lines.map((line) => `   ${line}\n`).join('')}`;
}

const interfacesData = ({ site }: VrrpNode): string =>
  site.interfaces
    .map((each) => {
      const loopback = each.name === 'lo';
      const lines = [
        `index = ${each.index}`,
        `IPv4 address = ${each.address}`,
        `IPv6 address = ${loopback ? '(none)' : each.linkLocal}`,
        ...(loopback ? [] : [`MAC = ${each.mac}`, 'MAC broadcast = ff:ff:ff:ff:ff:ff']),
        `State = UP, RUNNING${loopback ? ', no broadcast, loopback, no multicast' : ''}`,
        `MTU = ${loopback ? 65_536 : 1500}`,
        `HW Type = ${loopback ? 'LOOPBACK' : 'ETHERNET'}`,
      ];
      return ` Name = ${each.name}\n${lines.map((line) => `   ${line}\n`).join('')}`;
    })
    .join('');
