import { once } from 'node:events';
import type { CoverageReport } from '../../shared/domain/coverage.ts';
import { coverageJson, unwanted } from '../../shared/domain/coverage-report.ts';
import { formatCount } from '../../shared/domain/format.ts';
import { type CliCommand, usageError } from './command.ts';
import { compareSlaves } from './compare-slaves.ts';
import { coverageText } from './coverage-text.ts';
import { openEngine } from './open-engine.ts';
import { readOptions } from './options.ts';

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
      if (!(await compareSlaves(engine.value, cluster, 'coverage', io))) return 2;
      const wanted = { cluster, filter: '', ...(rows !== undefined && { limit: rows }) };
      const { report } = await engine.value.handlers['coverage.report'](wanted);
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
