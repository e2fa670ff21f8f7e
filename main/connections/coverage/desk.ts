import type { Connection } from '../../../shared/domain/connection.ts';
import { parseConnectionFilter } from '../../../shared/domain/connection-filter.ts';
import { explainer } from '../../../shared/domain/coverage-reason.ts';
import { type Scan, scanNetlink } from '../../agents/table/conntrack/scan-netlink.ts';
import { scanText } from '../../agents/table/conntrack/scan-text.ts';
import { type TableBuilder, tableBuilder } from '../store/builder.ts';
import type { Columns } from '../store/columns.ts';
import { type BaseRows, indexBase, type Meeting, meeting } from '../store/meet-rows.ts';
import { keysOf } from '../store/replicas.ts';
import type { RowHashes } from '../store/row-index.ts';
import { hasher, type Preparation, type Spread, spreader } from '../store/spread-rows.ts';
import { differAndKeep, type KeptDifference } from './kept-difference.ts';
import { compareAndKeep, type KeptRows } from './kept-rows.ts';
import type { Answer, CompareQuery, Preparing, Question, Questions } from './messages.ts';

/** What a filter lets through; undefined: everything. */
function passing(text: string): ((connection: Connection) => boolean) | undefined {
  const filter = parseConnectionFilter(text);
  return filter.ok && text.trim() !== '' ? filter.value : undefined;
}

/** A dump that comes in, and what is made of it meanwhile. */
interface Incoming {
  readonly builder: TableBuilder;
  readonly scan: Scan;
  readonly expected: number;
  readonly use: Preparing['use'] | undefined;
  readonly preparation: Preparation<RowHashes | Spread> | undefined;
}

const preparationOf = ({ kind, use }: Preparing, expected: number) =>
  use === 'sought' ? hasher(kind, expected) : spreader(kind, expected);

const spreadOf = (prepared: RowHashes | Spread | undefined): Spread | undefined =>
  prepared && 'records' in prepared ? prepared : undefined;

/** Takes the dumps of one comparison in, compares them, and keeps what was found. */
export function comparisonDesk(): (question: Question) => Answer {
  const dumps = new Map<number, Incoming>();
  const tables = new Map<number, Columns>();
  const ready = new Map<number, RowHashes | Spread>();
  /** The table that the others are compared with, once it is whole, and what each of those has in common with it. */
  let base: BaseRows | undefined;
  const meetings = new Map<number, Meeting>();
  const kept = new Map<string, KeptRows>();
  let difference: KeptDifference | undefined;
  const known = <K, V>(from: ReadonlyMap<K, V>, key: K): V => {
    const value = from.get(key);
    if (value === undefined) throw new Error(`the comparison knows no ${key}`);
    return value;
  };

  /** Looks up what has come of a table by now in the base. */
  const meet = (dump: number, columns: Columns, spread: Spread, expected: number): Meeting | undefined => {
    if (base?.spread.kind !== spread.kind) return undefined;
    const known = meetings.get(dump);
    const met = known?.base === base ? known : meeting(base, expected);
    meetings.set(dump, met);
    met.meet(columns, spread);
    return met;
  };

  /** What a table that is whole has in common with the master's; undefined where they were not made ready for that. */
  const metWith = (master: Columns, dump: number, columns: Columns): Meeting | undefined => {
    const spread = spreadOf(ready.get(dump));
    return base?.columns === master && spread ? meet(dump, columns, spread, columns.length) : undefined;
  };

  /** The tables of a comparison, and what was made ready of each. */
  const columnsOf = ({ earlier, held, master }: Pick<CompareQuery, 'earlier' | 'held' | 'master'>) => ({
    earlier: known(tables, earlier),
    held: known(tables, held),
    master: known(tables, master),
    ready: {
      earlier: ready.get(earlier),
      master: ready.get(master),
      met: metWith(known(tables, master), held, known(tables, held)),
    },
  });

  const compare = ({ slave, seconds, own, ...dumped }: CompareQuery): number => {
    const addresses = own && new Set(own);
    const isOwn = ({ original }: Connection) =>
      addresses !== undefined && (addresses.has(original.src) || addresses.has(original.dst));
    const found = compareAndKeep({
      ...columnsOf(dumped),
      seconds,
      ...(addresses && { isOwn }),
    });
    tables.delete(dumped.held);
    ready.delete(dumped.held);
    meetings.delete(dumped.held);
    kept.set(slave, found);
    return found.counts().missing;
  };

  const answer = (question: Question): Questions[keyof Questions]['answer'] => {
    switch (question.name) {
      case 'begin': {
        const { dump, expected, observedAt, format, prepare } = question.query;
        const seconds = observedAt / 1000;
        const builder = tableBuilder(expected, seconds);
        const scan = format === 'netlink' ? scanNetlink(builder, Math.floor(seconds)) : scanText(builder);
        const preparation = prepare && preparationOf(prepare, expected);
        dumps.set(dump, { builder, scan, expected, use: prepare?.use, preparation });
        return undefined;
      }
      case 'chunk': {
        const { dump, bytes } = question.query;
        const { builder, scan, expected, use, preparation } = known(dumps, dump);
        scan.write(bytes);
        const columns = builder.soFar();
        preparation?.grown(columns);
        const spread = spreadOf(preparation?.soFar());
        if (spread && use === 'met') meet(dump, columns, spread, expected);
        return scan.entries();
      }
      case 'end': {
        const { dump } = question.query;
        const { builder, scan, use, preparation } = known(dumps, dump);
        const end = scan.end();
        const columns = builder.done();
        tables.set(dump, columns);
        const prepared = preparation?.done(columns);
        if (prepared) ready.set(dump, prepared);
        const spread = spreadOf(prepared);
        if (spread && use === 'base') base = indexBase(columns, spread);
        dumps.delete(dump);
        return end;
      }
      case 'compare':
        return compare(question.query);
      case 'explain': {
        const { slave, masterNode, slaveNode } = question.query;
        known(kept, slave).explain(explainer(masterNode, slaveNode));
        return undefined;
      }
      case 'expect':
        known(kept, question.query.slave).expect(question.query.expected);
        return undefined;
      case 'counts':
        return known(kept, question.query.slave).counts();
      case 'marks':
        return {
          keys: keysOf(known(tables, question.query.master)),
          slaves: [...kept].map(([node, found]) => ({ node, ...found.marks() })),
        };
      case 'differ': {
        const { earlier, held, master, ...reading } = question.query;
        difference = differAndKeep({
          ...reading,
          ...columnsOf({ earlier, held, master }),
        });
        return difference.counts;
      }
      case 'release':
        dumps.clear();
        tables.clear();
        ready.clear();
        meetings.clear();
        base = undefined;
        return undefined;
      case 'select': {
        const { slave, query } = question.query;
        return known(kept, slave).select(query, passing(query.filter));
      }
      case 'select-difference': {
        const { query } = question;
        if (!difference) throw new Error('nothing was compared');
        return difference.select(query, passing(query.filter));
      }
    }
  };

  return (question) => {
    try {
      const value = answer(question);
      return { id: question.id, ...(value !== undefined && { value }) };
    } catch (cause) {
      return { id: question.id, problem: cause instanceof Error ? cause.message : String(cause) };
    }
  };
}
