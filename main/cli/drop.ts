import type { DropPlan, DropResult } from '../../shared/domain/connection-actions.ts';
import type { Engine } from '../engine.ts';
import { type CliCommand, type Io, usageError } from './command.ts';
import { openEngine } from './open-engine.ts';
import { openTable } from './open-table.ts';
import { readOptions } from './options.ts';

const mostAtOnce = 1_000;

export const drop: CliCommand = {
  help: `
Usage: handover drop --cluster C [--node N] --filter TEXT [--dry-run] [--confirm C] [--json] [--inventory FILE]

Deletes the connections that match from the table of a node, of the master without --node: each by its exact tuple and
zone, ${mostAtOnce} at most. What no command names alone, such as one of several GRE tunnels, stays, with the reason.
Without --confirm, or with --dry-run, it prints what it would send and sends nothing.
'handover connections --help filter' lists the words of a filter.

Exit status: 0 all dropped, or shown by --dry-run, 1 some were gone already, stay or failed, 2 the table cannot be read,
3 refused and nothing sent, 64 wrong usage.

Examples:
  handover drop --cluster edge --filter 'src == 10.1.2.3 and dport == 22'
  handover drop --cluster edge --filter 'src == 10.1.2.3 and dport == 22' --confirm edge
`,
  run: async (argv, io) => {
    const options = readOptions(argv, {
      cluster: { type: 'string' },
      node: { type: 'string' },
      filter: { type: 'string' },
      confirm: { type: 'string' },
      'dry-run': { type: 'boolean' },
      json: { type: 'boolean' },
      inventory: { type: 'string' },
    });
    if (!options.ok) return usageError(io, 'drop', options.error);
    const { cluster, node, filter, confirm, json = false, inventory } = options.value;
    if (cluster === undefined) return usageError(io, 'drop', 'which cluster? Give --cluster C');
    if (filter === undefined || filter.trim() === '')
      return usageError(io, 'drop', 'which connections? Give --filter TEXT');
    if (confirm !== undefined && confirm !== cluster)
      return usageError(io, 'drop', `to confirm give --confirm ${cluster}`);
    const engine = await openEngine({ cluster, inventory, forTable: true }, io);
    if (!engine.ok) return usageError(io, 'drop', engine.error);
    const isDry = options.value['dry-run'] === true || confirm === undefined;
    try {
      const plan = await planOf(engine.value, { cluster, node, filter }, io);
      if (typeof plan === 'number') return plan;
      if (isDry) return shown(plan, json, io);
      const done = await engine.value.handlers['connections.drop']({
        planId: plan.planId,
        confirmation: cluster,
      });
      return done.accepted ? told(plan, done.results, json, io) : refuse(done.reason, io);
    } finally {
      await engine.value.close();
    }
  },
};

async function planOf(
  engine: Engine,
  wanted: { cluster: string; node: string | undefined; filter: string },
  io: Io,
): Promise<DropPlan | number> {
  const table = await openTable(engine, wanted, 'drop', io);
  if (typeof table === 'number') return table;
  const { matched, rows } = await table.page({ sort: [], offset: 0, limit: mostAtOnce });
  if (matched > rows.length)
    return refuse(`${matched} connections match, and at most ${mostAtOnce} are dropped at once`, io);
  if (matched === 0) return refuse('no connection matches', io);
  const connections = rows.map(({ row: _, ...connection }) => connection);
  const plan = await engine.handlers['connections.dropPlan']({
    cluster: wanted.cluster,
    node: table.node,
    connections,
  });
  return plan.accepted ? plan.plan : refuse(plan.reason, io);
}

function refuse(reason: string, io: Io): number {
  io.stderr.write(`handover drop: ${reason}\n`);
  return 3;
}

function shown(plan: DropPlan, json: boolean, io: Io): number {
  const { entries, left, warnings, node, cluster } = plan;
  if (json) {
    io.stdout.write(`${JSON.stringify({ version: 1, cluster, node, entries, left })}\n`);
    return 0;
  }
  const lines = [
    `Would drop ${entries.length} connections of ${node}:`,
    ...entries.map(({ command }) => `  ${command}`),
    ...left.map(staying),
    ...warnings,
    `Nothing was sent. To drop them add --confirm ${cluster}.`,
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

const staying = ({ connection: { original, protocol }, reason }: DropPlan['left'][number]): string =>
  `stays  ${protocol} ${original.src} → ${original.dst}: ${reason}`;

function told(
  { cluster, node, entries, left }: DropPlan,
  results: readonly DropResult[],
  json: boolean,
  io: Io,
): number {
  const text = json
    ? JSON.stringify({
        version: 1,
        cluster,
        node,
        results: results.map((each, index) => ({ ...each, connection: entries[index]?.connection })),
        left,
      })
    : [
        ...results.map(({ outcome, command, message }) =>
          [outcome, command, message ?? ''].join('  ').trim(),
        ),
        ...left.map(staying),
      ].join('\n');
  io.stdout.write(`${text}\n`);
  return left.length === 0 && results.every(({ outcome }) => outcome === 'dropped') ? 0 : 1;
}
