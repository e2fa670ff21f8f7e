import { keepalivedData, keepalivedJson } from './print-keepalived.ts';
import {
  ackWindow,
  connectionsMax,
  instances,
  paths,
  purgeSeconds,
  resendQueueSize,
  syncGroup,
} from './site.ts';
import type { World, WorldNode } from './world.ts';

/** A file of a node. `text` is undefined for a directory. Times: ms since the epoch. */
export interface NodeFile {
  readonly text?: () => string;
  readonly modifiedAt: () => number;
  /** Octal, as `stat` prints it. Owner and group are root everywhere. */
  readonly mode: string;
  readonly write?: (text: string) => void;
  /** `modifiedAt` is by the node's own clock already. */
  readonly hasOwnClock?: boolean;
}

export interface NodeFiles {
  readonly get: (path: string) => NodeFile | undefined;
  /** keepalived writes its dump a moment after the signal. */
  readonly dump: (form: 'json' | 'data') => void;
}

/** Dumps of the real program took 37 to 79 ms. */
const dumpMs = 45;

export function createFiles(world: World, node: WorldNode): NodeFiles {
  const bootedAt = node.sync.startedAt;
  const fixed = (text: string, mode = '644'): NodeFile => ({
    text: () => text,
    modifiedAt: () => bootedAt,
    mode,
  });
  const lever = (name: 'handover' | 'maintenance'): NodeFile => {
    let content = '0\n';
    let modifiedAt = bootedAt;
    return {
      text: () => content,
      modifiedAt: () => modifiedAt,
      mode: '644',
      write: (text) => {
        content = text;
        modifiedAt = world.timeline.now();
        world.track(node.vrrp, name, Number.parseInt(text, 10) || 0);
      },
    };
  };
  const files = new Map<string, NodeFile>([
    [paths.conntrackdConfig, fixed(conntrackdConfig(node))],
    [paths.keepalivedConfig, fixed(keepalivedConfig(node), '600')],
    [paths.notifyScript, fixed(notifyScript, '755')],
    ['/sys/devices/system/cpu/online', fixed('0-3\n')],
    [
      '/proc/meminfo',
      fixed('MemTotal:        8039408 kB\nMemFree:         5210772 kB\nMemAvailable:    6618300 kB\n'),
    ],
    [`/proc/${node.site.pids.conntrackd}/status`, fixed('Name:\tconntrackd\nVmRSS:\t   18436 kB\n')],
    [paths.keepalivedPid, fixed(`${node.site.pids.keepalived}\n`)],
    [
      paths.connectionsCount,
      {
        text: () => `${node.sync.kernel.size + node.own.length}\n`,
        modifiedAt: () => world.timeline.now(),
        mode: '444',
      },
    ],
    [paths.connectionsMax, fixed(`${connectionsMax}\n`)],
    [paths.handover, lever('handover')],
    [paths.maintenance, lever('maintenance')],
    [paths.levers, { modifiedAt: () => bootedAt, mode: '755' }],
    [
      paths.conntrackdLog,
      {
        text: () => `${node.sync.log.join('\n')}\n`,
        modifiedAt: node.sync.loggedAt,
        mode: '600',
        hasOwnClock: true,
      },
    ],
    [
      paths.keepalivedLog,
      {
        text: () => node.vrrp.log.map((line) => `${line}\n`).join(''),
        modifiedAt: () => node.vrrp.loggedAt,
        mode: '640',
        hasOwnClock: true,
      },
    ],
  ]);
  return {
    get: (path) => files.get(path),
    dump: (form) =>
      world.timeline.after(dumpMs, () => {
        const at = world.timeline.now();
        const text = form === 'json' ? keepalivedJson(node.vrrp) : keepalivedData(node.vrrp, at);
        files.set(`/tmp/keepalived.${form}`, { text: () => text, modifiedAt: () => at, mode: '600' });
      }),
  };
}

const keepalivedConfig = ({ site }: WorldNode): string => `vrrp_sync_group ${syncGroup} {
	group {
${instances.map(({ name }) => `\t\t${name}\n`).join('')}	}
${(
  [
    ['master', 'primary'],
    ['backup', 'backup'],
    ['fault', 'fault'],
  ] as const
)
  .map(([event, word]) => `\tnotify_${event} "${paths.notifyScript} ${word}"\n`)
  .join('')}}
${instances
  .map(
    (instance) => `
vrrp_instance ${instance.name} {
	state BACKUP
	interface ${instance.interface}
	virtual_router_id ${instance.vrid}
	priority ${site.priority}
	advert_int 1
	virtual_ipaddress {
		${instance.address}/${instance.prefix} dev ${instance.interface}
	}
}
`,
  )
  .join('')}`;

const conntrackdConfig = ({ site }: WorldNode): string => `Sync {
	Mode FTFW {
		ResendQueueSize ${resendQueueSize}
		ACKWindowSize ${ackWindow}
		PurgeTimeout ${purgeSeconds}
		DisableExternalCache Off
		StartupResync yes
	}
	Multicast {
		IPv4_address 225.0.0.50
		Group 3780
		IPv4_interface ${site.interfaces.find(({ name }) => name === 'sync0')?.address}
		Interface sync0
		SndSocketBuffer 1249280
		RcvSocketBuffer 1249280
		Checksum on
	}
}

General {
	HashSize 65536
	HashLimit ${2 * connectionsMax}
	LogFile ${paths.conntrackdLog}
	LockFile /var/lock/conntrack.lock
	UNIX {
		Path /var/run/conntrackd.ctl
	}
	NetlinkBufferSize 2097152
	NetlinkBufferSizeMaxGrowth 8388608
	NetlinkOverrunResync On
	NetlinkEventsReliable Off
	Filter From Userspace {
		Address Ignore {
			IPv4_address 127.0.0.1
${site.interfaces
  .filter(({ name }) => name !== 'lo')
  .map(({ address }) => `\t\t\tIPv4_address ${address}\n`)
  .join('')}		}
	}
}
`;

/** The steps of conntrack-tools' own primary-backup.sh. */
const notifyScript = `#!/bin/sh
case "$1" in
  primary)
    /usr/sbin/conntrackd -c
    /usr/sbin/conntrackd -f
    /usr/sbin/conntrackd -R
    /usr/sbin/conntrackd -B
    ;;
  backup)
    /usr/sbin/conntrackd -t
    /usr/sbin/conntrackd -n
    ;;
  fault)
    /usr/sbin/conntrackd -t
    ;;
esac
`;
