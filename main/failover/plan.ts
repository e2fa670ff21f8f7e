import type { ClusterDefinition } from '../../shared/domain/cluster.ts';
import type { ClusterSnapshot, NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { FailoverStep } from '../../shared/domain/failover-plan.ts';
import { readingValue } from '../../shared/lib/reading.ts';
import type { TakeoverEngine } from '../agents/agent.ts';
import type { Command } from '../agents/command.ts';
import { quoteWord } from '../transport/poll-protocol.ts';
import type { LeverMove } from './lever.ts';

/** A plan's own data, from which its steps are told and run. */
export interface Move extends LeverMove {
  readonly from: string;
  readonly to: string;
  readonly addresses: readonly string[];
  /** How long the target may take to become master, in ms. */
  readonly roleDeadlineMs: number;
  /** How long the commit may take, in ms. */
  readonly commitDeadlineMs: number;
}

/** keepalived takes over after three adverts and the skew of its own priority; the rest is slack. */
const leastRoleDeadlineMs = 10_000;
const roleSlackMs = 5_000;
/** A small machine commits 49,000 existing entries a second; half of that, and a notify script that starts late. */
const commitRate = 25_000;
const commitSlackMs = 10_000;

export function moveOf(lever: LeverMove, from: NodeSnapshot, target: NodeSnapshot): Move {
  const moving = (node: NodeSnapshot) =>
    (readingValue(node.readings.takeover)?.instances ?? []).filter((instance) =>
      lever.instances.some((each) => each.name === instance.name),
    );
  const waits = moving(target).map((instance) => {
    const advertMs = (instance.advertIntervalSeconds ?? 1) * 1000;
    return 3 * advertMs + ((256 - instance.effectivePriority) / 256) * advertMs + roleSlackMs;
  });
  const held = target.replication?.replicated ?? 0;
  return {
    ...lever,
    from: from.name,
    to: target.name,
    addresses: [...new Set(moving(from).flatMap((instance) => instance.addresses))],
    roleDeadlineMs: Math.ceil(Math.max(leastRoleDeadlineMs, ...waits)),
    commitDeadlineMs: Math.ceil(commitSlackMs + (held / commitRate) * 1000),
  };
}

/** The words that run on the node: what a login without root sends goes through sudo. */
export const sentWords = (
  command: Command,
  definition: ClusterDefinition,
  node: string,
): readonly string[] =>
  command.privileged && definition.nodes.find((each) => each.name === node)?.sudo
    ? ['/usr/bin/sudo', '-n', ...command.argv]
    : command.argv;

/** A command as an operator would type it on that node. */
export function typed(command: Command, definition: ClusterDefinition, node: string): string {
  const words = sentWords(command, definition, node).map(quoteWord).join(' ');
  return command.stdin === undefined ? words : `echo ${quoteWord(command.stdin.trimEnd())} | ${words}`;
}

export const leverCommand = (engine: TakeoverEngine, definition: ClusterDefinition) => {
  const commands = engine.commands({ pidFile: definition.takeover.pidFile });
  return (file: string, value: number): Command => commands.writeLever(file, `${value}\n`);
};

/** The steps of a plan, in order, none of which has begun. */
export function planSteps(move: Move, lever: string, snapshot: ClusterSnapshot): FailoverStep[] {
  const { kind, node, from, to, value, file } = move;
  const others = snapshot.nodes.filter((each) => each.name !== to).map((each) => each.name);
  return [
    {
      id: 'lever',
      node,
      title:
        kind === 'release'
          ? `Release ${node}: it may take over again`
          : `Hold ${node} down: ${value} in ${file}`,
      command: lever,
    },
    {
      id: 'role',
      node: to,
      title: `Wait until ${to} is master`,
      command: `keepalived on ${to} says MASTER for ${move.instances.map((each) => each.name).join(', ')} within ${seconds(move.roleDeadlineMs)}`,
    },
    {
      id: 'addresses',
      node: to,
      title: 'Wait for the service addresses',
      command: `${move.addresses.join(', ')} on ${to}, and no longer on ${from}`,
    },
    {
      id: 'commit',
      node: to,
      title: `Wait until ${to} has committed the replicated connections`,
      command: `conntrackd's log on ${to} says that the commit has ended, within ${seconds(move.commitDeadlineMs)}`,
    },
    {
      id: 'verify',
      node: to,
      title: 'Verify the cluster',
      command: `${to} is still MASTER, ${others.join(' and ')} not, and conntrackd runs on ${from} and ${to}`,
    },
  ];
}

export const putBackStep = ({ node, previous, file }: Move, command: string): FailoverStep => ({
  id: 'put-back',
  node,
  title: `Put ${previous} back into ${file}`,
  command,
});

const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`;
