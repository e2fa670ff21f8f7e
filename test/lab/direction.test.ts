/** That replication that goes one way, and a daemon that stalls, are told as what they are, soon, with what mends them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FaultName } from './faults.ts';
import { type Lab, up } from './lab.ts';
import { type Cluster, watchStatus } from './watch-status.ts';

const state = mkdtempSync(join(tmpdir(), 'handover-direction-'));
let lab: Lab;
let observer: ReturnType<typeof watchStatus>;

beforeAll(async () => {
  lab = await up();
  await lab.traffic.start();
  observer = watchStatus(lab.inventory.ops, { ...process.env, XDG_STATE_HOME: state });
}, 700_000);

afterAll(async () => {
  observer?.end();
  await lab?.down();
  rmSync(state, { recursive: true, force: true });
});

const slave = ({ nodes }: Cluster) => nodes.find(({ name }) => name === 'fw2');
const isWell = (cluster: Cluster) => cluster.verdict === 'ok' && slave(cluster)?.phase === 'in-step';

interface Case {
  readonly fault: FaultName;
  readonly at: string;
  readonly reason: string;
  readonly direction: Partial<NonNullable<NonNullable<ReturnType<typeof slave>>['direction']>>;
  readonly steps: readonly string[];
}
const conntrackd = 'sudo conntrackd -C /etc/conntrackd/conntrackd.conf';

test.each<Case>([
  {
    fault: 'one-way',
    at: 'fw2',
    reason: 'sync-silent',
    direction: { toSlave: 'lost', toMaster: 'flows' },
    steps: [`fw2: ${conntrackd} -n`],
  },
  {
    fault: 'one-way',
    at: 'fw1',
    reason: 'sync-one-way',
    direction: { toSlave: 'flows', toMaster: 'lost' },
    steps: [`fw1: ${conntrackd} -B`],
  },
  {
    fault: 'stall',
    at: 'fw2',
    reason: 'sync-stalled',
    direction: { stalled: 'fw2' },
    steps: ['fw2: sudo systemctl restart conntrackd', `fw2: ${conntrackd} -n`],
  },
  {
    fault: 'stall',
    at: 'fw1',
    reason: 'sync-stalled',
    direction: { stalled: 'fw1' },
    steps: ['fw1: sudo systemctl restart conntrackd', `fw1: ${conntrackd} -B`],
  },
])(
  '$fault at $at is told as $reason, with the remedy that fits',
  async (wanted) => {
    await observer.until('all to be well', isWell, 40);
    const startedAt = performance.now();
    await lab.fault(wanted.fault, true, wanted.at);
    const struck = performance.now();
    const told = (cluster: Cluster) =>
      cluster.reasons.some(({ code }) => code === wanted.reason) &&
      Object.entries(wanted.direction).every(
        ([way, state]) => slave(cluster)?.direction?.[way as keyof typeof wanted.direction] === state,
      );
    await observer.until(`${wanted.reason}, ${JSON.stringify(wanted.direction)}`, told, 20);
    const seen = performance.now();
    const said = observer.newest();
    await lab.fault(wanted.fault, false, wanted.at);
    const fw2 = said && slave(said);
    const steps = fw2?.remedy?.steps.map(({ node, command }) => `${node}: ${command}`) ?? [];
    expect(steps).toEqual(expect.arrayContaining([...wanted.steps]));
    expect(fw2?.remedy?.sideEffects).not.toBe('');
    const times = [seen - struck, seen - startedAt].map((ms) => (ms / 1_000).toFixed(1));
    console.warn(
      `${wanted.fault} at ${wanted.at}: told after ${times[0]} s (${times[1]} s from the command)`,
    );
  },
  90_000,
);
