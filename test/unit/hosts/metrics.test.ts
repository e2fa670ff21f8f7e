/** What Prometheus reads: the figures, the two formats. */
import { describe, expect, it, test } from 'vitest';
import { fleetMetrics } from '../../../main/hosts/metrics.ts';
import { type MetricFamily, metricsFormat, printMetrics } from '../../../main/hosts/open-metrics.ts';
import { nextAlerts, noAlerts } from '../../../shared/domain/alert-state.ts';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { agent, bad, Story } from '../domain/build.ts';

/** A master with a slave in step, after 20 s. */
function calm(): Story {
  const story = new Story('fw1', 'fw2');
  story.seconds(20, (second) => ({
    fw1: { state: 'MASTER', holds: true, agent: agent({ internal: 1000, received: second }) },
    fw2: {
      state: 'BACKUP',
      holds: false,
      hears: 'fw1',
      agent: agent({ external: 998, received: second * 10 }),
    },
  }));
  return story;
}

const metricsOf = (cluster: ClusterSnapshot, now: number): MetricFamily[] =>
  fleetMetrics({ revision: 1, clusters: [cluster] }, '1.2.3', now);
const linesOf = (cluster: ClusterSnapshot, now: number): string[] =>
  printMetrics(metricsOf(cluster, now), 'text').split('\n');

describe('the figures of a cluster', () => {
  it('tell its verdict, its roles, its replication and its counters', () => {
    const story = calm();
    const lines = linesOf(story.snapshot, story.now);
    expect(lines).toContain('handover_build_info{version="1.2.3"} 1');
    expect(lines).toContain('handover_cluster_verdict{cluster="edge",verdict="ok"} 1');
    expect(lines).toContain('handover_cluster_verdict{cluster="edge",verdict="critical"} 0');
    expect(lines).toContain('handover_node_role{cluster="edge",node="fw1",role="master"} 1');
    expect(lines).toContain('handover_node_connections{cluster="edge",node="fw1"} 100');
    expect(lines).toContain('handover_replication_coverage_ratio{cluster="edge",node="fw2"} 0.998');
    expect(lines).toContain('handover_replication_lag_bound_seconds{cluster="edge",node="fw2"} 1');
    expect(lines).toContain('handover_cluster_protection_ratio{cluster="edge"} 0.998');
    expect(lines).toContain('handover_cluster_at_risk_connections{cluster="edge"} 2');
    expect(lines).toContain('handover_cluster_eligibility_ratio{cluster="edge"} 10');
    expect(lines).toContain('handover_cluster_eligibility_dropped{cluster="edge"} 0');
    expect(lines).toContain(
      'handover_sync_received_bytes_total{cluster="edge",node="fw2",device="sync0"} 2000',
    );
    expect(lines).toContain('handover_cache_entries{cluster="edge",node="fw2",cache="external"} 998');
    expect(lines).toContain(
      `handover_node_observed_timestamp_seconds{cluster="edge",node="fw1"} ${story.now / 1000}`,
    );
  });

  it('say nothing of what is not known: no zero, no NaN', () => {
    const story = calm();
    story.second({ fw1: { facts: { connectionsMax: bad('no-permission', story.now) } } });
    story.second({ fw2: { facts: { connectionsMax: bad('no-permission', story.now) } } });
    const text = linesOf(story.snapshot, story.now).join('\n');
    expect(text).not.toContain('handover_node_connections_limit');
    expect(text).not.toContain('handover_replication_lag_seconds');
    expect(text).not.toMatch(/replication_.*node="fw1"/);
    expect(text).not.toMatch(/NaN|Infinity|undefined|null/);
  });

  it('an old figure is not told as a new one', () => {
    const story = calm();
    const old = story.now;
    story.now += 4_000;
    story.put({
      kind: 'readings',
      node: 'fw1',
      readings: { connections: bad('no-permission', story.now) },
    });
    story.put({ kind: 'tick' });
    const at = (now: number) => linesOf(story.snapshot, now).join('\n');
    expect(at(story.now)).not.toContain('handover_node_connections{cluster="edge",node="fw1"}');
    expect(at(story.now)).toContain('handover_sync_sent_bytes_total{cluster="edge",node="fw1"');
    expect(at(old + 7_000)).not.toContain('handover_sync_sent_bytes_total');
    expect(at(story.now)).toContain('handover_cluster_protection_ratio');
    expect(at(old + 7_000)).not.toMatch(/handover_cluster_(protection|at_risk|eligibility)/);
    expect(at(old + 7_000), 'the age itself is told').toContain(
      `handover_node_observed_timestamp_seconds{cluster="edge",node="fw2"} ${old / 1000}`,
    );
  });

  it('nothing is told of how a slave follows a master that cannot be read any more', () => {
    const story = calm();
    story.seconds(8, (second) => ({
      fw2: {
        state: 'BACKUP',
        holds: false,
        hears: 'fw1',
        agent: agent({ external: 998, received: 200 + second }),
      },
    }));
    const text = linesOf(story.snapshot, story.now).join('\n');
    expect(text).toContain('handover_node_connections{cluster="edge",node="fw2"}');
    expect(text).not.toContain('handover_replication_');
    expect(text).not.toMatch(/handover_cluster_(protection|at_risk|eligibility)/);
  });

  it('a node is neither reachable nor not before the first attempt has ended', () => {
    const story = new Story('fw1');
    story.put({ kind: 'tick' });
    expect(linesOf(story.snapshot, story.now).join('\n')).not.toContain('handover_node_reachable');
    story.put({
      kind: 'session',
      node: 'fw1',
      session: { kind: 'waiting' },
      failure: { kind: 'unreachable', message: 'no route' },
    });
    expect(linesOf(story.snapshot, story.now)).toContain(
      'handover_node_reachable{cluster="edge",node="fw1"} 0',
    );
  });

  it('a raised alert is there while it lasts, and one that is only pending is not', () => {
    const story = calm();
    let alerts = noAlerts;
    const told = (seconds: number) => {
      for (let each = 0; each < seconds; each += 1) {
        const snapshot = story.second({ fw2: { agent: bad('not-running', story.now + 1_000) } });
        alerts = nextAlerts(alerts, snapshot, story.now);
      }
      return linesOf({ ...story.snapshot, alerts: alerts.alerts }, story.now);
    };
    const firing =
      'handover_alert_firing{cluster="edge",node="fw2",alert="agent-gone",severity="critical"} 1';
    expect(told(3)).not.toContain(firing);
    expect(told(5)).toContain(firing);
  });

  it('each series is there once', () => {
    const story = calm();
    const two = {
      ...story.snapshot,
      nodes: story.snapshot.nodes.map((node) => {
        const reading = node.readings.agent;
        if (!reading?.ok) return node;
        const { channels } = reading.value;
        return {
          ...node,
          readings: {
            ...node.readings,
            agent: { ...reading, value: { ...reading.value, channels: [...channels, ...channels] } },
          },
        };
      }),
    };
    const series = linesOf(two, story.now)
      .filter((line) => line.startsWith('handover_'))
      .map((line) => line.replace(/ \S+$/, ''));
    expect(new Set(series).size).toBe(series.length);
    expect(linesOf(two, story.now)).toContain(
      'handover_sync_received_bytes_total{cluster="edge",node="fw2",device="sync0"} 4000',
    );
  });
});

describe('the two formats', () => {
  const families: MetricFamily[] = [
    {
      name: 'handover_sent_bytes',
      type: 'counter',
      unit: 'bytes',
      help: 'A "word"\nand a \\.',
      samples: [{ labels: { cluster: 'a "b"\n\\' }, value: 1.5 }],
    },
    {
      name: 'handover_build',
      type: 'info',
      help: 'Of it.',
      samples: [{ labels: { version: '1' }, value: 1 }],
    },
    { name: 'handover_nothing', type: 'gauge', help: 'Never.', samples: [{ labels: {}, value: Number.NaN }] },
  ];

  test('OpenMetrics names units, escapes quotes and says where it ends', () => {
    expect(printMetrics(families, 'openmetrics')).toBe(
      [
        '# TYPE handover_sent_bytes counter',
        '# UNIT handover_sent_bytes bytes',
        '# HELP handover_sent_bytes A \\"word\\"\\nand a \\\\.',
        'handover_sent_bytes_total{cluster="a \\"b\\"\\n\\\\"} 1.5',
        '# TYPE handover_build info',
        '# HELP handover_build Of it.',
        'handover_build_info{version="1"} 1',
        '# EOF',
        '',
      ].join('\n'),
    );
  });

  test('the older format names a counter with its suffix and knows no info', () => {
    expect(printMetrics(families, 'text')).toBe(
      [
        '# TYPE handover_sent_bytes_total counter',
        '# HELP handover_sent_bytes_total A "word"\\nand a \\\\.',
        'handover_sent_bytes_total{cluster="a \\"b\\"\\n\\\\"} 1.5',
        '# TYPE handover_build_info gauge',
        '# HELP handover_build_info Of it.',
        'handover_build_info{version="1"} 1',
        '',
      ].join('\n'),
    );
  });

  test.each([
    [undefined, 'text'],
    ['*/*', 'text'],
    ['text/plain;version=0.0.4', 'text'],
    ['application/openmetrics-text; version=1.0.0', 'openmetrics'],
    ['application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1', 'openmetrics'],
    ['application/openmetrics-text;q=0.3,text/plain;q=0.5', 'text'],
    ['application/openmetrics-text;q=0', 'text'],
  ])('a scraper that accepts %s gets %s', (accept, format) => {
    expect(metricsFormat(accept)).toBe(format);
  });

  test('every unit ends its name, as OpenMetrics demands', () => {
    const story = calm();
    for (const { name, unit } of metricsOf(story.snapshot, story.now))
      expect(unit === undefined || name.endsWith(`_${unit}`), name).toBe(true);
    const text = printMetrics(metricsOf(story.snapshot, story.now), 'openmetrics');
    expect(text.endsWith('\n# EOF\n')).toBe(true);
  });
});
