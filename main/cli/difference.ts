import { once } from 'node:events';
import type { NodeTable } from '../../shared/domain/difference.ts';
import {
  differenceCount,
  differenceJson,
  differenceNotes,
  parseTable,
} from '../../shared/domain/difference-report.ts';
import { type CliCommand, usageError } from './command.ts';
import { compareTables } from './compare-slaves.ts';
import { differenceText } from './difference-text.ts';
import { openEngine } from './open-engine.ts';
import { readOptions } from './options.ts';

/** So many rows are printed for people unless told. */
const textRows = 40;

export const difference: CliCommand = {
  help: `
Usage: handover difference --cluster C --of NODE[:TABLE] --against NODE[:TABLE] [--json] [--limit N]
                           [--inventory FILE]

Compares two tables of a cluster's nodes, connection by connection: which connections only the first has, which only
the second has, and which both have but not alike, with what differs: state, assured, replied, mark, nat. TABLE is
kernel (the default), external or internal: the kernel's table, or a cache of the sync agent. A cache tells neither all
that the kernel does, nor GRE tunnels and UDPLITE ports apart: what it does not tell is compared by nothing.

A kernel's table is read twice, around the other one, so that what began, ended or changed meanwhile is not told as a
difference, but counted as younger than the reading. Of two caches each is read once, and what ended between the two
readings cannot be told from a difference. A cache is read once a minute at most: a second comparison waits for that. A
node with one processor, or too little memory for the dump, is refused. Ctrl+C ends the comparison.

--limit N prints N connections at most (without --json ${textRows}); the counts are always of all.

Exit status: 0 no difference, 1 some, 2 not compared, 64 wrong usage.

Examples:
  handover difference --cluster edge --of fw1 --against fw2
  handover difference --cluster edge --of fw1:internal --against fw2:external --json | jq '.onlyOf, .onlyAgainst'
`,
  run: async (argv, io) => {
    const options = readOptions(argv, {
      cluster: { type: 'string' },
      of: { type: 'string' },
      against: { type: 'string' },
      json: { type: 'boolean' },
      limit: { type: 'string' },
      inventory: { type: 'string' },
    });
    const wrong = (reason: string) => usageError(io, 'difference', reason);
    if (!options.ok) return wrong(options.error);
    const { cluster, json = false, inventory } = options.value;
    if (cluster === undefined) return wrong('which cluster? Give --cluster C');
    const [of, against] = [tableOf(options.value.of), tableOf(options.value.against)];
    if (!of) return wrong('what of? --of takes NODE, NODE:kernel, NODE:external or NODE:internal');
    if (!against)
      return wrong('against what? --against takes NODE, NODE:kernel, NODE:external or NODE:internal');
    const limit = options.value.limit === undefined ? undefined : Number(options.value.limit);
    if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0))
      return wrong('--limit takes a number');
    const rows = limit ?? (json ? undefined : textRows);
    const engine = await openEngine({ cluster, inventory, forTable: true }, io);
    if (!engine.ok) return wrong(engine.error);
    const { handlers, close } = engine.value;
    try {
      const tables = { cluster, of, against };
      const comparing = {
        byRole: false,
        compare: () => handlers['difference.compare'](tables),
        cancel: () => handlers['difference.cancel']({ cluster }),
      };
      if (!(await compareTables(engine.value, comparing, 'difference', io))) return 2;
      const wanted = { ...tables, filter: '', ...(rows !== undefined && { limit: rows }) };
      const { report } = await handlers['difference.report'](wanted);
      if (!report) return 2;
      if (json) for (const note of differenceNotes(report)) io.stderr.write(`handover difference: ${note}\n`);
      const text = json ? `${JSON.stringify(differenceJson(report))}\n` : differenceText(report);
      // the process ends with this command, and what a slow reader has not taken by then would be lost
      if (!io.stdout.write(text)) await once(io.stdout, 'drain');
      return differenceCount(report) > 0 ? 1 : 0;
    } finally {
      await close();
    }
  },
};

const tableOf = (text: string | undefined): NodeTable | undefined =>
  text === undefined ? undefined : parseTable(text);
