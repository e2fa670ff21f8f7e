import { expect, it } from 'vitest';
import { tableBuilder } from '../../../../main/connections/store/builder.ts';
import { groupsOf } from '../../../../main/connections/store/groups.ts';
import { noChanges, type Revision } from '../../../../main/connections/store/revision.ts';
import { viewOf } from '../../../../main/connections/store/view.ts';
import type { Connection } from '../../../../shared/domain/connection.ts';
import { parseConnectionFilter } from '../../../../shared/domain/connection-filter.ts';
import { GroupBy } from '../../../../shared/domain/connection-groups.ts';
import fc from '../../../support/fast-check.ts';
import { kernelConnection } from '../../../support/kernel-connection.ts';

function revisionOf(connections: readonly Connection[]): Revision {
  const builder = tableBuilder(connections.length);
  for (const each of connections) builder.append(each);
  return { number: 1, columns: builder.done(), observedAt: 0, unreadable: 0, changes: noChanges, views: [] };
}

const bytesOf = ({ original, reply }: Connection): number => {
  const counted = original.bytes !== undefined;
  return counted ? Number(original.bytes) + Number(reply?.bytes ?? 0) : 0;
};
const query = { cluster: 'edge', node: 'fw1', filter: '', measure: 'connections', limit: 1_000 } as const;

it('puts each connection into one group, which its filter selects and no other', () => {
  fc.assert(
    fc.property(
      fc.array(kernelConnection, { maxLength: 50 }),
      fc.constantFrom(...GroupBy.options),
      (connections, by) => {
        const revision = revisionOf(connections);
        const { groups, count, total } = groupsOf(revision, { ...query, by });
        expect(groups).toHaveLength(count);
        expect(total.connections).toBe(connections.length);
        expect(new Set(groups.map(({ label }) => label)).size).toBe(count);
        for (const { filter, connections: size, bytes } of groups) {
          const parsed = parseConnectionFilter(filter);
          if (!parsed.ok) throw new Error(`${filter}: ${parsed.error.message}`);
          const own = connections.filter((each) => parsed.value(each));
          expect([filter, own.length]).toEqual([filter, size]);
          if (bytes !== undefined) expect(bytes).toBe(own.reduce((sum, each) => sum + bytesOf(each), 0));
        }
      },
    ),
    { numRuns: 500 },
  );
});

it('gives the largest groups first, and what is left of all in one sum', () => {
  fc.assert(
    fc.property(
      fc.array(kernelConnection, { minLength: 1, maxLength: 50 }),
      fc.constantFrom('connections' as const, 'bytes' as const),
      fc.integer({ min: 0, max: 4 }),
      (connections, measure, limit) => {
        const revision = revisionOf(connections);
        const all = groupsOf(revision, { ...query, by: 'src', measure });
        const some = groupsOf(revision, { ...query, by: 'src', measure, limit });
        expect(some.groups).toEqual(all.groups.slice(0, limit));
        const sizes = all.groups.map((group) => group[measure] ?? 0);
        expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
        const left = all.groups.slice(limit).reduce((sum, group) => sum + group.connections, 0);
        expect(some.others.connections).toBe(left);
      },
    ),
    { numRuns: 200 },
  );
});

it('counts only what passes the filter, and says where a filter makes no sense', () => {
  const revision = revisionOf(fc.sample(kernelConnection, { numRuns: 200, seed: 3 }));
  const view = viewOf(revision, 'tcp', []);
  const groups = groupsOf(revision, { ...query, filter: 'tcp', by: 'dst' });
  expect(groups.total.connections).toBe(view.ok && view.value.length);
  expect(groupsOf(revision, { ...query, filter: 'dport ==', by: 'dst' }).filterError).toBeDefined();
});
