import { describe, expect, it } from 'vitest';
import { coverageText } from '../../../main/cli/coverage-text.ts';
import { statusJson } from '../../../main/cli/status-json.ts';
import { statusText } from '../../../main/cli/status-text.ts';
import { coverageJson } from '../../../shared/domain/coverage-report.ts';
import { selectRows, summarise } from '../../support/plain-coverage.ts';
import { agent, Story } from '../domain/build.ts';
import { lineOf } from '../domain/coverage-tables.ts';

const connection = lineOf('tcp 6 600 ESTABLISHED src=10.1.0.1 dst=10.2.0.1 sport=40001 dport=443');
const slave = summarise(
  'fw2',
  [
    { class: 'replicated', connection },
    {
      class: 'missing',
      reason: 'filtered',
      evidence: 'conntrackd.conf:41 Address Ignore 10.1.0.1',
      connection,
    },
    { class: 'missing', reason: 'event-lost', evidence: 'fw2: sync0 is NO-CARRIER', connection },
    { class: 'ghost', connection },
  ],
  0,
);
const report = {
  cluster: 'edge',
  master: 'fw1',
  observedAt: Date.UTC(2026, 10, 22, 14, 2, 11),
  skewMs: 88,
  slaves: [slave],
  refused: [{ node: 'fw3', reason: 'it is not reachable' }],
};

describe('handover coverage', () => {
  it('prints each slave, its reasons and each connection, and says what was left out', () => {
    const text = coverageText(selectRows(report, { limit: 1 }, () => true));
    expect(text).toMatch(/fw2 +3 +1 +33\.3 % +2 +0 +0 +0 +1/);
    expect(text).toContain('missing on fw2: 1 filtered, 1 event-lost');
    expect(text).toMatch(
      /missing +filtered +tcp +ESTABLISHED +10\.1\.0\.1:40001 > 10\.2\.0\.1:443 +conntrackd\.conf:41/,
    );
    expect(text).toContain('and 2 more');
    expect(text).toContain('fw3 was not compared: it is not reachable.');
  });

  it('keeps its promise to scripts: instants in UTC, counts of all, the list as long as asked for', () => {
    expect(coverageJson(selectRows(report, { limit: 1 }, () => true))).toEqual({
      cluster: 'edge',
      master: 'fw1',
      observedAt: '2026-11-22T14:02:11.000Z',
      skewMs: 88,
      slaves: [
        {
          node: 'fw2',
          of: 3,
          replicated: 1,
          inFlight: 0,
          missing: 2,
          stale: 0,
          notReplicable: 0,
          ghosts: 1,
          coverage: 1 / 3,
          missingByReason: { filtered: 1, 'event-lost': 1 },
          connections: [expect.objectContaining({ class: 'missing', reason: 'filtered', connection })],
        },
      ],
    });
  });
});

it('status tells how well the worst slave protects the connections, in both its forms', () => {
  const story = new Story('fw1', 'fw2');
  const snapshot = story.seconds(8, (second) => ({
    fw1: { state: 'MASTER', holds: true, agent: agent({ internal: 10_000, received: second }) },
    fw2: { state: 'BACKUP', holds: false, agent: agent({ external: 9_000, received: second }), hears: 'fw1' },
  }));
  const fleet = { revision: 1, clusters: [snapshot] };
  expect(statusText(fleet, story.now)).toContain(
    'protection: 90.0 % of the connections on fw2, 1,000 at risk now\n',
  );
  expect(statusJson(fleet, story.now).clusters[0]).toMatchObject({
    protection: { coverage: 0.9, worst: 'fw2', atRisk: 1_000, distinguishable: true, unknown: [] },
    eligibility: { value: 100, dropped: false },
    nodes: [
      {},
      { coverage: 0.9, coverageErrorBar: 0.0001, coverageDistinguishable: true, excess: 0, atRisk: 1_000 },
    ],
  });
});
