import { describe, expect, it } from 'vitest';
import { differAndKeep } from '../../../main/connections/coverage/kept-difference.ts';
import type { Connection } from '../../../shared/domain/connection.ts';
import type { DifferentConnection } from '../../../shared/domain/difference.ts';
import { type Found, judgeBase, judgeOther } from '../../../shared/domain/difference-compare.ts';
import fc from '../../support/fast-check.ts';
import { byKey } from '../../support/plain-difference.ts';
import { asReplica, columnsOf, connection, table } from './small-world.ts';

/** As old as an entry can be that lived through any reading, with a translation that tables may tell otherwise. */
const old = fc
  .record({ each: connection, translated: fc.constantFrom(undefined, '10.9.9.1', '10.9.9.2') })
  .map(({ each, translated }): Connection => {
    const { reply, extra } = each;
    const answers = reply && translated && each.family === 'ipv4' ? { ...reply, dst: translated } : reply;
    return { ...each, ...(answers && { reply: answers }), extra: { ...extra, 'delta-time': 500 } };
  });
const oldTable = fc.array(old, { maxLength: 60 });

const translate = (each: Connection): Connection =>
  each.reply && each.family === 'ipv4' ? { ...each, reply: { ...each.reply, dst: '10.9.9.3' } } : each;
/** Two tables, the second one with much of the first, as it is there or translated otherwise. */
const twoTables = fc
  .tuple(oldTable, oldTable, fc.infiniteStream(fc.constantFrom('left out', 'same', 'translated')))
  .map(([of, own, what]): [Connection[], Connection[]] => {
    const shared = of.flatMap((each) => {
      const kind = what.next().value;
      return kind === 'left out' ? [] : [kind === 'same' ? each : translate(each)];
    });
    return [of, [...own.slice(0, 20), ...shared]];
  });

/** A row without what says only how it was found. */
const rowText = ({ class: name, connection: each, differs }: DifferentConnection) =>
  JSON.stringify([name, [...byKey([each], false).keys()], differs.map(({ name: attribute }) => attribute)]);

const everything = (kept: ReturnType<typeof differAndKeep>) =>
  kept.select({}, undefined).connections.map(rowText).toSorted();

describe('two kernel tables', () => {
  /** Everything of an entry that is compared, one text an attribute; an offloaded one tells not all. */
  const looks = ({ state, flags, mark = 0, reply, original }: Connection): Record<string, string> => {
    const flag = (name: string) => (flags.includes('OFFLOAD') ? '?' : String(flags.includes(name)));
    return {
      state: state ?? '?',
      assured: flag('ASSURED'),
      replied: flag('UNREPLIED'),
      mark: String(mark),
      nat: reply ? JSON.stringify([reply.src, reply.dst, reply.sport, reply.dport, original]) : '?',
    };
  };
  const naive = (of: Map<string, Connection>, against: Map<string, Connection>): DifferentConnection[] => [
    ...[...of].flatMap(([key, each]): DifferentConnection[] => {
      const other = against.get(key);
      if (!other) return [{ class: 'only-of', differs: [], connection: each }];
      const [a, b] = [looks(each), looks(other)];
      const names = (['state', 'assured', 'replied', 'mark', 'nat'] as const).filter(
        (name) => a[name] !== b[name] && a[name] !== '?' && b[name] !== '?',
      );
      if (names.length === 0) return [];
      const differs = names.map((name) => ({ name, of: '', against: '' }));
      return [{ class: 'different', differs, connection: each }];
    }),
    ...[...against].flatMap(([key, each]): DifferentConnection[] =>
      of.has(key) ? [] : [{ class: 'only-against', differs: [], connection: each }],
    ),
  ];

  it('that stand still differ in what a difference of two sets says, from whichever side it is looked at', () => {
    fc.assert(
      fc.property(twoTables, fc.constantFrom<'of' | 'against'>('of', 'against'), ([of, against], base) => {
        const [first, second] = base === 'of' ? [of, against] : [against, of];
        const [master, held] = [columnsOf(first), columnsOf(second)];
        const kept = differAndKeep({
          base,
          earlier: columnsOf(first),
          master,
          held,
          seconds: 3,
          hasCache: false,
          isOnce: false,
        });
        const sets = [byKey(of, false), byKey(against, false)] as const;
        const rows = naive(...sets);
        expect(everything(kept)).toEqual(rows.map(rowText).toSorted());
        const { counts } = kept;
        expect([counts.younger, counts.ageUnknown, counts.notComparable]).toEqual([0, 0, 0]);
        expect(counts.same + counts.onlyOf + counts.different).toBe(sets[0].size);
        expect(counts.same + counts.onlyAgainst + counts.different).toBe(sets[1].size);
        expect([counts.of, counts.against]).toEqual([of.length, against.length]);
      }),
      { numRuns: 400 },
    );
  });
});

describe('tables that move while they are read', () => {
  /** The same rules, on maps. */
  function plain(
    earlier: readonly Connection[],
    master: readonly Connection[],
    held: readonly Connection[],
    reading: Parameters<typeof judgeBase>[3],
  ): (Found & { connection: Connection })[] {
    const { hasCache } = reading;
    const before = byKey(earlier, false);
    const others = byKey(held, hasCache);
    const known = new Set([...byKey(earlier, hasCache).keys(), ...byKey(master, hasCache).keys()]);
    return [
      ...[...byKey(master, false)].flatMap(([key, each]) => {
        const was = before.get(key);
        const steady = was && was.id === each.id ? was : undefined;
        const [same] = byKey([each], hasCache).keys();
        const found = judgeBase(each, steady, others.get(same ?? ''), reading);
        return found ? [{ ...found, connection: each }] : [];
      }),
      ...[...others].flatMap(([key, each]) =>
        known.has(key) ? [] : [{ ...judgeOther(each, reading), connection: each }],
      ),
    ];
  }

  it('are told by column as the rules tell them one by one, kernel tables and caches', () => {
    const replicas = fc.array(fc.tuple(connection, fc.constantFrom(1, 90)), { maxLength: 60 });
    const modes = fc.constantFrom('two kernel tables', 'a kernel table and a cache', 'two caches');
    fc.assert(
      fc.property(table, replicas, replicas, modes, (before, now, others, mode) => {
        const hasCache = mode !== 'two kernel tables';
        const isOnce = mode === 'two caches';
        const cached = ([each, age]: [Connection, number]) => asReplica(each, age);
        const held = others.map((each) => (hasCache ? cached(each) : each[0]));
        const master = now.map((each) => (isOnce ? cached(each) : each[0]));
        const earlier = isOnce ? master : before;
        const reading = { seconds: 3, hasCache, isOnce };
        const rules = plain(earlier, master, held, reading);
        const kept = differAndKeep({
          ...reading,
          base: 'of',
          earlier: columnsOf(earlier),
          master: columnsOf(master),
          held: columnsOf(held),
        });
        const kinds = rules.map(({ kind }) => kind);
        const count = (kind: Found['kind']) => kinds.filter((each) => each === kind).length;
        expect(kept.counts).toMatchObject({
          onlyOf: count('only-base'),
          onlyAgainst: count('only-other'),
          different: count('different'),
          younger: count('younger'),
          notComparable: count('not-comparable'),
          ageUnknown: rules.filter((each) => 'isAgeKnown' in each && !each.isAgeKnown).length,
        });
        const rows = rules.flatMap((found): string[] => {
          const names = found.kind === 'different' ? found.names : [];
          const differs = names.map((name) => ({ name, of: '', against: '' }));
          const classes = { 'only-base': 'only-of', 'only-other': 'only-against', different: 'different' };
          const name = (classes as Partial<Record<Found['kind'], DifferentConnection['class']>>)[found.kind];
          return name ? [rowText({ class: name, differs, connection: found.connection })] : [];
        });
        expect(everything(kept)).toEqual(rows.toSorted());
      }),
      { numRuns: 400 },
    );
  });
});
