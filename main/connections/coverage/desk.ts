import type { Connection } from '../../../shared/domain/connection.ts';
import { parseConnectionFilter } from '../../../shared/domain/connection-filter.ts';
import { explainer } from '../../../shared/domain/coverage-reason.ts';
import { type Scan, scanNetlink } from '../../agents/table/conntrack/scan-netlink.ts';
import { scanText } from '../../agents/table/conntrack/scan-text.ts';
import { type TableBuilder, tableBuilder } from '../store/builder.ts';
import type { Columns } from '../store/columns.ts';
import { keysOf } from '../store/replicas.ts';
import { differAndKeep, type KeptDifference } from './kept-difference.ts';
import { compareAndKeep, type KeptRows } from './kept-rows.ts';
import type { Answer, CompareQuery, Question, Questions } from './messages.ts';

/** What a filter lets through; undefined: everything. */
function passing(text: string): ((connection: Connection) => boolean) | undefined {
  const filter = parseConnectionFilter(text);
  return filter.ok && text.trim() !== '' ? filter.value : undefined;
}

/** Takes the dumps of one comparison in, compares them, and keeps what was found. */
export function comparisonDesk(): (question: Question) => Answer {
  const dumps = new Map<number, { readonly builder: TableBuilder; readonly scan: Scan }>();
  const tables = new Map<number, Columns>();
  const kept = new Map<string, KeptRows>();
  let difference: KeptDifference | undefined;
  const known = <K, V>(from: ReadonlyMap<K, V>, key: K): V => {
    const value = from.get(key);
    if (value === undefined) throw new Error(`the comparison knows no ${key}`);
    return value;
  };

  const compare = ({ slave, earlier, held, master, seconds, own }: CompareQuery): number => {
    const addresses = own && new Set(own);
    const isOwn = ({ original }: Connection) =>
      addresses !== undefined && (addresses.has(original.src) || addresses.has(original.dst));
    const found = compareAndKeep({
      earlier: known(tables, earlier),
      held: known(tables, held),
      master: known(tables, master),
      seconds,
      ...(addresses && { isOwn }),
    });
    tables.delete(held);
    kept.set(slave, found);
    return found.counts().missing;
  };

  const answer = (question: Question): Questions[keyof Questions]['answer'] => {
    switch (question.name) {
      case 'begin': {
        const { dump, expected, observedAt, format } = question.query;
        const seconds = observedAt / 1000;
        const builder = tableBuilder(expected, seconds);
        const scan = format === 'netlink' ? scanNetlink(builder, Math.floor(seconds)) : scanText(builder);
        dumps.set(dump, { builder, scan });
        return undefined;
      }
      case 'chunk': {
        const { scan } = known(dumps, question.query.dump);
        scan.write(question.query.bytes);
        return scan.entries();
      }
      case 'end': {
        const { dump } = question.query;
        const { builder, scan } = known(dumps, dump);
        const end = scan.end();
        tables.set(dump, builder.done());
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
          earlier: known(tables, earlier),
          held: known(tables, held),
          master: known(tables, master),
        });
        return difference.counts;
      }
      case 'release':
        dumps.clear();
        tables.clear();
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
