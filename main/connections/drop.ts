import { randomUUID } from 'node:crypto';
import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { Connection } from '../../shared/domain/connection.ts';
import type { DropPlan, DropResult } from '../../shared/domain/connection-actions.ts';
import { isFinished } from '../../shared/domain/failover-run.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import { readingValue } from '../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { TableAgent } from '../agents/agent.ts';
import type { Command } from '../agents/command.ts';
import { allowedCommand } from '../agents/host/commands.ts';
import type { NodeRunner } from '../probe/node-runner.ts';
import { nodeKey } from './dump-turns.ts';

/** Past this many the cluster's name must be typed, and past the other nothing is dropped at once. */
const typedPast = 10;
const mostAtOnce = 1_000;
/**
 * `conntrack -D` has the kernel tell the whole table of its family for each entry that it drops: 5.8 s of a million, measured
 * with 1.4.7 (Linux 6.18, a core of 2.4 GHz). A node is kept busy with it for so long (s) at most, and told of past the other.
 */
const walkSecondsAnEntry = 5.8e-6;
const mostWalkSeconds = 120;
const toldWalkSeconds = 5;
/** A plan is of what was on the screen: so long (ms) it may be carried out, once. */
const planLivesMs = 120_000;

export interface DropSource {
  readonly runner: NodeRunner;
  readonly table: TableAgent;
  readonly snapshot: () => ClusterSnapshot;
}

/** Writes a line before an effect; what cannot be written is not done. */
export type DropAudit = (entry: {
  readonly kind: 'intent' | 'outcome';
  readonly cluster: string;
  readonly planId: string;
  readonly node: string;
  readonly command?: readonly string[];
  readonly outcome?: string;
  readonly detail?: string;
}) => Promise<Result<void, string>>;

export interface DropTools {
  readonly find: (cluster: string, node: string) => DropSource | undefined;
  readonly audit: DropAudit;
  readonly clock: Clock;
}

/** Drops connections by their exact tuples: planned, confirmed, audited, one command an entry. */
export interface Drops {
  readonly plan: (
    cluster: string,
    node: string,
    connections: readonly Connection[],
  ) => Promise<Result<DropPlan, string>>;
  readonly drop: (planId: string, confirmation: string) => Promise<Result<DropResult[], string>>;
}

interface Kept {
  readonly plan: DropPlan;
  readonly commands: readonly Command[];
  readonly madeAt: number;
}

export function createDrops({ find, audit, clock }: DropTools): Drops {
  const plans = new Map<string, Kept>();
  const busy = new Set<string>();

  const plan: Drops['plan'] = async (cluster, node, connections) => {
    const source = find(cluster, node);
    if (!source) return err(`There is no node ${node} in cluster ${cluster}.`);
    if (connections.length === 0) return err('Nothing is selected.');
    if (connections.length > mostAtOnce)
      return err(
        `At most ${mostAtOnce} connections are dropped at once; ${connections.length} are selected.`,
      );
    const named: { connection: Connection; command: Command }[] = [];
    const left: DropPlan['left'] = [];
    for (const connection of connections) {
      const command = source.table.drop(connection);
      if (command.ok) named.push({ connection, command: command.value });
      else left.push({ connection, reason: command.error });
    }
    const [first] = left;
    if (named.length === 0 && first) {
      const { src, dst } = first.connection.original;
      return err(`${src} → ${dst}: ${first.reason}.`);
    }
    const walk = walkOf(source.snapshot(), node, named.length);
    if (walk.tooLong !== undefined) return err(walk.tooLong);
    const commands = named.map(({ command }) => command);
    const obstacle = await obstacleTo(source, commands);
    if (obstacle !== undefined) return err(obstacle);
    const made: DropPlan = {
      planId: randomUUID(),
      cluster,
      node,
      entries: named.map(({ connection, command }) => ({
        connection,
        command: source.runner.line(command),
      })),
      left,
      ...(named.length > typedPast && { confirm: cluster }),
      warnings: [...warningsOf(source.snapshot(), node), ...walk.warnings],
    };
    for (const [id, { madeAt }] of plans) if (clock() - madeAt > planLivesMs) plans.delete(id);
    plans.set(made.planId, { plan: made, commands, madeAt: clock() });
    return ok(made);
  };

  const drop: Drops['drop'] = async (planId, confirmation) => {
    const kept = plans.get(planId);
    if (!kept || clock() - kept.madeAt > planLivesMs)
      return err('This plan is used or older than two minutes. Select the connections again.');
    const { cluster, node, confirm } = kept.plan;
    if (confirm !== undefined && confirmation !== confirm) return err(`Type ${confirm} to confirm.`);
    const source = find(cluster, node);
    if (!source) return err(`There is no node ${node} in cluster ${cluster}.`);
    if (isMoving(source.snapshot()))
      return err(`A failover of ${cluster} is under way. Nothing was dropped.`);
    const key = nodeKey({ cluster, node });
    if (busy.has(key)) return err(`Connections of ${node} are being dropped already.`);
    plans.delete(planId);
    busy.add(key);
    try {
      return ok(await carryOut(source, kept, audit));
    } finally {
      busy.delete(key);
    }
  };
  return { plan, drop };
}

const isMoving = ({ run }: ClusterSnapshot): boolean => run !== null && !isFinished(run.state);

/** Why this login cannot drop them. sudo is asked about each form that is used, and never tried. */
async function obstacleTo(
  { runner, table }: DropSource,
  commands: readonly Command[],
): Promise<string | undefined> {
  if (!runner.privileged)
    return `The login of ${runner.node} is neither root nor uses sudo. ${table.dropRemedy}`;
  if (!runner.sudo) return undefined;
  const forms = new Map(
    commands.map((each) => [each.argv.filter((word) => word.startsWith('-')).join(' '), each]),
  );
  for (const each of forms.values()) {
    const answer = await runner.poll(allowedCommand(each));
    if (!answer.ok) return `${runner.node}: ${answer.error.message}`;
    if (answer.value.exitCode !== 0)
      return `sudo on ${runner.node} does not allow "${each.argv.join(' ')}". ${table.dropRemedy}`;
  }
  return undefined;
}

function warningsOf({ master }: ClusterSnapshot, node: string): string[] {
  if (master === node)
    return [
      'Whoever uses these connections will notice: their next packet is judged as if it were the first.',
    ];
  return master === undefined
    ? ['Who is master is not known: these connections may be in use.']
    : [
        `${node} is not master. The connections go on over ${master}, and are replicated again when they change.`,
      ];
}

/** What the commands cost the node, by the number of its entries as it was last read. */
function walkOf(
  { nodes }: ClusterSnapshot,
  node: string,
  count: number,
): { readonly tooLong?: string; readonly warnings: readonly string[] } {
  const entries = readingValue(nodes.find(({ name }) => name === node)?.readings.connections) ?? 0;
  const each = entries * walkSecondsAnEntry;
  const seconds = Math.round(each * count);
  const why = `conntrack walks the whole table of ${node} for each`;
  const most = Math.max(1, Math.floor(mostWalkSeconds / each));
  if (count > most) {
    const tooLong = `${why}, ${entries.toLocaleString('en')} entries: that would take about ${seconds} s. Select at most ${most}.`;
    return { tooLong, warnings: [] };
  }
  return { warnings: seconds > toldWalkSeconds ? [`${why}: that takes about ${seconds} s.`] : [] };
}

/**
 * One command after the other, each with a line of the audit log before it and one behind it. Where the node stops
 * answering, a failover begins, or the log cannot be written, the rest is not sent.
 */
async function carryOut(
  source: DropSource,
  { plan, commands }: Kept,
  audit: DropAudit,
): Promise<DropResult[]> {
  const { runner, table, snapshot } = source;
  const about = { cluster: plan.cluster, planId: plan.planId, node: plan.node };
  const results: DropResult[] = [];
  let stopped: string | undefined;
  for (const each of commands) {
    const line = runner.line(each);
    if (isMoving(snapshot())) stopped ??= `a failover of ${plan.cluster} began`;
    if (stopped === undefined) {
      const intent = await audit({
        ...about,
        kind: 'intent',
        command: each.argv,
        detail: 'drops one connection',
      });
      if (!intent.ok) stopped = `the audit log cannot be written: ${intent.error}`;
    }
    if (stopped !== undefined) {
      results.push({ command: line, outcome: 'not-sent', message: stopped });
      continue;
    }
    const answer = await runner.exec(each);
    const outcome = answer.ok ? table.readDropped(answer.value) : 'unknown';
    const message = answer.ok ? answer.value.stderr.trim() : answer.error.message;
    const why = outcome === 'failed' || outcome === 'unknown' ? message : undefined;
    await audit({
      ...about,
      kind: 'outcome',
      command: each.argv,
      outcome,
      ...(why !== undefined && { detail: why }),
    });
    results.push({ command: line, outcome, ...(why !== undefined && { message: why }) });
    if (!answer.ok) stopped = `${plan.node} stopped answering: ${answer.error.message}`;
  }
  return results;
}
