import { dirname } from 'node:path/posix';
import type { ClusterDefinition } from '../../shared/domain/cluster.ts';
import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { Failure } from '../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { Classify } from '../agents/agent.ts';
import type { Command, CommandOutput } from '../agents/command.ts';
import { awaitSnapshot } from './await-snapshot.ts';
import { type Facts, leverFor } from './guards.ts';
import type { LeverOwners } from './lever-guards.ts';
import type { FailoverPorts } from './ports.ts';

/** Only nodes that are slow to start a program are waited for so long. */
const refreshMs = 8_000;
/** An engine that has just started must connect first, and sees only after a few readings who is in step. */
const settleMs = 15_000;

type Circumstances = Pick<Facts, 'audit' | 'otherRun'>;

/** Reads every node again and everything else that a plan is judged by. */
export async function gatherFacts(
  ports: FailoverPorts,
  definition: ClusterDefinition,
  to: string,
  circumstances: Circumstances,
): Promise<Facts> {
  const cluster = definition.name;
  let snapshot = await ports.refresh(cluster, refreshMs);
  if (!isSettled(snapshot, to)) {
    await awaitSnapshot(ports, cluster, (each) => (isSettled(each, to) ? true : undefined), settleMs);
    snapshot = await ports.refresh(cluster, refreshMs);
  }
  const facts: Facts = { definition, snapshot, to, now: ports.clock(), ...circumstances };
  const lever = leverFor(facts);
  const owners = lever?.ok ? await readOwners(ports, definition, lever.value) : undefined;
  return { ...facts, owners, now: ports.clock() };
}

/** Nothing more is to be learnt by waiting: roles and phase are known, or cannot be known. */
function isSettled(snapshot: ClusterSnapshot, to: string): boolean {
  const { nodes } = snapshot;
  const unread = nodes.some(({ session, readings }) =>
    session.kind === 'connected' ? !readings.takeover : session.kind === 'connecting',
  );
  if (nodes.length === 0 || unread) return false;
  const target = nodes.find((node) => node.name === to);
  const master = nodes.find((node) => node.name === snapshot.master);
  if (!target?.reachable || !target.readings.takeover?.ok) return true;
  if (target.role === 'unknown') return false;
  if (!master?.readings.agent?.ok || !target.readings.agent?.ok) return true;
  return target.role !== 'slave' || (target.replication?.phase ?? 'unknown') !== 'unknown';
}

async function readOwners(
  ports: FailoverPorts,
  definition: ClusterDefinition,
  lever: { readonly node: string; readonly file: string },
): Promise<LeverOwners> {
  const engine = ports.takeover(definition);
  const command = engine.commands(definition.takeover).leverOwners(lever.file, dirname(lever.file));
  const output = await runChecked(ports, definition, lever.node, command, engine.classify);
  if (!output.ok) return err(output.error.message);
  const owners = engine.parseLeverOwners(output.value.stdout);
  return owners.ok ? owners : err('who may write it could not be read.');
}

/** Runs a command and takes what the program itself says about a failure for a failure. */
export async function runChecked(
  ports: FailoverPorts,
  definition: ClusterDefinition,
  node: string,
  command: Command,
  classify: Classify,
): Promise<Result<CommandOutput, Failure>> {
  const output = await ports.runOn(definition.name, node, command);
  if (!output.ok) return output;
  const login = definition.nodes.find((each) => each.name === node);
  const asRoot = login?.user === 'root' || (command.privileged && login?.sudo === true);
  const failure = classify(command, output.value, asRoot);
  if (failure) return err(failure);
  if (output.value.exitCode === 0) return ok(output.value);
  const said = output.value.stderr.trim() || `exit status ${output.value.exitCode}`;
  return err({ kind: 'unreadable', message: `${command.argv[0]} on ${node}: ${said}` });
}
