import { expect, it } from 'vitest';
import { compareColumns } from '../../../main/connections/coverage/compare-columns.ts';
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

it('of tables by column says of every connection what the plain rules say', () => {
  fc.assert(
    fc.property(
      table,
      table,
      fc.array(fc.tuple(connection, fc.constantFrom(1, 90)), { maxLength: 60 }),
      fc.boolean(),
      (earlier, master, replicas, hasOwn) => {
        const held = replicas.map(([each, age]) => asReplica(each, age));
        const own = hasOwn ? { isOwn: ({ original }: Connection) => original.src === '10.1.0.9' } : {};
        const plain = compareTables({
          earlier: indexConnections(earlier),
          held: indexConnections(held),
          master: indexConnections(master),
          seconds: 3,
          ...own,
        });
        const found: ClassifiedConnection[] = [];
        const replicated = compareColumns(
          {
            earlier: columnsOf(earlier),
            held: columnsOf(held),
            master: columnsOf(master),
            seconds: 3,
            ...own,
          },
          { classified: (each) => found.push(each), skipped: () => {} },
        );
        expect(sorted(found)).toEqual(sorted(plain.filter((each) => each.class !== 'replicated')));
        expect(replicated).toBe(plain.filter((each) => each.class === 'replicated').length);
      },
    ),
    { numRuns: 500 },
  );
});
