import { describe, expect, it } from 'vitest';
import type { Connection } from '../../../shared/domain/connection.ts';
import { compareTables, indexConnections } from '../../../shared/domain/coverage-compare.ts';
import { connectionKey } from '../../../shared/domain/coverage-key.ts';
import fc from '../../support/fast-check.ts';
import { summarise } from '../../support/plain-coverage.ts';
import { lineOf } from './coverage-tables.ts';

const compare = (tables: {
  readonly earlier: readonly Connection[];
  readonly held: readonly Connection[];
  readonly master: readonly Connection[];
  readonly seconds?: number;
}) =>
  compareTables({
    earlier: indexConnections(tables.earlier),
    held: indexConnections(tables.held),
    master: indexConnections(tables.master),
    seconds: tables.seconds ?? 3,
  });

const one = lineOf(
  'ipv4 2 tcp 6 431997 ESTABLISHED src=10.1.0.1 dst=10.2.0.1 sport=40001 dport=443 src=10.2.0.1 dst=10.1.0.1 sport=443 dport=40001 [ASSURED] mark=0 use=1 id=7',
);
const replica = lineOf(
  'tcp 6 ESTABLISHED src=10.1.0.1 dst=10.2.0.1 sport=40001 dport=443 [ASSURED] [active since 90s]',
);
const classesOf = (tables: Parameters<typeof compare>[0]) =>
  compare(tables).map((each) => [each.class, each.evidence]);

describe('a connection of the master', () => {
  it('is replicated where the cache of the slave holds its original tuple, which is all that a cache prints', () => {
    expect(classesOf({ earlier: [one], held: [replica], master: [one] })).toEqual([
      ['replicated', undefined],
    ]);
  });

  it('is missing only where it was there before the slave was read, and still is', () => {
    expect(classesOf({ earlier: [one], held: [], master: [one] })).toEqual([['missing', undefined]]);
    expect(classesOf({ earlier: [], held: [], master: [one] })).toMatchObject([
      ['in-flight', expect.stringMatching(/./)],
    ]);
    expect(classesOf({ earlier: [one], held: [], master: [] })).toEqual([]);
  });

  it('is another one where the same tuple came again', () => {
    expect(classesOf({ earlier: [{ ...one, id: 6 }], held: [], master: [one] })[0]?.[0]).toBe('in-flight');
  });

  it('is stale where its state, flag or mark differs from one that has not changed meanwhile', () => {
    const old = { ...replica, state: 'SYN_SENT', flags: ['UNREPLIED'] };
    const marked = { ...one, mark: 5 };
    expect(classesOf({ earlier: [marked], held: [old], master: [marked] })).toEqual([
      ['stale', 'state is ESTABLISHED, there SYN_SENT; assured is yes, there no; mark is 5, there 0'],
    ]);
    const opening = { ...one, state: 'SYN_SENT', flags: ['UNREPLIED'] };
    expect(classesOf({ earlier: [opening], held: [old], master: [one] })[0]?.[0]).toBe('replicated');
  });

  it('that is offloaded has neither state nor flag to compare', () => {
    const offloaded = { ...one, flags: ['OFFLOAD'], state: undefined };
    const { state: _, ...rest } = offloaded;
    expect(classesOf({ earlier: [rest], held: [replica], master: [rest] })[0]?.[0]).toBe('replicated');
  });

  it('is of another zone with the same addresses', () => {
    const zoned = { ...one, zone: 10 };
    expect(classesOf({ earlier: [zoned], held: [replica], master: [zoned] }).map(([name]) => name)).toEqual([
      'missing',
      'ghost',
    ]);
  });

  it.each([
    [
      'GRE',
      'gre 47 176 src=10.1.0.8 dst=10.2.0.8 srckey=0x10 dstkey=0x20 src=10.2.0.8 dst=10.1.0.8 srckey=0x20 dstkey=0x10',
      'gre 47 src=10.1.0.8 dst=10.2.0.8 srckey=0x0 dstkey=0x0 [active since 90s]',
    ],
    [
      'UDPLITE',
      'udplite 136 26 src=10.1.0.9 dst=10.2.0.9 sport=7 dport=9 src=10.2.0.9 dst=10.1.0.9 sport=9 dport=7',
      'udplite 136 src=10.1.0.9 dst=10.2.0.9 sport=0 dport=0 [active since 90s]',
    ],
    [
      'a zone of one direction',
      'udp 17 496 src=10.1.0.12 dst=10.2.0.12 sport=11 dport=22 zone-orig=12 src=10.2.0.12 dst=10.1.0.12 sport=22 dport=11',
      'udp 17 src=10.1.0.12 dst=10.2.0.12 sport=11 dport=22 [active since 90s]',
    ],
  ])(
    'that is told from others by %s is not replicable, and what the slave holds of it is no ghost',
    (_, kernel, cache) => {
      const tables = { earlier: [lineOf(kernel)], held: [lineOf(cache)], master: [lineOf(kernel)] };
      expect(classesOf(tables)).toMatchObject([['not-replicable', expect.stringMatching(/not replicated/)]]);
    },
  );
});

describe('what only the slave holds', () => {
  const younger = { ...replica, activeSeconds: 2 };
  it('is a ghost where it is older than the comparison', () => {
    expect(classesOf({ earlier: [], held: [replica], master: [] })[0]?.[0]).toBe('ghost');
  });
  it('is none where its connection ended meanwhile, or came and went', () => {
    expect(classesOf({ earlier: [one], held: [replica], master: [] })).toEqual([]);
    expect(classesOf({ earlier: [], held: [younger], master: [] })).toEqual([]);
  });
});

/** A connection of a small world, so that tables meet often. */
const connection = fc
  .record({ sport: fc.integer({ min: 1, max: 40 }), id: fc.integer({ min: 1, max: 2 }) })
  .map(({ sport, id }) => ({ ...one, original: { ...one.original, sport }, id }));
const table = fc.uniqueArray(connection, { maxLength: 40, selector: connectionKey });

it('agrees with a plain difference of sets, whatever the tables', () => {
  fc.assert(
    fc.property(table, table, table, (earlier, master, replicas) => {
      const held = replicas.map(({ id: _, reply: __, ...rest }) => ({ ...rest, activeSeconds: 90 }));
      const keys = (rows: readonly Connection[]) => new Set(rows.map(connectionKey));
      const steady = (row: Connection) =>
        earlier.some((each) => connectionKey(each) === connectionKey(row) && each.id === row.id);
      const [before, now, there] = [keys(earlier), keys(master), keys(held)];
      const absent = master.filter((row) => !there.has(connectionKey(row)));
      const ghosts = [...there].filter((key) => !now.has(key) && !before.has(key));
      const found = compare({ earlier, held, master });
      const named = (name: string) =>
        keys(found.filter((each) => each.class === name).map((each) => each.connection));
      expect(named('missing')).toEqual(keys(absent.filter(steady)));
      expect(named('in-flight')).toEqual(keys(absent.filter((row) => !steady(row))));
      expect(named('replicated')).toEqual(keys(master.filter((row) => there.has(connectionKey(row)))));
      expect(named('ghost')).toEqual(new Set(ghosts));
      const { of, replicated, inFlight, missing, stale, notReplicable, coverage } = summarise(
        'fw2',
        found,
        0,
      );
      expect(of).toBe(master.length);
      expect(replicated + inFlight + missing + stale + notReplicable).toBe(of);
      expect(coverage).toBe(of === 0 ? null : replicated / of);
    }),
    { numRuns: 300 },
  );
});
