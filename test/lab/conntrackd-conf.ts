/** A node's conntrackd.conf, as an operator would write it for the lab's mode, transport, links and caches. */
import { hasExternal, hasInternal } from './cells.ts';
import {
  addressOn,
  devices,
  type LabPlan,
  lanService,
  type NodePlan,
  segmentsOf,
  syncSegments,
  wanService,
} from './plan.ts';

export const conntrackdFile = '/etc/conntrackd/conntrackd.conf';
/** More than the kernel of any machine may hold, as it should be: the fault `full-cache` sets less. */
export const hashLimit = 2 ** 24;

export function conntrackdConf(node: NodePlan, plan: LabPlan): string {
  const own = segmentsOf(plan).map((segment) => addressOn(node, segment));
  const ignored = ['127.0.0.1', lanService, wanService, ...own];
  return `Sync {
    Mode ${plan.replication.mode.toUpperCase()} {
${lines(modeSettings(plan), 8)}
    }
${syncSegments(plan)
  .map((segment, i) => lines(channel(node, plan, segment, i), 4))
  .join('\n')}
}
General {
    HashSize 131072
    HashLimit ${hashLimit}
    LogFile /var/log/conntrackd.log
    Syslog off
    LockFile /var/lock/conntrack.lock
    UNIX {
        Path /var/run/conntrackd.ctl
    }
    NetlinkBufferSize 2097152
    NetlinkBufferSizeMaxGrowth 8388608
    NetlinkOverrunResync On
    Filter From Userspace {
        Protocol Accept {
            TCP
            UDP
            ICMP
        }
        Address Ignore {
${ignored.map((address) => `            IPv4_address ${address}`).join('\n')}
        }
    }
}
`;
}

/** ALARM cannot ask for a bulk: what it lacks comes with the next refresh, so that is made often. */
function modeSettings({ purgeSeconds, replication: { mode, caches } }: LabPlan): string[] {
  if (mode === 'alarm') return ['RefreshTime 10', 'CacheTimeout 180', `PurgeTimeout ${purgeSeconds}`];
  return [
    ...(mode === 'ftfw' ? ['ResendQueueSize 131072', 'ACKWindowSize 300'] : []),
    ...(hasInternal(caches) ? [] : ['DisableInternalCache On']),
    `DisableExternalCache ${hasExternal(caches) ? 'Off' : 'On'}`,
    `PurgeTimeout ${purgeSeconds}`,
    'StartupResync yes',
  ];
}

/** The second channel takes over where the first one loses its carrier: a group or a port of its own. */
function channel(node: NodePlan, plan: LabPlan, segment: 'sync' | 'spare', index: number): string[] {
  const { transport } = plan.replication;
  const peer = plan.nodes.find((each) => each !== node) ?? node;
  const place =
    transport === 'multicast'
      ? [`IPv4_address 225.0.0.${50 + index}`, `Group ${3780 + index}`, `IPv4_interface ${node[segment]}`]
      : [
          `IPv4_address ${node[segment]}`,
          `IPv4_Destination_Address ${peer[segment]}`,
          `Port ${3780 + index}`,
        ];
  const heading = transport === 'multicast' ? 'Multicast' : transport.toUpperCase();
  return [
    `${heading}${index === 0 && plan.replication.links === 2 ? ' Default' : ''} {`,
    ...place.map((each) => `    ${each}`),
    `    Interface ${devices[segment]}`,
    '    SndSocketBuffer 1249280',
    '    RcvSocketBuffer 1249280',
    '    Checksum on',
    '}',
  ];
}

const lines = (words: readonly string[], indent: number): string =>
  words.map((word) => ' '.repeat(indent) + word).join('\n');
