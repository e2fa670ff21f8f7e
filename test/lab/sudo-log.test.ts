/** That the two lines of the sudo rules keep a console's reads out of a node's log, and nothing else. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, up } from './lab.ts';
import { mustOn } from './node.ts';
import { handoverFile } from './plan.ts';
import { until } from './shell.ts';
import { keepSyslog, quietenSudo, syslogOf } from './syslog.ts';
import { watchStatus } from './watch-status.ts';

const state = mkdtempSync(join(tmpdir(), 'handover-sudo-log-'));
let lab: Lab;
beforeAll(async () => {
  lab = await up();
  await keepSyslog('fw1');
}, 700_000);
afterAll(async () => {
  await lab?.down();
  rmSync(state, { recursive: true, force: true });
}, 60_000);

const bySudo = async () => (await syslogOf('fw1')).filter((line) => / sudo(?:\[\d+\])?: /.test(line));

/** Watches the cluster until every reading was taken once and several times what is read each second. */
async function watched(): Promise<void> {
  const watch = watchStatus(lab.inventory.ops, { ...process.env, XDG_STATE_HOME: state });
  try {
    await watch.until('the verdict is ok', ({ verdict }) => verdict === 'ok', 60);
    await watch.until(
      'everything to be looked for',
      ({ traps }) => traps?.every((trap) => trap.state !== 'unknown') === true,
      60,
    );
  } finally {
    watch.end();
  }
}

test('what only reads is logged unless these lines say otherwise, and what changes something always', async () => {
  await watched();
  expect((await bySudo()).join('\n')).toContain('/usr/sbin/conntrackd -C /etc/conntrackd/conntrackd.conf -s');
  await quietenSudo('fw1');
  // the console of before has ended on this machine; what it asked last may still come to its end on the node
  await until('sudo to end', async () =>
    (await lab.exec('fw1', ['pgrep', '-x', 'sudo'])).code === 1 ? true : undefined,
  );
  const before = (await bySudo()).length;
  await watched();
  expect((await bySudo()).slice(before)).toEqual([]);
  const asOps = ['setpriv', '--reuid=ops', '--regid=ops', '--clear-groups', '/usr/bin/sudo', '-n'];
  await mustOn('fw1', [...asOps, '/usr/bin/tee', handoverFile], { input: '0\n' });
  expect((await bySudo()).slice(before).join('\n')).toContain(`COMMAND=/usr/bin/tee ${handoverFile}`);
}, 180_000);
