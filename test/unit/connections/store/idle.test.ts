import { expect, it } from 'vitest';
import { tableBuilder } from '../../../../main/connections/store/builder.ts';
import { noChanges } from '../../../../main/connections/store/revision.ts';
import { rowOf } from '../../../../main/connections/store/row-of.ts';
import { selectRows } from '../../../../main/connections/store/select.ts';
import { parseFilter } from '../../../../shared/domain/filter-grammar.ts';
import { lineOf } from '../../domain/coverage-tables.ts';

const timeouts = { established: 432_000, udp: 30, udpStream: 120 };
const ends = 'src=10.1.0.1 dst=10.2.0.1 sport=1 dport=2 src=10.2.0.1 dst=10.1.0.1 sport=2 dport=1';

function tableOf(...lines: readonly string[]) {
  const builder = tableBuilder();
  for (const line of lines) builder.append(lineOf(line));
  return { columns: builder.done(), changes: noChanges };
}
const idle = (line: string, known: typeof timeouts | undefined = timeouts) =>
  rowOf({ ...tableOf(line), timeouts: known }, 0).idle;

it.each([
  ['an established connection', `tcp 6 431990 ESTABLISHED ${ends} [ASSURED]`, 10],
  ['UDP that was answered for a while', `udp 17 100 ${ends} [ASSURED]`, 20],
  ['UDP that was not', `udp 17 25 ${ends}`, 5],
  ['a connection that closes, whose timeout is not read', `tcp 6 100 TIME_WAIT ${ends}`, undefined],
  ['one to which a rule gave a longer timeout', `tcp 6 500000 ESTABLISHED ${ends} [ASSURED]`, undefined],
  ['one whose packets the kernel does not see', `tcp 6 431990 ESTABLISHED ${ends} [OFFLOAD]`, undefined],
  ['ICMP', 'icmp 1 29 src=10.1.0.1 dst=10.2.0.1 type=8 code=0 id=7', undefined],
])('of %s it is known how long it was idle', (_, line, expected) => {
  expect(idle(line)).toBe(expected);
});

it('is known of none where the timeouts of the node are not', () => {
  expect(rowOf(tableOf(`tcp 6 431990 ESTABLISHED ${ends} [ASSURED]`), 0).idle).toBeUndefined();
});

it('is filtered by, and what is not known is neither idle nor busy', () => {
  const table = {
    ...tableOf(
      `tcp 6 428000 ESTABLISHED ${ends} [ASSURED]`,
      `tcp 6 431999 ESTABLISHED ${ends} [ASSURED]`,
      `tcp 6 100 TIME_WAIT ${ends}`,
    ),
    timeouts,
  };
  const rows = (filter: string) => {
    const tree = parseFilter(filter);
    return tree.ok ? [...selectRows(table, tree.value)] : tree.error;
  };
  expect(rows('idle > 1h')).toEqual([0]);
  expect(rows('idle < 1h')).toEqual([1]);
});
