import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { CoverageReport } from '../../shared/domain/coverage.ts';
import { coverageJson, unwanted } from '../../shared/domain/coverage-report.ts';
import { formatCount, formatSpan } from '../../shared/domain/format.ts';
import type { Engine } from '../engine.ts';
import { type CliCommand, type Io, usageError } from './command.ts';
import { coverageText } from './coverage-text.ts';
import { openEngine } from './open-engine.ts';
import { readOptions } from './options.ts';

/** How long (ms) at most to wait for all nodes to be read before the tables are compared. */
const readMs = 15_000;
/** So many rows a slave are printed for people unless told. */
const textRows = 40;

export const coverage: CliCommand = {
  help: `
Usage: handover coverage --cluster C [--json] [--limit N] [--inventory FILE]

Compares the master's connections with what each slave holds of them, one by one, and names what is missing and why:
filtered, cache-full, offloaded, older-than-agent, event-lost, unknown. It takes a few seconds, since a connection
counts as missing only once it is 2 s old. A slave's cache is read once a minute at most: a second comparison waits
for that. A node with one processor, or too little memory for the dump, is refused. Ctrl+C ends the comparison.

--limit N prints N connections a slave at most (without --json ${textRows}); the counts are always of all.

Exit status: 0 nothing is missing or stale but what the filter keeps back, 1 something is, 2 not every slave could be
compared, 64 wrong usage.

Examples:
  handover coverage --cluster edge
  handover coverage --cluster edge --json | jq '.slaves[].missingByReason'
`,
  run: async (argv, io) => {
    const options = readOptions(argv, {
      cluster: { type: 'string' },
      json: { type: 'boolean' },
      limit: { type: 'string' },
      inventory: { type: 'string' },
    });
    if (!options.ok) return usageError(io, 'coverage', options.error);
    const { cluster, json = false, inventory } = options.value;
    if (cluster === undefined) return usageError(io, 'coverage', 'which cluster? Give --cluster C');
    const limit = options.value.limit === undefined ? undefined : Number(options.value.limit);
    if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0))
      return usageError(io, 'coverage', '--limit takes a number');
    const rows = limit ?? (json ? undefined : textRows);
    const engine = await openEngine({ cluster, inventory }, io);
    if (!engine.ok) return usageError(io, 'coverage', engine.error);
    try {
      await nodesRead(engine.value);
      const report = await compare(engine.value.handlers, cluster, rows, io);
      if (!report) return 2;
      if (json) for (const line of notInJson(report)) io.stderr.write(`handover coverage: ${line}\n`);
      const text = json ? `${JSON.stringify(coverageJson(report))}\n` : coverageText(report);
      // the process ends with this command, and what a slow reader has not taken by then would be lost
      if (!io.stdout.write(text)) await once(io.stdout, 'drain');
      return exitStatus(report);
    } finally {
      await engine.value.close();
    }
  },
};

/** What the promised form has no place for, and a reader of it must know all the same. */
const notInJson = ({ refused, slaves }: CoverageReport): string[] => [
  ...refused.map(({ node, reason }) => `${node} was not compared: ${reason}.`),
  ...slaves
    .filter(({ unreadable }) => unreadable > 0)
    .map(
      ({ node, unreadable }) =>
        `${formatCount(unreadable)} lines of ${node} and its master could not be read.`,
    ),
];

const exitStatus = ({ slaves, refused }: CoverageReport): number => {
  if (refused.length > 0) return 2;
  return slaves.some((slave) => unwanted(slave) > 0) ? 1 : 0;
};

async function compare(
  handlers: Engine['handlers'],
  cluster: string,
  limit: number | undefined,
  io: Io,
): Promise<CoverageReport | undefined> {
  const cancel = () => void handlers['coverage.cancel']({ cluster });
  process.once('SIGINT', cancel);
  const answer = await handlers['coverage.compare']({ cluster }).finally(() => process.off('SIGINT', cancel));
  if (answer.accepted) {
    const rows = limit === undefined ? {} : { limit };
    return (await handlers['coverage.report']({ cluster, filter: '', ...rows })).report;
  }
  io.stderr.write(`handover coverage: ${answer.reason}\n`);
  if (answer.retryAt === undefined) return undefined;
  const wait = Math.max(0, answer.retryAt - Date.now());
  io.stderr.write(`handover coverage: waits ${formatSpan(Math.ceil(wait / 1000))} for that\n`);
  await delay(wait);
  return compare(handlers, cluster, limit, io);
}

/** Resolves once the master is known and each node was read or could not be, at the latest at the deadline. */
function nodesRead(engine: Engine): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      queueMicrotask(() => unsubscribe());
      resolve();
    };
    const timer = setTimeout(finish, readMs);
    const unsubscribe = engine.subscribe('fleet', ({ clusters }) => {
      if (clusters.every(isRead)) finish();
    });
  });
}

const isRead = ({ master, nodes }: ClusterSnapshot): boolean =>
  master !== null &&
  nodes.every(({ readings, failure }) => readings.agent !== undefined || failure !== undefined);
