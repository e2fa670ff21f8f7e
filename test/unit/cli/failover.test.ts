import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { failover } from '../../../main/cli/failover.ts';
import { failoverJson, planText, progressLines } from '../../../main/cli/failover-text.ts';
import type { FailoverPlan } from '../../../shared/domain/failover-plan.ts';
import type { FailoverRun } from '../../../shared/domain/failover-run.ts';
import { refused } from '../../support/refused.ts';

const folder = mkdtempSync(join(tmpdir(), 'handover-cli-'));
const inventory = join(folder, 'clusters.yaml');
writeFileSync(
  inventory,
  'clusters:\n  - name: edge\n    nodes:\n      - { name: fw1, host: 127.0.0.1, port: 1 }\n',
);
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...argv: string[]) =>
  refused(failover, ['--inventory', inventory, ...argv], { XDG_STATE_HOME: folder });

describe('wrong usage is told before anything is contacted', () => {
  it.each([
    ['no cluster', ['--to', 'fw2'], '--cluster'],
    ['no target', ['--cluster', 'edge'], '--to'],
    ['no confirmation and no terminal', ['--cluster', 'edge', '--to', 'fw1'], '--confirm edge'],
    ['an option that is none', ['--cluster', 'edge', '--to', 'fw1', '--force'], '--force'],
    ['a cluster that is none', ['--cluster', 'core', '--to', 'fw1', '--dry-run'], 'core'],
    ['a node that is none', ['--cluster', 'edge', '--to', 'fw9', '--dry-run'], 'fw9'],
  ])('%s', async (_, argv, word) => {
    const { code, said } = await run(...argv);
    expect(code).toBe(64);
    expect(said).toContain(word);
  });
});

const at = Date.UTC(2026, 10, 22, 15, 9, 54);
const lever = { id: 'lever', node: 'fw1', title: 'Hold fw1 down', command: 'echo -100 | tee /f' } as const;
const plan: FailoverPlan = {
  planId: 'p1',
  cluster: 'edge',
  from: 'fw1',
  to: 'fw2',
  lever: 'handover-file',
  createdAt: at,
  expiresAt: at + 1,
  guards: [{ code: 'sync-behind', result: 'warn', message: 'fw2 is behind.', observedAt: at }],
  steps: [lever],
};
const underWay = (step: Partial<FailoverRun['steps'][number]>): FailoverRun => ({
  runId: 'r1',
  planId: 'p1',
  cluster: 'edge',
  from: 'fw1',
  to: 'fw2',
  lever: 'handover-file',
  state: 'running',
  startedAt: at,
  guards: plan.guards,
  steps: [{ ...lever, ...step }],
  summary: 'Hold fw1 down.',
});

it('prints one JSON object with instants in ISO 8601', () => {
  expect(failoverJson(plan, undefined)).toEqual({
    version: 1,
    planId: 'p1',
    cluster: 'edge',
    from: 'fw1',
    to: 'fw2',
    lever: 'handover-file',
    state: 'planned',
    guards: [
      {
        code: 'sync-behind',
        result: 'warn',
        message: 'fw2 is behind.',
        observedAt: '2026-11-22T15:09:54.000Z',
      },
    ],
    steps: [lever],
  });
  expect(failoverJson(plan, undefined, 'Not accepted: sync-behind.')).toMatchObject({ state: 'refused' });
  expect(failoverJson(plan, underWay({ startedAt: at, endedAt: at + 5, outcome: 'done' }))).toMatchObject({
    state: 'running',
    steps: [{ startedAt: '2026-11-22T15:09:54.000Z', endedAt: '2026-11-22T15:09:54.005Z', outcome: 'done' }],
  });
});

it('shows which warnings were accepted, and every command as it is sent', () => {
  expect(planText(plan, [])).toMatch(/warn {4}sync-behind {2}fw2 is behind\./);
  expect(planText(plan, ['sync-behind'])).toMatch(/accept {2}sync-behind/);
  expect(planText(plan, [])).toContain('echo -100 | tee /f');
});

it('tells each beginning and each end of a step once, even if both come in one snapshot', () => {
  const [begun, ended] = [
    underWay({ startedAt: at }),
    underWay({ startedAt: at, endedAt: at + 1500, outcome: 'done', detail: 'It is so.' }),
  ];
  expect(progressLines(undefined, underWay({}))).toEqual([]);
  expect(progressLines(undefined, begun)).toHaveLength(1);
  expect(progressLines(begun, begun)).toEqual([]);
  expect(progressLines(begun, ended)).toEqual([expect.stringContaining('done after 1.5 s. It is so.')]);
  expect(progressLines(undefined, ended)).toHaveLength(2);
});
