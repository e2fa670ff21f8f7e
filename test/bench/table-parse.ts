import { scanNetlink } from '../../main/agents/table/conntrack/scan-netlink.ts';
import { scanText } from '../../main/agents/table/conntrack/scan-text.ts';
import { tableBuilder } from '../../main/connections/store/builder.ts';
import { netlinkDump, textDump } from './dump-bytes.ts';
import { atMost, type BenchFigure, forSize, processorTimes } from './figure.ts';
import { madeUpTable } from './table-rows.ts';

const now = 1_800_000_000;

/** What reading a whole dump costs the tables' thread, from bytes that lie in memory to columns: processor time. */
export async function benchTableParse(n: number): Promise<readonly BenchFigure[]> {
  return [false, true].flatMap((counts) => {
    const columns = madeUpTable(n, counts);
    const parse = (form: 'netlink' | 'text', pieces: readonly Uint8Array[]) => () => {
      const builder = tableBuilder(n, now);
      const scan = form === 'netlink' ? scanNetlink(builder, now) : scanText(builder);
      for (const piece of pieces) scan.write(piece);
      const { entries, problem } = scan.end();
      if (entries !== n || problem !== undefined) throw new Error(`${form}: ${entries} entries; ${problem}`);
      builder.done();
    };
    const name = counts ? '-counted' : '';
    return [
      atMost(
        forSize(300, n),
        'ms',
        `table-parse-netlink${name}`,
        n,
        processorTimes(parse('netlink', netlinkDump(columns))),
      ),
      atMost(
        forSize(600, n),
        'ms',
        `table-parse-text${name}`,
        n,
        processorTimes(parse('text', textDump(columns))),
      ),
    ];
  });
}
