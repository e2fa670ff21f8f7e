/**
 * That a slave of a real cluster is known by name for what it lacks: flows kept from it by the filter of its master, by a
 * cut link, by a full cache. A count says what it can; the comparison says which.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../main/engine.ts';
import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import { conntrackdFile } from './conntrackd-conf.ts';
import { compare, inRanges, insert, type Slave } from './coverage-command.ts';
import { type Lab, up } from './lab.ts';
import { client } from './plan.ts';
import { startService, stopService } from './services.ts';
import { until } from './shell.ts';

const folder = mkdtempSync(join(tmpdir(), 'handover-coverage-'));
/** Flows from here are kept back by a line of the masters' filter. */
const unloved = '10.66.0.1';
const loved = '10.67.0.1';

let lab: Lab;
let engine: Engine;

/** The source ports of the missing flows from one address, and the reasons and evidence that they are given. */
function missingFrom(slave: Slave, src: string) {
  const rows = slave.connections.filter(
    (each) => each.class === 'missing' && each.connection.original.src === src,
  );
  return {
    ports: inRanges(rows.map(({ connection }) => connection.original.sport ?? 0)),
    reasons: [...new Set(rows.map(({ reason }) => reason))],
    evidence: [...new Set(rows.map(({ evidence }) => evidence))],
  };
}

const upTo = (count: number) => (count === 0 ? '' : `1-${count}`);

const slaveNow = (cluster: ClusterSnapshot) => cluster.nodes.find(({ name }) => name === 'fw2')?.replication;

/** What is told by count, as soon as it is so. */
async function counted(
  what: string,
  matches: (cluster: ClusterSnapshot) => boolean,
): Promise<ClusterSnapshot> {
  let last: ClusterSnapshot | undefined;
  const stop = engine.subscribe('fleet', ({ clusters: [cluster] }) => {
    last = cluster;
  });
  try {
    return await until(what, async () => (last && matches(last) ? last : undefined), 20_000);
  } catch (error) {
    throw new Error(
      `${error}; last: ${JSON.stringify(last && [slaveNow(last), last.protection, last.eligibility])}`,
    );
  } finally {
    stop();
  }
}

beforeAll(async () => {
  lab = await up();
  for (const node of ['fw1', 'fw2']) {
    const line = `/Address Ignore/a IPv4_address ${unloved}`;
    await lab.exec(node, ['sed', '-i', line, conntrackdFile]);
    await stopService(node, 'agent');
    await startService(node, 'agent');
  }
  await lab.untilInStep();
  engine = await createEngine({
    kind: 'browser',
    version: '0.0.0',
    inventoryPath: lab.inventory.root,
    stateDir: join(folder, 'engine'),
  });
}, 700_000);

afterAll(async () => {
  await engine?.close();
  await lab?.down();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

describe('the comparison', () => {
  test('calls nothing missing while 50 connections a second come and go', async () => {
    await lab.traffic.start({ churn: 50 });
    await counted('enough churn', (cluster) => (slaveNow(cluster)?.replicated ?? 0) > 150);
    const slave = await compare(lab, folder);
    await lab.traffic.stop();
    // from here on nothing ends by itself
    await lab.exec('fw1', ['conntrack', '-D', '-s', client.address]);
    // a firewall's own multicast is of no protocol that the filter accepts
    const lacked = slave.connections.filter((each) => ['missing', 'stale'].includes(each.class));
    expect(lacked.filter(({ evidence = '' }) => !evidence.includes('Protocol Accept'))).toEqual([]);
    expect(slave.of).toBeGreaterThan(150);
    expect(slave.replicated + slave.inFlight + slave.missing).toBe(slave.of);
    expect(slave.ghosts).toBe(0);
  });

  const old = '10.65.0.1';
  let kept = 0;
  test.each([1, 10, 1_000])(
    'names the %i that a filter and as many that a cut link keep, each with its reason',
    async (k) => {
      if (kept === 0) {
        await insert(lab, old, 1, 1_000);
        await lab.untilInStep();
        await lab.fault('sync-link', true);
      }
      await Promise.all([insert(lab, unloved, kept + 1, k), insert(lab, loved, kept + 1, k)]);
      kept = k;
      const [slave] = await Promise.all([
        compare(lab, folder),
        counted(`a count that says of ${k} what it can`, ({ protection, eligibility, nodes }) => {
          const { atRisk = 0, coverage } = nodes[1]?.replication ?? {};
          // what is filtered is in no count of what should be there: it lowers the eligibility alone
          const filtered = (eligibility?.value ?? 1) < 1;
          // 300 messages may be unacknowledged: what is fewer is not told from them
          const told = coverage?.distinguishable === k > 300;
          return filtered && told && protection?.atRisk === atRisk && Math.abs(atRisk - k) <= 30;
        }),
      ]);
      expect(missingFrom(slave, unloved)).toEqual({
        ports: upTo(k),
        reasons: ['filtered'],
        evidence: [
          expect.stringMatching(/^\/etc\/conntrackd\/conntrackd\.conf:\d+ Address Ignore 10\.66\.0\.1$/),
        ],
      });
      expect(missingFrom(slave, loved)).toEqual({
        ports: upTo(k),
        reasons: ['event-lost'],
        evidence: [expect.stringContaining('NO-CARRIER')],
      });
      const [, line = '0'] = /:(\d+) /.exec(missingFrom(slave, unloved).evidence[0] ?? '') ?? [];
      const { stdout } = await lab.exec('fw1', ['sed', '-n', `${line}p`, conntrackdFile]);
      expect(stdout).toContain(unloved);
    },
  );

  test('is not taken in by as many stale entries, which make the counts agree', async () => {
    await lab.exec('fw1', ['conntrack', '-D', '-s', old]);
    const [slave] = await Promise.all([
      compare(lab, folder, '--limit', '0'),
      counted('counts that cannot tell', ({ nodes }) => {
        const { atRisk = 1_000, coverage } = nodes[1]?.replication ?? {};
        return coverage?.distinguishable === false && atRisk <= 60;
      }),
    ]);
    expect(slave.missingByReason['event-lost']).toBeGreaterThanOrEqual(1_000);
    expect(slave.ghosts).toBeGreaterThanOrEqual(1_000);
    expect(slave.connections).toEqual([]);
  });

  test('finds them again once the link is mended, but for the filtered', async () => {
    await lab.fault('sync-link', false);
    await lab.untilInStep();
    const slave = await compare(lab, folder, '--limit', '3');
    expect(slave.missingByReason).toEqual({ filtered: expect.any(Number) });
    expect(slave.missing).toBeGreaterThanOrEqual(1_000);
    expect(slave.connections).toHaveLength(3);
  });

  let full = false;
  const late = '10.68.0.1';
  let lateOnes = 0;
  test.each([0, 1, 10, 1_000])('names the %i that a full cache keeps', async (k) => {
    if (!full) {
      await lab.fault('full-cache', true);
      await lab.untilInStep();
    }
    full = true;
    if (k > lateOnes) await insert(lab, late, lateOnes + 1, k);
    lateOnes = k;
    const slave = await compare(lab, folder);
    expect(missingFrom(slave, late)).toEqual({
      ports: upTo(k),
      reasons: k === 0 ? [] : ['cache-full'],
      evidence:
        k === 0
          ? []
          : [expect.stringMatching(/^the external cache of fw2 holds .* \(HashLimit in .*refused/)],
    });
    expect(missingFrom(slave, loved).ports).toBe('');
  });
});
