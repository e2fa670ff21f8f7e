import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { type FailoverPlan, refusals, unaccepted } from '../../shared/domain/failover-plan.ts';
import { type FailoverRun, isFinished } from '../../shared/domain/failover-run.ts';
import type { Engine } from '../engine.ts';
import { type CliCommand, type Io, usageError } from './command.ts';
import { failoverJson, planText, progressLines } from './failover-text.ts';
import { openEngine } from './open-engine.ts';
import { readOptions } from './options.ts';

const exitStatus = { done: 0, differs: 1, failed: 2, refused: 3, aborted: 4 } as const;

export const failover: CliCommand = {
  help: `
Usage: handover failover --cluster C --to NODE [--dry-run] [--confirm C] [--accept CODE,…] [--json]
                         [--inventory FILE]

Moves the role of master to NODE, and shows first what that takes: the guards, each with its evidence, and the steps
with the exact commands. With --dry-run that is all. Otherwise the name of the cluster must be given with --confirm,
or typed on the terminal. A guard that warns must be accepted by its code; one that refuses cannot be.
Ctrl-C aborts: as long as the role has not moved, the handover file is put back.

After a failover the old master stays held down. The failback is the same command with the old master as NODE.

Exit status: 0 done (or the dry run could go ahead), 1 done but a verification differs, 2 failed,
3 refused and nothing was sent, 4 aborted, 64 wrong usage.

Examples:
  handover failover --cluster edge --to fw2 --dry-run
  handover failover --cluster edge --to fw2 --confirm edge
  handover failover --cluster edge --to fw2 --confirm edge --accept sync-behind,unprotected --json
`,
  run: async (argv, io) => {
    const options = readOptions(argv, {
      cluster: { type: 'string' },
      to: { type: 'string' },
      'dry-run': { type: 'boolean' },
      confirm: { type: 'string' },
      accept: { type: 'string', multiple: true },
      inventory: { type: 'string' },
      json: { type: 'boolean' },
    });
    const wrong = (message: string) => usageError(io, 'failover', message);
    if (!options.ok) return wrong(options.error);
    const { cluster, to, confirm, inventory, json = false, 'dry-run': dryRun = false } = options.value;
    if (cluster === undefined) return wrong('--cluster C is missing');
    if (to === undefined) return wrong('--to NODE is missing');
    if (!dryRun && confirm === undefined && !isTerminal(io))
      return wrong(`--confirm ${cluster} is missing, and there is no terminal to ask on`);
    const accept = (options.value.accept ?? [])
      .flatMap((codes) => codes.split(','))
      .map((code) => code.trim());
    const engine = await openEngine({ cluster, inventory }, io);
    if (!engine.ok) return wrong(engine.error);
    try {
      const planned = await engine.value.handlers['failover.plan']({ cluster, to });
      if (!planned.accepted) return wrong(planned.reason);
      return await carryOut(engine.value, planned.plan, { accept, confirm, dryRun, json }, io);
    } finally {
      await engine.value.close();
    }
  },
};

interface Wishes {
  readonly accept: readonly string[];
  readonly confirm: string | undefined;
  readonly dryRun: boolean;
  readonly json: boolean;
}

async function carryOut(engine: Engine, plan: FailoverPlan, wishes: Wishes, io: Io): Promise<number> {
  const { accept, dryRun, json } = wishes;
  const say = (text: string): void => void (json && !dryRun ? io.stderr : io.stdout).write(text);
  const finish = (run: FailoverRun | undefined, refusal?: string): number => {
    if (json) io.stdout.write(`${JSON.stringify(failoverJson(plan, run, refusal))}\n`);
    else if (run) io.stdout.write(`\n${run.summary}\n`);
    else if (refusal !== undefined) io.stderr.write(`handover failover: ${refusal}\n`);
    if (run)
      return run.state in exitStatus ? exitStatus[run.state as keyof typeof exitStatus] : exitStatus.failed;
    return refusal === undefined ? 0 : exitStatus.refused;
  };
  if (!json || !dryRun) say(planText(plan, accept));
  const refusal = standing(plan, accept);
  if (dryRun || refusal !== undefined) return finish(undefined, refusal);

  const confirmation = wishes.confirm ?? (await ask(plan, io));
  const follower = follow(engine, plan, (lines) => say(lines.map((line) => `${line}\n`).join('')));
  const abort = async (): Promise<void> => {
    const answer = await engine.handlers['failover.abort']({ cluster: plan.cluster });
    io.stderr.write(answer.accepted ? 'Aborting.\n' : `${answer.reason}\n`);
  };
  const onSignal = (): void => void abort();
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    const answer = await engine.handlers['failover.execute']({
      planId: plan.planId,
      confirmation,
      accept: [...accept],
    });
    return answer.accepted ? finish(await follower.ended) : finish(undefined, answer.reason);
  } finally {
    follower.stop();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** Why a plan may not run as it stands; undefined where it may. */
function standing(plan: FailoverPlan, accept: readonly string[]): string | undefined {
  const refusing = refusals(plan.guards);
  if (refusing.length > 0) return refusing.map((guard) => `${guard.message} (${guard.code})`).join('\n');
  const open = unaccepted(plan.guards, accept).map((guard) => guard.code);
  return open.length > 0
    ? `Not accepted: ${open.join(', ')}. Add --accept ${open.join(',')} to go on.`
    : undefined;
}

const isTerminal = ({ stdin }: Io): boolean => 'isTTY' in stdin && stdin.isTTY === true;

/** The line typed; nothing where the terminal was closed, or Ctrl-C pressed, instead. */
async function ask(plan: FailoverPlan, io: Io): Promise<string> {
  const prompt = createInterface({ input: io.stdin, output: io.stderr });
  try {
    const closed = new Promise<string>((resolve) => {
      prompt.once('SIGINT', () => resolve('')).once('close', () => resolve(''));
    });
    const typed = prompt.question(`Type ${plan.cluster} to fail it over to ${plan.to}: `);
    return (await Promise.race([typed, closed])).trim();
  } finally {
    prompt.close();
  }
}

/** Tells the progress of the run of this plan as it comes by on the snapshot stream. */
function follow(engine: Engine, plan: FailoverPlan, onLines: (lines: string[]) => void) {
  const { promise: ended, resolve } = Promise.withResolvers<FailoverRun>();
  let seen: FailoverRun | undefined;
  const stop = engine.subscribe('fleet', ({ clusters }) => {
    const run = clusters.find((each) => each.name === plan.cluster)?.run;
    if (!run || run.planId !== plan.planId) return;
    onLines(progressLines(seen, run));
    seen = run;
    if (isFinished(run.state)) resolve(run);
  });
  return { ended, stop };
}
