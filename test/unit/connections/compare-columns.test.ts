import { expect, it } from 'vitest';
import { compareColumns } from '../../../main/connections/coverage/compare-columns.ts';
import { tableBuilder } from '../../../main/connections/store/builder.ts';
import type { Columns } from '../../../main/connections/store/columns.ts';
import { indexBase, type Meeting, meeting } from '../../../main/connections/store/meet-rows.ts';
import type { KeyKind } from '../../../main/connections/store/row-key.ts';
import {
  hasher,
  type Preparation,
  spreader,
  spreadRows,
} from '../../../main/connections/store/spread-rows.ts';
import type { Connection } from '../../../shared/domain/connection.ts';
import type { ClassifiedConnection } from '../../../shared/domain/coverage.ts';
import { compareTables, indexConnections } from '../../../shared/domain/coverage-compare.ts';
import fc from '../../support/fast-check.ts';
import { asReplica, columnsOf, connection, table } from './small-world.ts';

/** The order of keys says nothing. */
const inOrder = (_: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;
const sorted = (classified: readonly ClassifiedConnection[]) =>
  classified.map((each) => JSON.stringify([each.class, each.evidence, each.connection], inOrder)).toSorted();

/** What is made ready of a table that comes connection by connection. */
function prepared<T>({ grown, done }: Preparation<T>, connections: readonly Connection[]): T {
  const builder = tableBuilder(1);
  for (const each of connections) {
    builder.append(each);
    grown(builder.soFar());
  }
  return done(builder.done());
}

/** The slave's table, looked up in the master's while it came. */
function metWhileItCame(master: Columns, held: readonly Connection[], kind: KeyKind): Meeting {
  const met = meeting(indexBase(master, spreadRows(master, kind)), 2);
  const spreading = spreader(kind, 2, 3);
  const builder = tableBuilder(1);
  for (const each of held) {
    builder.append(each);
    spreading.grown(builder.soFar());
    met.meet(builder.soFar(), spreading.soFar());
  }
  const columns = builder.done();
  met.meet(columns, spreading.done(columns));
  return met;
}

it('of tables by column says of every connection what the plain rules say, made ready while they came or not', () => {
  fc.assert(
    fc.property(
      table,
      table,
      fc.array(fc.tuple(connection, fc.constantFrom(1, 90)), { maxLength: 60 }),
      fc.boolean(),
      fc.constantFrom<KeyKind>('carried', 'exact'),
      (earlier, master, replicas, hasOwn, kind) => {
        const held = replicas.map(([each, age]) => asReplica(each, age));
        const own = hasOwn ? { isOwn: ({ original }: Connection) => original.src === '10.1.0.9' } : {};
        const plain = compareTables({
          earlier: indexConnections(earlier),
          held: indexConnections(held),
          master: indexConnections(master),
          seconds: 3,
          ...own,
        });
        const columns = {
          earlier: columnsOf(earlier),
          held: columnsOf(held),
          master: columnsOf(master),
        };
        const found: ClassifiedConnection[] = [];
        const replicated = compareColumns(
          { ...columns, seconds: 3, ...own },
          { classified: (each) => found.push(each), skipped: () => {} },
        );
        const ready = {
          earlier: prepared(hasher(kind, 2, 3), earlier),
          master: prepared(spreader(kind, 2, 5), master),
        };
        const met = metWhileItCame(columns.master, held, kind);
        for (const made of [ready, { ...ready, met }, { met }]) {
          const foundReady: ClassifiedConnection[] = [];
          const alike = compareColumns(
            { ...columns, seconds: 3, ready: made, ...own },
            { classified: (each) => foundReady.push(each), skipped: () => {} },
          );
          expect([sorted(foundReady), alike]).toEqual([sorted(found), replicated]);
        }
        expect(sorted(found)).toEqual(sorted(plain.filter((each) => each.class !== 'replicated')));
        expect(replicated).toBe(plain.filter((each) => each.class === 'replicated').length);
      },
    ),
    { numRuns: 500 },
  );
});
