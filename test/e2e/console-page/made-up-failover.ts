import type { FailoverPlan, FailoverStep, Guard } from '../../../shared/domain/failover-plan.ts';
import type { FailoverRun } from '../../../shared/domain/failover-run.ts';

const steps: FailoverStep[] = [
  {
    id: 'lever',
    node: 'fw1',
    title: 'Lower the priority of fw1',
    command: "printf '%s\\n' -100 | sudo -n /usr/bin/tee /var/lib/handover/handover",
  },
  {
    id: 'role',
    node: 'fw2',
    title: 'Wait until fw2 is master',
    command: 'keepalived on fw2 says MASTER for LAN and WAN',
  },
  {
    id: 'addresses',
    node: 'fw2',
    title: 'Wait until fw2 has the service addresses',
    command: 'ip -j addr on fw2 shows 10.77.1.1 and 10.77.2.1',
  },
  {
    id: 'commit',
    node: 'fw2',
    title: 'Wait until the connections are committed',
    command: 'conntrackd on fw2 logs "commit has taken"',
  },
];

const passes = (at: number): Guard[] => [
  {
    code: 'target-is-slave',
    result: 'pass',
    message: 'fw2 is slave of LAN and WAN; three witnesses agree.',
    observedAt: at - 700,
  },
  { code: 'target-reachable', result: 'pass', message: 'fw2 answers within 24 ms.', observedAt: at - 300 },
  { code: 'one-master', result: 'pass', message: 'fw1 alone is master.', observedAt: at - 700 },
  {
    code: 'readings-fresh',
    result: 'pass',
    message: 'Every reading is younger than 2 s.',
    observedAt: at - 300,
  },
  {
    code: 'preempts',
    result: 'pass',
    message: 'No instance has nopreempt: fw2 at 100 beats fw1 at 50.',
    observedAt: at - 700,
  },
  {
    code: 'lever-owned',
    result: 'pass',
    message: '/var/lib/handover/handover belongs to root, 0644.',
    observedAt: at - 300,
  },
];

export const plainPlan = (at: number): FailoverPlan => ({
  planId: 'p-1',
  cluster: 'edge',
  from: 'fw1',
  to: 'fw2',
  lever: 'handover-file',
  createdAt: at,
  expiresAt: at + 120_000,
  guards: [
    ...passes(at),
    {
      code: 'in-step',
      result: 'pass',
      message: 'fw2 holds 48,198 of 48,210 connections, less than 1 s behind.',
      observedAt: at - 300,
    },
  ],
  steps,
});

export const warnedPlan = (at: number): FailoverPlan => ({
  ...plainPlan(at),
  guards: [
    {
      code: 'agent-not-running',
      result: 'warn',
      message: 'conntrackd does not run on fw2: all 48,210 connections would be lost.',
      observedAt: at - 300,
    },
    {
      code: 'sync-behind',
      result: 'warn',
      message: 'fw2 has held over 1,000 connections fewer than fw1 for 12 s.',
      observedAt: at - 300,
    },
    ...passes(at),
  ],
});

export const refusedPlan = (at: number): FailoverPlan => ({
  ...plainPlan(at),
  lever: 'none',
  steps: [],
  guards: [
    {
      code: 'no-lever',
      result: 'refuse',
      message: 'keepalived on fw1 tracks no handover file, so this lever would not move anything.',
      observedAt: at - 700,
    },
    ...passes(at).slice(0, 4),
  ],
  snippet: `vrrp_track_file handover {
  file "/var/lib/handover/handover"
  weight 1
  init_file 0
}
vrrp_sync_group FW {
  group { LAN WAN }
  track_file { handover weight 1 }
}`,
});

const finishedSteps = (start: number): FailoverStep[] => [
  { ...(steps[0] as FailoverStep), startedAt: start, endedAt: start + 41, outcome: 'done' },
  {
    ...(steps[1] as FailoverStep),
    startedAt: start + 41,
    endedAt: start + 2842,
    outcome: 'done',
    detail: 'MASTER after 2.8 s',
  },
  { ...(steps[2] as FailoverStep), startedAt: start + 2842, endedAt: start + 2911, outcome: 'done' },
  {
    ...(steps[3] as FailoverStep),
    startedAt: start + 2911,
    endedAt: start + 3420,
    outcome: 'differs',
    detail: 'commit has taken 0.481 seconds; 4 entries could not be committed',
  },
];

const run = (at: number, start: number): FailoverRun => ({
  runId: 'r-1',
  planId: 'p-1',
  cluster: 'edge',
  from: 'fw1',
  to: 'fw2',
  lever: 'handover-file',
  state: 'running',
  startedAt: start,
  guards: plainPlan(at).guards,
  steps: [],
  summary: 'Waiting until fw2 is master.',
  onAbort: 'Puts /var/lib/handover/handover on fw1 back to 0. fw1 is still master, so no address moves.',
});

/** A run that has ended can no longer be aborted. */
const over = ({ onAbort: _, ...rest }: FailoverRun): FailoverRun => rest;

export const runningRun = (at: number): FailoverRun => ({
  ...run(at, at - 1900),
  steps: finishedSteps(at - 1900).map((step, index) => {
    if (index === 0) return step;
    return index === 1
      ? { ...(steps[1] as FailoverStep), startedAt: at - 1860 }
      : (steps[index] as FailoverStep);
  }),
});

export const finishedRun = (at: number): FailoverRun => ({
  ...over(run(at, at - 420_000)),
  state: 'differs',
  endedAt: at - 416_580,
  steps: finishedSteps(at - 420_000),
  summary: 'fw2 is master and holds both service addresses; 4 of 48,198 entries could not be committed.',
});

export const failedRun = (at: number): FailoverRun => ({
  ...over(run(at, at - 60_000)),
  state: 'failed',
  endedAt: at - 49_000,
  steps: [
    { ...(steps[0] as FailoverStep), startedAt: at - 60_000, endedAt: at - 59_960, outcome: 'done' },
    {
      ...(steps[1] as FailoverStep),
      startedAt: at - 59_960,
      endedAt: at - 49_960,
      outcome: 'failed',
      detail: 'fw2 was still BACKUP after 10 s',
    },
    { ...(steps[2] as FailoverStep), outcome: 'skipped' },
    { ...(steps[3] as FailoverStep), outcome: 'skipped' },
    {
      id: 'put-back',
      node: 'fw1',
      title: 'Put the lever back',
      command: "printf '%s\\n' 0 | sudo -n /usr/bin/tee /var/lib/handover/handover",
      startedAt: at - 49_960,
      endedAt: at - 49_000,
      outcome: 'done',
    },
  ],
  summary:
    'fw2 did not become master within 10 s. The handover file on fw1 was put back; fw1 is still master.',
});
