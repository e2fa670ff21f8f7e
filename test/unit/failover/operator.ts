import { vi } from 'vitest';
import { createFailover, type Failover } from '../../../main/failover/failover.ts';
import type { FailoverPorts } from '../../../main/failover/ports.ts';
import type { FailoverRun } from '../../../shared/domain/failover-run.ts';
import { ok } from '../../../shared/lib/result.ts';
import { simulate } from './simulated-cluster.ts';

/** Somebody in front of a simulated cluster, under vitest's fake timers. `wrap` may look at what the ports see. */
export function operator(
  nodes = 2,
  wrap = (ports: FailoverPorts, _failover: () => Failover): FailoverPorts => ports,
) {
  const { world, ports, audit } = simulate(nodes);
  let held = false;
  const failover: Failover = createFailover(
    wrap(ports, () => failover),
    audit,
    () => {
      held = true;
      return ok(() => {
        held = false;
      });
    },
  );
  const plan = async (to = 'fw2') => {
    const answer = await failover.plan({ cluster: 'edge', to });
    if (!answer.accepted) throw new Error(answer.reason);
    return answer.plan;
  };
  const confirm = (planId: string, accept: string[] = []) =>
    failover.execute({ planId, confirmation: 'edge', accept });
  const last = (): FailoverRun => {
    const run = world.runs.at(-1);
    if (!run) throw new Error('no run');
    return run;
  };
  return {
    world,
    failover,
    plan,
    confirm,
    last,
    execute: async (to = 'fw2', accept: string[] = []) => confirm((await plan(to)).planId, accept),
    /** The run after every deadline has passed. */
    finished: async (): Promise<FailoverRun> => {
      await vi.advanceTimersByTimeAsync(120_000);
      return last();
    },
    /** Lets time pass until a step has begun. */
    until: async (id: string): Promise<void> => {
      for (let i = 0; i < 600 && !stepOf(last(), id)?.startedAt; i++) await vi.advanceTimersByTimeAsync(50);
    },
    /** Node and number of everything that was written. */
    written: () => world.writes().map(({ node, command }) => `${node} ${command.stdin?.trim()}`),
    isLocked: () => held,
  };
}

export const stepOf = (run: FailoverRun, id: string) => run.steps.find((each) => each.id === id);
