import type { ClusterDefinition } from '../../shared/domain/cluster.ts';
import { sentence } from '../../shared/domain/cluster-health.ts';
import type { ClusterSnapshot, NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { FailoverStepId } from '../../shared/domain/failover-plan.ts';
import { formatDuration } from '../../shared/domain/format.ts';
import type { Reading } from '../../shared/lib/reading.ts';
import type { Audit } from './audit-log.ts';
import { awaitSnapshot } from './await-snapshot.ts';
import { awaitCommit, type CommitWitness, type Outcome } from './commit-log.ts';
import { runChecked } from './facts.ts';
import { heldInstances, instanceOf } from './lever.ts';
import { leverCommand, type Move, sentWords, typed } from './plan.ts';
import type { FailoverPorts } from './ports.ts';

export interface StepContext {
  readonly ports: FailoverPorts;
  readonly audit: Audit;
  readonly definition: ClusterDefinition;
  readonly planId: string;
  readonly runId: string;
  readonly move: Move;
  readonly witness: CommitWitness;
  /** When the lever was about to be written: what was read before says nothing about what it did. */
  readonly since: number;
}

const refreshMs = 4_000;
const addressDeadlineMs = 5_000;
const verifyDeadlineMs = 5_000;

export function runStep(step: FailoverStepId, context: StepContext, signal: AbortSignal): Promise<Outcome> {
  switch (step) {
    case 'lever':
      return writeLever(context, context.move.value);
    case 'role':
      return awaitRole(context, signal);
    case 'addresses':
      return awaitAddresses(context);
    case 'commit':
      return awaitCommit(
        context.ports,
        context.definition,
        context.move.to,
        context.witness,
        context.move.commitDeadlineMs,
      );
    case 'verify':
      return verify(context);
    case 'put-back':
      return putBack(context);
  }
}

/** The one effect of this whole room: a number into the lever file, between its two lines of the audit log. */
async function writeLever(context: StepContext, value: number): Promise<Outcome> {
  const { ports, audit, definition, planId, runId, move } = context;
  const engine = ports.takeover(definition);
  const command = leverCommand(engine, definition)(move.file, value);
  const sent = sentWords(command, definition, move.node);
  const about = { cluster: definition.name, planId, runId, node: move.node, command: sent };
  const intent = await audit({
    kind: 'intent',
    ...about,
    ...(command.stdin !== undefined && { stdin: command.stdin }),
  });
  if (!intent.ok) {
    return { outcome: 'failed', detail: `Not written, because the audit log cannot be: ${intent.error}` };
  }
  const output = await runChecked(ports, definition, move.node, command, engine.classify);
  const outcome = output.ok ? 'done' : 'failed';
  const detail = output.ok ? `${move.file} on ${move.node} holds ${value}.` : output.error.message;
  const logged = await audit({ kind: 'outcome', ...about, outcome, detail });
  if (!logged.ok && output.ok) {
    return {
      outcome: 'differs',
      detail: `${detail} The audit log could not take that down: ${logged.error}`,
    };
  }
  return { outcome, detail };
}

/** A reading that was taken after the lever was pulled. */
const newer = <T>(reading: Reading<T> | undefined, since: number): T | undefined =>
  reading?.ok && reading.observedAt >= since ? reading.value : undefined;

const nodeIn = (snapshot: ClusterSnapshot, name: string): NodeSnapshot | undefined =>
  snapshot.nodes.find((node) => node.name === name);

const isMaster = (snapshot: ClusterSnapshot, { move, since }: StepContext): boolean => {
  const target = nodeIn(snapshot, move.to);
  return (
    target !== undefined &&
    newer(target.readings.takeover, since) !== undefined &&
    move.instances.every(({ name }) => instanceOf(target, name)?.state === 'MASTER')
  );
};

async function awaitRole(context: StepContext, signal: AbortSignal): Promise<Outcome> {
  const { ports, definition, move, since } = context;
  const find = (snapshot: ClusterSnapshot) => (isMaster(snapshot, context) ? true : undefined);
  const moved =
    (await awaitSnapshot(ports, definition.name, find, move.roleDeadlineMs, signal)) ??
    (signal.aborted ? undefined : find(await ports.refresh(definition.name, refreshMs)));
  return moved
    ? {
        outcome: 'done',
        detail: `${move.to} is MASTER, ${formatDuration(ports.clock() - since)} after the lever.`,
      }
    : {
        outcome: 'failed',
        detail: `${move.to} was not MASTER within ${formatDuration(move.roleDeadlineMs)}.`,
      };
}

/** Waits until `problems` finds none; at the deadline every node is read once more, and what is left is the answer. */
async function untilNone(
  { ports, definition }: StepContext,
  problems: (snapshot: ClusterSnapshot) => string[],
  deadlineMs: number,
): Promise<string[]> {
  const none = (snapshot: ClusterSnapshot) => (problems(snapshot).length === 0 ? true : undefined);
  const solved = await awaitSnapshot(ports, definition.name, none, deadlineMs);
  return solved ? [] : problems(await ports.refresh(definition.name, refreshMs));
}

async function awaitAddresses(context: StepContext): Promise<Outcome> {
  const { ports, move, since } = context;
  const { addresses, from, to } = move;
  if (addresses.length === 0)
    return { outcome: 'skipped', detail: 'No service address belongs to this role.' };
  const left = await untilNone(
    context,
    (snapshot) => {
      const held = (name: string) =>
        newer(nodeIn(snapshot, name)?.readings.addresses, since)?.map((each) => each.address);
      const unread = (name: string) => [`The addresses of ${name} could not be read.`];
      const [there, here] = [held(to), held(from)];
      return [
        ...(there
          ? addresses.filter((each) => !there.includes(each)).map((each) => `${each} is not on ${to}.`)
          : unread(to)),
        ...(here
          ? addresses.filter((each) => here.includes(each)).map((each) => `${each} is still on ${from}.`)
          : unread(from)),
      ];
    },
    addressDeadlineMs,
  );
  if (left.length > 0) return { outcome: 'differs', detail: left.join(' ') };
  const after = formatDuration(ports.clock() - since);
  return {
    outcome: 'done',
    detail: `${addresses.join(', ')}: on ${to} and no longer on ${from}, ${after} after the lever.`,
  };
}

async function verify(context: StepContext): Promise<Outcome> {
  const { move, ports } = context;
  const names = move.instances.map((each) => each.name);
  const begun = ports.clock();
  const left = await untilNone(
    context,
    (snapshot) => [
      ...(isMaster(snapshot, context) ? [] : [`${move.to} is not MASTER of ${names.join(', ')} any more.`]),
      ...snapshot.nodes
        .filter((node) => node.name !== move.to)
        .flatMap((node) => {
          if (newer(node.readings.takeover, begun) === undefined)
            return [`Whether ${node.name} is MASTER too could not be read.`];
          const still = heldInstances(node).filter(({ name }) => names.includes(name));
          return still.map(({ name }) => `${node.name} is MASTER of ${name} too.`);
        }),
      ...[move.from, move.to].flatMap((name) => {
        const agent = nodeIn(snapshot, name)?.readings.agent;
        return agent?.ok
          ? []
          : [sentence(`conntrackd on ${name}: ${agent?.failure.message ?? 'could not be read'}`)];
      }),
    ],
    verifyDeadlineMs,
  );
  return left.length > 0
    ? { outcome: 'differs', detail: left.join(' ') }
    : { outcome: 'done', detail: `${move.to} alone is MASTER of ${names.join(', ')}.` };
}

/** Writes what stood in the file before, unless it stands there still. A failure here is the operator's to mend. */
async function putBack(context: StepContext): Promise<Outcome> {
  const { ports, definition, move } = context;
  const engine = ports.takeover(definition);
  const read = engine.commands(definition.takeover).readLever(move.file);
  const content = await runChecked(ports, definition, move.node, read, engine.classify);
  if (content.ok && content.value.stdout.trim() === String(move.previous)) {
    return { outcome: 'done', detail: `${move.file} on ${move.node} holds ${move.previous} as before.` };
  }
  const written = await writeLever(context, move.previous);
  if (written.outcome !== 'failed') {
    return { ...written, detail: `Put back: ${written.detail}` };
  }
  const byHand = typed(leverCommand(engine, definition)(move.file, move.previous), definition, move.node);
  return {
    outcome: 'failed',
    detail: `NOT PUT BACK: ${written.detail} Run this on ${move.node} by hand: ${byHand}`,
  };
}
