/** That the known traps are named on real programs when they are there, and none of them when they are not. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { fixture } from '../support/fixture.ts';
import { conntrackdFile } from './conntrackd-conf.ts';
import { type Lab, up } from './lab.ts';
import { mustOn } from './node.ts';
import { startService, stopService } from './services.ts';
import { must, until } from './shell.ts';
import { endProcesses, enter, startProcess, stateFolder } from './spaces.ts';
import { type Cluster, watchStatus } from './watch-status.ts';

const state = mkdtempSync(join(tmpdir(), 'handover-traps-'));
const environment = { ...process.env, XDG_STATE_HOME: state };
const script = '/etc/conntrackd/primary-backup.sh';
let lab: Lab;

afterAll(() => rmSync(state, { recursive: true, force: true }));

/** What a console that starts now comes to say; it reads every file anew. Resolves with how long that took, too. */
async function see(
  what: string,
  matches: (cluster: Cluster) => boolean,
  inventory: string = lab.inventory.ops,
) {
  const observer = watchStatus(inventory, environment);
  try {
    const seconds = await observer.until(what, matches, 60);
    const cluster = observer.newest();
    if (cluster === undefined) throw new Error('nothing was said');
    return { cluster, seconds };
  } finally {
    observer.end();
  }
}

const open = ({ traps = [] }: Cluster): string[] =>
  traps.flatMap(({ code, node = 'all', state }) => (state === 'unknown' ? [] : [`${code} ${node}`]));
const named =
  (...traps: string[]) =>
  (cluster: Cluster): boolean =>
    traps.every((trap) => open(cluster).includes(trap));

/** Changes conntrackd.conf of a node by sed, and starts the daemon with it. */
async function reconfigure(node: string, ...changes: string[]): Promise<void> {
  await mustOn(node, ['sed', '-i', ...changes.flatMap((each) => ['-e', each]), conntrackdFile]);
  await stopService(node, 'agent');
  await startService(node, 'agent');
}

describe('two nodes', () => {
  beforeAll(async () => {
    lab = await up();
  }, 700_000);
  afterAll(async () => lab?.down());

  test('that are set up as they should be have none, and everything could be looked for', async () => {
    const { cluster } = await see('every trap to be looked for', ({ verdict, traps }) => {
      return verdict === 'ok' && traps?.every(({ state }) => state !== 'unknown') === true;
    });
    expect(open(cluster)).toEqual([]);
  }, 90_000);

  test('messages that were lost and sent again are called no losses', async () => {
    await lab.traffic.start();
    const count = async (node: string, words: RegExp) =>
      Number(words.exec((await lab.exec(node, ['conntrackd', '-s'])).stdout)?.[1] ?? 0);
    const sent = () => count('fw1', /(\d+) Pckts sent/);
    await lab.fault('one-way', true, 'fw2');
    const before = await sent();
    await until('messages to be missed', async () => ((await sent()) > before + 10 ? true : undefined));
    await lab.fault('one-way', false, 'fw2');
    await until('the gap to be counted', async () =>
      (await count('fw2', /(\d+) Lost msgs/)) > 0 ? true : undefined,
    );
    await lab.traffic.stop();
    await see('the gap to be explained', named('lost-is-not-loss fw2'));
  }, 90_000);

  test('another cluster in their multicast group is heard', async () => {
    try {
      const address = await foreignDaemon();
      const { cluster, seconds } = await see('the other cluster to be heard', (seen) =>
        open(seen).some((each) => each.startsWith('shared-group')),
      );
      console.warn(`a third daemon at ${address} was told ${seconds.toFixed(1)} s after the console's start`);
      const trap = cluster.traps?.find(({ code }) => code === 'shared-group');
      expect(trap).toMatchObject({ state: 'possible' });
      expect(trap?.sentence).toContain('225.0.0.50 port 3780');
    } finally {
      await endProcesses('foreign');
    }
  }, 90_000);

  test('a bad configuration, silent events and a script that cannot run or does harm are each named', async () => {
    await mustOn('fw2', ['tee', script], { input: fixture('conntrackd/1.4.7/primary-backup.sh') });
    await mustOn('fw2', ['chmod', '644', script]);
    await mustOn('fw2', ['sysctl', '-q', '-w', 'net.netfilter.nf_conntrack_events=2']);
    await reconfigure(
      'fw2',
      's/HashLimit .*/HashLimit 1000/',
      's/StartupResync .*/StartupResync no/',
      's/Mode FTFW/Mode NOTRACK/',
      '/ResendQueueSize/d',
      's/ACKWindowSize.*/DisableInternalCache On/',
      's/DisableExternalCache .*/DisableExternalCache On/',
    );
    const there = [
      'hash-limit',
      'no-startup-resync',
      'events',
      'hook-not-executable',
      'internal-cache-off-with-flush',
      'external-cache-off-with-script',
    ];
    await see('all six', named(...there.map((code) => `${code} fw2`)));
  }, 90_000);

  test('a lock that a killed daemon left is named, and not the lock of one that runs', async () => {
    await mustOn('fw2', ['pkill', '--signal', 'KILL', '-x', 'conntrackd']);
    const { cluster } = await see('the lock', named('stale-lock fw2'));
    expect(open(cluster)).not.toContain('stale-lock fw1');
    expect(cluster.traps?.find(({ code }) => code === 'stale-lock')?.snippet?.text).toContain(
      'rm /var/lock/conntrack.lock',
    );
  }, 90_000);
});

describe('three nodes', () => {
  beforeAll(async () => {
    lab = await up({ nodes: 3 });
  }, 700_000);
  afterAll(async () => lab?.down());

  test('in FTFW are told that this mode is for two', async () => {
    await see('the mode to be named', named('three-nodes-ftfw all'));
  }, 90_000);

  test('of which one is another cluster in the inventory, the shared group is certain and both are named', async () => {
    const { cluster } = await see('the shared group', present('shared-group'), splitInventory());
    const trap = cluster.traps?.find((each) => each.code === 'shared-group' && each.state === 'present');
    expect(trap?.sentence).toMatch(
      /^fw[12] hears packets on 225\.0\.0\.50 port 3780 that no node of this cluster sent; fw3 of other speaks there too\.$/,
    );
  }, 90_000);
});

const present =
  (code: string) =>
  ({ traps = [] }: Cluster): boolean =>
    traps.some((trap) => trap.code === code && trap.state === 'present');

/** The lab's inventory with its third node as a cluster of its own, on the sync segment of the other two. */
function splitInventory(): string {
  const { clusters } = parse(readFileSync(lab.inventory.ops, 'utf8')) as {
    clusters: { name: string; nodes: { name: string }[] }[];
  };
  const file = join(state, 'split.yaml');
  const parts = ['lab', 'other'].flatMap((name, i) =>
    clusters.map((each) => ({
      ...each,
      name,
      nodes: each.nodes.filter((node) => (node.name === 'fw3') === (i === 1)),
    })),
  );
  writeFileSync(file, stringify({ clusters: parts }));
  return file;
}

/** A conntrackd that belongs to no node of the cluster, plugged into its sync segment. */
async function foreignDaemon(): Promise<string> {
  const address = '10.77.100.99';
  const file = `${stateFolder}/foreign.conf`;
  writeFileSync(
    file,
    `Sync {
    Mode FTFW {
    }
    Multicast {
        IPv4_address 225.0.0.50
        Group 3780
        IPv4_interface ${address}
        Interface br-sync
        Checksum on
    }
}
General {
    HashSize 1024
    HashLimit 2048
    LogFile ${stateFolder}/foreign.log
    LockFile ${stateFolder}/foreign.lock
    UNIX {
        Path ${stateFolder}/foreign.ctl
    }
}
`,
  );
  const inSwitch = enter('switch', 'network');
  await must([...inSwitch, 'ip', 'address', 'add', `${address}/24`, 'dev', 'br-sync']);
  startProcess('foreign', [...inSwitch, '/usr/sbin/conntrackd', '-C', file]);
  return address;
}
