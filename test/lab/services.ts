/** Start and stop of the three programs that make a node: what an operator does with systemctl. */
import { mustOn, runOn } from './node.ts';
import { until } from './shell.ts';

export const services = ['agent', 'takeover', 'sshd'] as const;
export type Service = (typeof services)[number];

const programs: Record<Service, { comm: string; start: string }> = {
  agent: {
    comm: 'conntrackd',
    // A daemon that was killed leaves its lock, and with the lock it does not start.
    start: 'rm -f /var/lock/conntrack.lock; exec /usr/sbin/conntrackd -C /etc/conntrackd/conntrackd.conf -d',
  },
  takeover: {
    comm: 'keepalived',
    // In the foreground, because it logs to a file only there; without IPVS, which a kernel may lack.
    start: 'setsid /usr/sbin/keepalived --dont-fork --log-console --vrrp >>/var/log/keepalived.log 2>&1 &',
  },
  sshd: { comm: 'sshd', start: 'exec /usr/sbin/sshd' },
};

export async function startService(node: string, service: Service): Promise<void> {
  if (await isRunning(node, service)) return;
  await mustOn(node, ['/bin/sh', '-c', `exec </dev/null >/dev/null 2>&1; ${programs[service].start}`]);
  await until(`${service} of ${node} to start`, async () =>
    (await isRunning(node, service)) ? true : undefined,
  );
}

/** Ends the program, and with sshd its open sessions too: a console must notice at once. */
export async function stopService(node: string, service: Service): Promise<void> {
  // Inside the node's own pid namespace: no process of the machine can be meant.
  await runOn(node, ['pkill', '--signal', 'TERM', '-x', programs[service].comm]);
  await until(`${service} of ${node} to stop`, async () =>
    (await isRunning(node, service)) ? undefined : true,
  );
}

export const isRunning = async (node: string, service: Service): Promise<boolean> =>
  (await pidOf(node, service)) !== undefined;

/** Of the program itself, in the node's own numbers; undefined: it does not run. */
export async function pidOf(node: string, service: Service): Promise<string | undefined> {
  // a child of the node's process 1: `conntrackd -s`, which a console asks each second, has the same name
  const { code, stdout } = await runOn(node, ['pgrep', '--parent', '1', '-x', programs[service].comm]);
  return code === 0 ? stdout.trim() : undefined;
}
