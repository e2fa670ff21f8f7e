import { once } from 'node:events';
import type { Connection } from '../../shared/domain/connection.ts';
import { csvHead, csvLine } from '../../shared/domain/connection-csv.ts';
import { connectionLine } from '../../shared/domain/connection-line.ts';
import { ConnectionColumn, type ConnectionRow, type SortKey } from '../../shared/domain/connection-query.ts';
import type { Engine } from '../engine.ts';
import { askSource } from './ask-source.ts';
import { type CliCommand, type Io, usageError } from './command.ts';
import { filterHelp } from './filter-help.ts';
import { openEngine } from './open-engine.ts';
import { findMaster, openTable } from './open-table.ts';
import { readOptions } from './options.ts';

const pageRows = 1_000;

export const connections: CliCommand = {
  help: `
Usage: handover connections --cluster C [--node N] [--filter TEXT] [--sort COLUMN] [--limit N] [--json|--csv]

Prints the connection table of a node, of the master without --node. --sort takes
${ConnectionColumn.options.join(', ')}; a minus before it turns the order round.

A filter is text found anywhere in a connection (10.1.2.3:22), or comparisons:
  tcp and dst in 10.1.0.0/16 and not dport == 443
  state == ESTABLISHED and bytes > 10M
What the kernel can choose itself (single addresses, ports, a mark) it is asked for, without --sort, and answers at once.
'handover connections --help filter' lists its words. One that asks what a slave holds ('not replicated on fw2') compares
the slaves with the master first, as 'handover coverage' does.

Exit status: 0 printed, 2 the table cannot be read, 64 wrong usage.

Examples:
  handover connections --cluster edge --filter 'dport == 22' --sort -bytes --limit 20
  handover connections --cluster edge --filter 'missing on fw2' --csv > lost.csv
  handover connections --cluster edge --node fw2 --json | jq -r .original.src | sort | uniq -c
`,
  topics: { filter: filterHelp },
  run: async (argv, io) => {
    const options = readOptions(argv, {
      cluster: { type: 'string' },
      node: { type: 'string' },
      filter: { type: 'string', default: '' },
      sort: { type: 'string' },
      limit: { type: 'string' },
      json: { type: 'boolean' },
      csv: { type: 'boolean' },
      inventory: { type: 'string' },
    });
    if (!options.ok) return usageError(io, 'connections', options.error);
    const { cluster, node, filter, json, csv, inventory } = options.value;
    if (cluster === undefined) return usageError(io, 'connections', 'which cluster? Give --cluster C');
    if (json && csv) return usageError(io, 'connections', 'give --json or --csv, not both');
    const sort = sortKeys(options.value.sort);
    if (!sort) {
      const known = ConnectionColumn.options.join(', ');
      return usageError(io, 'connections', `no column "${options.value.sort}"; there are ${known}`);
    }
    const limit = options.value.limit === undefined ? Number.POSITIVE_INFINITY : Number(options.value.limit);
    if (Number.isNaN(limit) || limit < 0) return usageError(io, 'connections', '--limit takes a number');
    const engine = await openEngine({ cluster, inventory, forTable: true }, io);
    if (!engine.ok) return usageError(io, 'connections', engine.error);
    try {
      const print = json ? jsonLine : csv ? csvLine : connectionLine;
      return await printTable(
        engine.value,
        { cluster, node, filter, sort, limit },
        print,
        csv ? `${csvHead}\n` : '',
        io,
      );
    } finally {
      await engine.value.close();
    }
  },
};

interface Wanted {
  readonly cluster: string;
  readonly node: string | undefined;
  readonly filter: string;
  readonly sort: SortKey[];
  readonly limit: number;
}

function sortKeys(text: string | undefined): SortKey[] | undefined {
  if (text === undefined) return [];
  const descending = text.startsWith('-');
  const column = ConnectionColumn.options.find((name) => name === text.replace(/^-/, ''));
  return column && [{ column, direction: descending ? 'desc' : 'asc' }];
}

async function printTable(
  engine: Engine,
  { cluster, node, filter, sort, limit }: Wanted,
  print: (connection: Connection) => string,
  head: string,
  io: Io,
): Promise<number> {
  const write = async (rows: readonly ConnectionRow[]) => {
    if (!io.stdout.write(rows.map(({ row: _, ...connection }) => `${print(connection)}\n`).join('')))
      await once(io.stdout, 'drain');
  };
  const name = node ?? (await findMaster(engine, cluster));
  // in its own order the kernel answers alone
  const asked = name !== undefined && sort.length === 0 && (await askSource(engine, cluster, name, filter));
  if (asked) {
    io.stdout.write(head);
    await write(asked.slice(0, limit));
    return 0;
  }
  const table = await openTable(engine, { cluster, node: name, filter }, 'connections', io);
  if (typeof table === 'number') return table;
  const page = (offset: number, rows: number) => table.page({ sort, offset, limit: rows });
  const first = await page(0, 0);
  io.stdout.write(head);
  const total = Math.min(limit, first.matched);
  for (let offset = 0; offset < total; offset += pageRows)
    await write((await page(offset, Math.min(pageRows, total - offset))).rows);
  return 0;
}

const jsonLine = (connection: Connection): string => JSON.stringify(connection);
