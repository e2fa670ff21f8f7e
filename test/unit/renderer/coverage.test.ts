import { describe, expect, it } from 'vitest';
import {
  eligibilityTold,
  protectionTold,
  slaveRows,
} from '../../../renderer/views/cluster/protection-model.ts';
import {
  comparisonState,
  progressOf,
  reportCsv,
  slaveSentence,
} from '../../../renderer/views/coverage/coverage-model.ts';
import { protectionOf } from '../../../shared/domain/cluster-protection.ts';
import type { ClusterSnapshot, ReplicationSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { unwanted } from '../../../shared/domain/coverage-report.ts';
import { cluster, dark, node, unreachable } from '../../e2e/console-page/made-up.ts';
import { summarise } from '../../support/plain-coverage.ts';
import { lineOf } from '../domain/coverage-tables.ts';

const at = 1_000_000;
const plain: ReplicationSnapshot = {
  replicated: 48_198,
  atRisk: 12,
  excess: 0,
  coverage: { value: 0.99975, errorBar: 0.0017, bound: 380, distinguishable: false },
  lag: { kind: 'below', seconds: 1 },
  phase: 'in-step',
  evidence: '',
};
const withSlave = (replication: Partial<ReplicationSnapshot>): ClusterSnapshot => {
  const nodes = [
    node(at, 'fw1', 'master'),
    node(at, 'fw2', 'slave', { replication: { ...plain, ...replication } }),
  ];
  return cluster(at, 'edge', nodes, { protection: protectionOf(nodes, 'fw1') });
};

describe('the counts of a slave', () => {
  it('claim no share of what lies within their bound', () => {
    expect(slaveRows(withSlave({}))).toMatchObject([
      {
        coverage: { value: 'not distinguishable', note: '99.9 % ± 0.2 by count, bound 380' },
        atRisk: { value: '12' },
      },
    ]);
    expect(protectionTold(withSlave({})).value).toBe('not distinguishable from all');
  });

  it('give the share with its error bar where it is real', () => {
    const told = withSlave({
      atRisk: 1_190,
      coverage: { value: 0.9753, errorBar: 0.0017, distinguishable: true },
    });
    expect(slaveRows(told)[0]?.coverage.value).toBe('97.5 % ± 0.2');
    expect(protectionTold(told)).toMatchObject({
      value: '97.5 %',
      note: 'worst slave fw2, 1,190 at risk now',
    });
  });

  it('warn of an excess, under which missing ones may hide', () => {
    const told = withSlave({
      atRisk: 0,
      excess: 4_000,
      coverage: { value: 1, bound: 380, distinguishable: true },
    });
    expect(slaveRows(told)[0]?.excess).toMatchObject({
      value: '4,000',
      tone: 'warning',
      note: expect.stringContaining('hide'),
    });
  });

  it('are an upper bound where everything is injected, and unknown where nothing can be read', () => {
    const { replicated: _, atRisk: __, excess: ___, ...rest } = plain;
    const injected = { ...rest, replicatedAtMost: 48_231, coverage: { distinguishable: false } };
    const nodes = [
      node(at, 'fw1', 'master'),
      node(at, 'fw2', 'slave', { replication: injected }),
      dark(at, 'fw3', unreachable),
    ];
    const told = cluster(at, 'edge', nodes);
    expect(slaveRows(told).map(({ replicated }) => replicated.value)).toEqual(['≤ 48,231', 'unknown']);
    expect(protectionTold(told)).toMatchObject({ value: 'unknown', note: 'fw2, fw3 cannot be counted' });
  });
});

it('tells the eligibility against its own past alone', () => {
  expect(eligibilityTold({ value: 0.4, dropped: false })).toEqual({
    value: '40.0 %',
    note: 'no baseline yet',
  });
  expect(
    eligibilityTold({ value: 0.9, baseline: 0.98, baselineSeconds: 3_541, dropped: true }),
  ).toMatchObject({
    note: '98.0 % over the last 59 min: connections are no longer seen',
    tone: 'warning',
  });
});

describe('the comparison', () => {
  const connection = lineOf('tcp 6 600 ESTABLISHED src=10.1.0.1 dst=10.2.0.1 sport=1 dport=443');
  const slave = summarise(
    'fw2',
    [
      { class: 'replicated', connection },
      { class: 'missing', reason: 'filtered', evidence: '=1+1, "a line"', connection },
    ],
    0,
  );
  const report = { cluster: 'edge', master: 'fw1', observedAt: at, skewMs: 4, slaves: [slave], refused: [] };

  it('says the slave in a sentence', () => {
    expect(slaveSentence(slave)).toBe('fw2: 1 missing, kept back by the filter');
    expect(unwanted(slave)).toBe(0);
    const lost = summarise(
      'fw2',
      [
        { class: 'missing', reason: 'event-lost', connection },
        { class: 'stale', connection },
      ],
      0,
    );
    expect(slaveSentence(lost)).toBe('fw2: 1 missing, 1 stale');
    expect(unwanted(lost)).toBe(2);
    expect(slaveSentence(summarise('fw2', [{ class: 'replicated', connection }], 0))).toBe(
      'Nothing is missing on fw2',
    );
    expect(slaveSentence(summarise('fw2', [], 0))).toBe('There is nothing to replicate to fw2');
  });

  it('exports rows that a spreadsheet takes for text', () => {
    expect(reportCsv(report).split('\r\n')[1]).toBe(
      'fw2,missing,filtered,"\'=1+1, ""a line""",tcp,ESTABLISHED,10.1.0.1,1,10.2.0.1,443,,',
    );
  });

  it('shows a refusal instead of a report only where there is none', () => {
    const refusal = { reason: 'fw2: too soon.', retryAt: 5 };
    expect(comparisonState({ refusal })).toEqual({ kind: 'refused', ...refusal });
    expect(comparisonState({ refusal, report })).toEqual({ kind: 'report', report });
    expect(comparisonState({})).toEqual({ kind: 'never' });
  });

  it('moves on only', () => {
    const at50 = { startedAt: 0, entries: 50, expected: 100 };
    const shares = (['checking', 'reading-master', 'waiting', 'reading-both', 'explaining'] as const).map(
      (step) => progressOf({ step, ...at50 }).share,
    );
    expect(shares).toEqual([...shares].sort());
    expect(progressOf({ step: 'reading-both', startedAt: 0, entries: 900, expected: 10 }).share).toBeLessThan(
      1,
    );
  });
});
