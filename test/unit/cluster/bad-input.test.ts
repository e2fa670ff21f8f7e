import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { readingValue } from '../../../shared/lib/reading.ts';
import { type Fault, type FaultyCluster, faultyCluster } from './faulty-cluster.ts';

// the fake clock knows no promises of Node's own
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

const hour = 3_600_000;
let cluster: FaultyCluster;
beforeEach(async () => {
  vi.useFakeTimers();
  cluster = faultyCluster();
  expect(await cluster.seconds(20)).toMatchObject({ verdict: 'ok', master: 'fw1' });
});
afterEach(() => {
  cluster.close();
  vi.useRealTimers();
});

/** Every figure of fw2 that was shown in these seconds. */
async function figures(
  seconds: number,
): Promise<{ replicated: number[]; connections: number[]; limits: number[] }> {
  const shown = { replicated: new Set<number>(), connections: new Set<number>(), limits: new Set<number>() };
  const note = ({ nodes }: ClusterSnapshot) => {
    const fw2 = nodes.find(({ name }) => name === 'fw2');
    const { connections, connectionsMax } = fw2?.readings ?? {};
    const seen = {
      replicated: fw2?.replication?.replicated,
      connections: readingValue(connections),
      limits: readingValue(connectionsMax),
    };
    for (const key of ['replicated', 'connections', 'limits'] as const)
      if (seen[key] !== undefined) shown[key].add(seen[key]);
  };
  const stop = cluster.watch.onSnapshot(note);
  await cluster.seconds(seconds);
  stop();
  return {
    replicated: [...shown.replicated],
    connections: [...shown.connections],
    limits: [...shown.limits],
  };
}

/** A configuration is read once a minute, and what rests on it up to ten seconds later. */
const well = async () =>
  expect(
    await cluster.seconds(80),
    cluster
      .snapshot()
      .reasons.map((r) => r.message)
      .join(),
  ).toMatchObject({ verdict: 'ok', master: 'fw1' });

const stdout =
  (of: RegExp, change: (text: string) => string): Fault =>
  (command, output) =>
    of.test(command) ? { ...output, stdout: change(output.stdout) } : output;

describe('half-written dumps', () => {
  it('show no figure that is cut short, wherever each is cut', async () => {
    const before = await figures(2);
    let cut = 7;
    cluster.fault('fw2', (_, output) => {
      // another place each time, all over the text
      cut = (cut * 31 + 11) % 997;
      return { ...output, stdout: output.stdout.slice(0, Math.floor((output.stdout.length * cut) / 997)) };
    });
    const during = await figures(40);
    for (const [key, values] of Object.entries(during)) {
      const known = before[key as keyof typeof before];
      const least = Math.min(...known) / 2;
      expect(
        values.filter((value) => value < least),
        `${key} beside ${known}`,
      ).toEqual([]);
    }
    expect(cluster.snapshot().verdict).not.toBe('ok');
    cluster.fault('fw2', undefined);
    await well();
  });
});

describe('counters that wrap or restart', () => {
  it('wrap at 2^32 without a jump in any rate, a loss or a restart', async () => {
    const rates = { least: Infinity, most: 0 };
    cluster.watch.onSnapshot(({ nodes }) => {
      const changes = nodes.find(({ name }) => name === 'fw1')?.rates?.changes;
      if (changes === undefined) return;
      rates.least = Math.min(rates.least, changes);
      rates.most = Math.max(rates.most, changes);
    });
    const first = new Map<string, number>();
    // of the same cache, since created − destroyed is what is alive
    const shifted = stdout(/conntrackd .*-s$/, (text) => {
      let cache = '';
      return text.replace(
        /^cache (\w+):$|(connections (?:created|destroyed):\s+)(\d+)/gm,
        (line, name, head, digits) => {
          if (name !== undefined) {
            cache = name;
            return line;
          }
          const from = first.get(cache) ?? Number(digits);
          first.set(cache, from);
          return `${head}${(Number(digits) - from + 2 ** 32 - 40) % 2 ** 32}`;
        },
      );
    });
    cluster.fault('fw1', shifted);
    await cluster.seconds(5);
    Object.assign(rates, { least: Infinity, most: 0 });
    const { verdict } = await cluster.seconds(30);
    expect(verdict).toBe('ok');
    expect(rates.least).toBeGreaterThan(0);
    expect(rates.most).toBeLessThan(1_000);
  });

  it('restart with the daemon: what it held is not shown on, and the slave is not ready', async () => {
    cluster.fault(
      'fw2',
      stdout(/conntrackd .*-s/, (text) => text.replace(/(?<=\s)\d+(?=\s)/g, '0')),
    );
    await cluster.seconds(3);
    expect(cluster.node('fw2').replication?.replicated).toBe(0);
    await cluster.seconds(10);
    expect(cluster.node('fw2').readiness).toBe('not-ready');
    expect(cluster.snapshot().verdict).toBe('critical');
  });
});

describe('a clock an hour off or stepping', () => {
  const ahead = (ms: number) => stdout(/bin\/date /, (text) => `${(Number(text) + ms / 1_000).toFixed(9)}\n`);

  it('of a node changes nothing but its offset', async () => {
    cluster.fault('fw2', ahead(hour));
    await cluster.seconds(5);
    expect(readingValue(cluster.node('fw2').readings.clockOffset)).toBeCloseTo(hour, -2);
    cluster.fault('fw2', ahead(-hour));
    expect(await cluster.seconds(5)).toMatchObject({ verdict: 'ok' });
    expect(readingValue(cluster.node('fw2').readings.clockOffset)).toBeCloseTo(-hour, -2);
  });

  it.each([-hour, hour])(
    'of our own by %i ms: all is read again, and nothing old is taken for new',
    async (by) => {
      cluster.setOurClock(by);
      const { nodes } = await cluster.seconds(5);
      for (const { name, observedAt, readings } of nodes) {
        for (const reading of [readings.agent, readings.addresses, readings.takeover, readings.connections])
          expect(Math.abs(Date.now() - (reading?.observedAt ?? 0)), name).toBeLessThan(5_000);
        expect(Date.now() - observedAt).toBeLessThan(5_000);
      }
      await well();
      // and what ends now is seen to end, by a clock that runs on
      cluster.fault('fw2', () => 'stalls');
      await cluster.seconds(8);
      expect(cluster.node('fw2')).toMatchObject({ reachable: false, role: 'unknown' });
    },
  );

  it('of our own, set back while a node hangs, makes nothing that it said before new', async () => {
    cluster.fault('fw2', () => 'stalls');
    await cluster.seconds(1);
    cluster.setOurClock(-hour);
    await cluster.seconds(8);
    expect(cluster.node('fw2')).toMatchObject({ reachable: false, role: 'unknown' });
    expect(cluster.snapshot().verdict).not.toBe('ok');
    cluster.fault('fw2', undefined);
    await well();
  });
});

describe('a translated locale', () => {
  it('in the words of what failed leaves it unknown, quotes it, and is never green', async () => {
    const said = "tail: '/var/log/conntrackd.log' kann nicht zum Lesen geöffnet werden: Keine Berechtigung";
    cluster.fault('fw2', (command, output) =>
      command.includes('/usr/bin/tail') ? { stdout: '', stderr: `${said}\n`, exitCode: 1 } : output,
    );
    await cluster.seconds(15);
    const { gates } = cluster.node('fw2');
    const gate = gates?.find(({ code }) => code === 'nothing-pending');
    expect(gate).toMatchObject({ result: 'unknown' });
    expect(gate?.message).toContain('Keine Berechtigung');
    expect(cluster.snapshot().verdict).toBe('unknown');
  });
});

describe('a channel that stalls', () => {
  it('shows within five seconds that the node is silent, keeps the age of what it said, and delays no other node', async () => {
    const stalledAt = Date.now();
    cluster.fault('fw2', () => 'stalls');
    await cluster.seconds(6);
    expect(cluster.node('fw2').observedAt).toBeLessThanOrEqual(stalledAt);
    expect(cluster.node('fw2')).toMatchObject({
      reachable: false,
      role: 'unknown',
      failure: { kind: 'unreachable' },
    });
    await cluster.seconds(20);
    expect(cluster.node('fw2').observedAt).toBeLessThanOrEqual(stalledAt);
    expect(Date.now() - (cluster.node('fw1').readings.agent?.observedAt ?? 0)).toBeLessThan(2_500);
    expect(cluster.snapshot()).toMatchObject({ verdict: 'critical', master: 'fw1' });
    cluster.fault('fw2', undefined);
    await well();
  });
});

describe('a daemon that answers after 3 s, as during a resync', () => {
  it('is told as such, its old figures are no longer judged, and the rest of the node is read on', async () => {
    cluster.fault('fw2', (command, output) =>
      command.includes('conntrackd -C') && / -s/.test(command) ? { afterMs: 3_000 } : output,
    );
    await cluster.seconds(12);
    const { readings, readiness, reachable } = cluster.node('fw2');
    expect(reachable).toBe(true);
    expect(readings.agent).toMatchObject({ ok: false, failure: { kind: 'timed-out' } });
    expect(cluster.node('fw2').replication?.replicated).toBeUndefined();
    expect(readiness).toBe('not-ready');
    expect(cluster.snapshot().verdict).not.toBe('ok');
    expect(Date.now() - (readings.addresses?.observedAt ?? 0)).toBeLessThan(6_500);
    cluster.fault('fw2', undefined);
    await cluster.seconds(30);
    await well();
  });
});

describe('a node that reboots', () => {
  it('is dark while it is away, and comes back empty: no figure from before is shown as its own', async () => {
    const gone = { kind: 'unreachable', message: 'fw2 does not answer.' } as const;
    cluster.link('fw2', gone);
    await cluster.seconds(10);
    expect(cluster.node('fw2')).toMatchObject({ reachable: false, role: 'unknown', failure: gone });
    expect(cluster.node('fw2').replication).toBeUndefined();
    cluster.fault(
      'fw2',
      stdout(/conntrackd .*-s/, (text) => text.replace(/(?<=\s)\d+(?=\s)/g, '0')),
    );
    cluster.link('fw2', undefined);
    await cluster.seconds(4);
    expect(cluster.node('fw2').replication?.replicated).toBe(0);
    await cluster.seconds(10);
    expect(cluster.node('fw2').readiness).toBe('not-ready');
    expect(cluster.snapshot().verdict).toBe('critical');
  });
});

describe('a full disk on a node', () => {
  it('on which keepalived can write no dump: its state is unknown, the addresses still tell the master, nothing is green', async () => {
    cluster.fault('fw1', (command, output) => {
      if (/stat .*keepalived\.(?:json|data)/.test(command))
        return { ...output, stdout: '2026-11-22 15:00:00.0 +0000 0\n' };
      return /cat \/tmp\/keepalived/.test(command) ? { ...output, stdout: '' } : output;
    });
    await cluster.seconds(15);
    expect(cluster.node('fw1').readings.takeover).toMatchObject({
      ok: false,
      failure: { kind: 'timed-out' },
    });
    expect(cluster.node('fw1').engineState).toBe('UNKNOWN');
    expect(cluster.snapshot()).toMatchObject({ verdict: 'unknown', master: 'fw1' });
    expect(cluster.snapshot().sentence).toContain('wrote no new JSON dump');
    cluster.fault('fw1', undefined);
    await well();
  });
});

describe('known traps', () => {
  it('are looked for while the nodes answer, and each is told or ruled out', async () => {
    await cluster.seconds(10);
    expect(cluster.snapshot().traps?.filter(({ pending }) => pending)).toEqual([]);
  });
});
