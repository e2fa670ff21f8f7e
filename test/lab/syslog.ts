/** What programs say to syslog on a node, of which the lab's nodes keep nothing unless asked. */
import { readFileSync } from 'node:fs';
import { mustOn, runOn } from './node.ts';
import { until } from './shell.ts';
import { holderOf, startProcess } from './spaces.ts';

const script = readFileSync(new URL('./node/syslog.sh', import.meta.url), 'utf8');

/** Keeps the node's syslog from now on, until the lab goes down. */
export async function keepSyslog(node: string): Promise<void> {
  const words = ['nsenter', '--target', String(holderOf(node)), '--mount', '--', '/bin/sh', '-c', script];
  startProcess(`syslog-${node}`, words);
  await until(`${node} to keep its syslog`, async () =>
    (await runOn(node, ['test', '-S', '/dev/log'])).code === 0 ? true : undefined,
  );
}

/** The lines that were kept, oldest first. */
export async function syslogOf(node: string): Promise<readonly string[]> {
  return (await mustOn(node, ['cat', '/var/log/auth.log'])).split('\n').filter((line) => line !== '');
}

/** Does what the end of the sudo rules says: takes the # away from the two lines that begin with `Defaults`. */
export async function quietenSudo(node: string): Promise<void> {
  const rules = '/etc/sudoers.d/handover';
  await mustOn(node, ['sed', '-i', 's/^#Defaults/Defaults/', rules]);
  await mustOn(node, ['visudo', '-cf', rules]);
}
