import type { Connection } from '../../../shared/domain/connection.ts';
import { Attribute, differing } from '../../../shared/domain/connection-attributes.ts';
import type {
  DifferenceClass,
  DifferenceQuery,
  DifferenceReport,
  DifferentConnection,
} from '../../../shared/domain/difference.ts';
import {
  type Found,
  judgeBase,
  judgeOther,
  type Reading,
} from '../../../shared/domain/difference-compare.ts';
import { type Columns, hasReply } from '../store/columns.ts';
import { connectionOf } from '../store/connection-of.ts';
import type { KeyKind } from '../store/row-key.ts';
import { wideNumbers } from '../store/wide-table.ts';
import { type ComparedColumns, compareBy, type Rules } from './compare-columns.ts';
import { pickRows } from './pick-rows.ts';
import { selectGroups } from './select-groups.ts';

/** Two tables by column; `base` says which of the two, as they were named, stands in `earlier` and `master`. */
export interface TablesToDiffer extends ComparedColumns, Reading {
  readonly base: 'of' | 'against';
}

export type DifferenceCounts = Pick<
  DifferenceReport,
  'same' | 'onlyOf' | 'onlyAgainst' | 'different' | 'differsBy' | 'younger' | 'ageUnknown' | 'notComparable'
> & { readonly of: number; readonly against: number };

/** What two tables differ in: counts, and by column every connection that is not in both alike. */
export interface KeptDifference {
  readonly counts: DifferenceCounts;
  readonly select: (
    query: Pick<DifferenceQuery, 'class' | 'limit'>,
    passes: ((connection: Connection) => boolean) | undefined,
  ) => Pick<DifferenceReport, 'connections' | 'matched'>;
}

/** The rows of one class; of those that are different, `others` is the other table's row, and `masks` says what differs. */
interface Group {
  readonly name: DifferenceClass;
  readonly columns: Columns;
  readonly others: Columns | undefined;
  readonly masks: Uint8Array;
}

const names = Attribute.options;

/** A bit for each attribute. */
const maskOf = (attributes: readonly Attribute[]): number =>
  attributes.reduce((mask, name) => mask | (1 << names.indexOf(name)), 0);

/** A cache does not tell all that the kernel does. */
export const kindOf = ({ hasCache }: Pick<Reading, 'hasCache'>): KeyKind => (hasCache ? 'carried' : 'exact');

const rulesOf = (reading: Reading): Rules<Found> => ({
  kind: kindOf(reading),
  judge: (connection, steady, other) => judgeBase(connection, steady, other, reading),
  judgeLone: (connection) => judgeOther(connection, reading),
  beside: repliesAlike,
});

/** Whether answers come from and go to the same: what an entry is translated to stands nowhere else. */
function repliesAlike(master: Columns, held: Columns) {
  const numbers = wideNumbers(held.wide, master.wide);
  return (row: number, there: number): boolean => {
    if (((master.has[row] ?? 0) & (held.has[there] ?? 0) & hasReply) === 0) return true;
    const isLong = master.family[row] !== 4;
    const known = (address = 0) => (isLong ? numbers[address] : address);
    return (
      master.replySrc[row] === known(held.replySrc[there]) &&
      master.replyDst[row] === known(held.replyDst[there]) &&
      master.replySport[row] === held.replySport[there] &&
      master.replyDport[row] === held.replyDport[there]
    );
  };
}

/** Compares, and keeps what was found. The tables may be let go of after it. */
export function differAndKeep(tables: TablesToDiffer): KeptDifference {
  const { master, held, base } = tables;
  const onlyBase: number[] = [];
  const onlyOther: number[] = [];
  const pairs: { row: number; there: number; mask: number }[] = [];
  const differsBy: Partial<Record<Attribute, number>> = {};
  let [younger, ageUnknown, notComparable] = [0, 0, 0];
  const alike = compareBy(rulesOf(tables), tables, {
    classified: (found, row, there) => {
      switch (found.kind) {
        case 'only-base':
        case 'only-other':
          (found.kind === 'only-base' ? onlyBase : onlyOther).push(row);
          if (!found.isAgeKnown) ageUnknown += 1;
          return;
        case 'different':
          pairs.push({ row, there, mask: maskOf(found.names) });
          for (const name of found.names) differsBy[name] = (differsBy[name] ?? 0) + 1;
          return;
        case 'younger':
          younger += 1;
          return;
        case 'not-comparable':
          notComparable += 1;
      }
    },
    skipped: () => undefined,
  });
  const isOf = base === 'of';
  const only = (name: DifferenceClass, table: Columns, rows: readonly number[]): Group => ({
    name,
    columns: pickRows(table, rows),
    others: undefined,
    masks: new Uint8Array(rows.length),
  });
  const [ofTable, againstTable] = isOf ? [master, held] : [held, master];
  const rowsOf = (side: boolean) => pairs.map(({ row, there }) => (side ? row : there));
  const groups: readonly Group[] = [
    only('only-of', ofTable, isOf ? onlyBase : onlyOther),
    only('only-against', againstTable, isOf ? onlyOther : onlyBase),
    {
      name: 'different',
      columns: pickRows(ofTable, rowsOf(isOf)),
      others: pickRows(againstTable, rowsOf(!isOf)),
      masks: Uint8Array.from(pairs.map(({ mask }) => mask)),
    },
  ];
  const count = (name: DifferenceClass): number =>
    groups.find((group) => group.name === name)?.columns.length ?? 0;

  return {
    counts: {
      of: ofTable.length,
      against: againstTable.length,
      same: alike,
      onlyOf: count('only-of'),
      onlyAgainst: count('only-against'),
      different: count('different'),
      differsBy,
      younger,
      ageUnknown,
      notComparable,
    },
    select: ({ class: wanted, limit = Number.POSITIVE_INFINITY }, passes) => {
      const connections: DifferentConnection[] = [];
      const matched = selectGroups(
        groups.filter(({ name }) => wanted === undefined || wanted === name),
        { limit, passes },
        () => true,
        (group, row, connection) =>
          connections.push({ class: group.name, differs: differsOf(group, row, connection), connection }),
      );
      return { connections, matched };
    },
  };
}

function differsOf(
  { others, masks }: Group,
  row: number,
  connection: Connection,
): DifferentConnection['differs'] {
  if (!others) return [];
  const told = names.filter((_, index) => ((masks[row] ?? 0) & (1 << index)) !== 0);
  return differing(connection, connectionOf(others, row), told).map(({ name, here, there }) => ({
    name,
    of: here,
    against: there,
  }));
}
