import { describe, expect, it } from 'vitest';
import { conntrackd } from '../../../main/agents/sync/conntrackd/index.ts';
import { keepalived } from '../../../main/agents/takeover/keepalived/index.ts';
import { paths } from '../../../main/demo/site.ts';
import fc from '../../support/fast-check.ts';
import {
  asRoot,
  connectionsIn,
  type Story,
  startAt,
  story,
  sure,
  sync,
  syncState,
  tupleOf,
} from './as-read.ts';

const hold = (told: Story, value: string, file: string = paths.handover) =>
  asRoot(told.shells[0], ['/usr/bin/tee', file], `${value}\n`);
const takeover = keepalived.commands();

const takeoverState = (told: Story, index: 0 | 1) => {
  asRoot(told.shells[index], takeover.requestDump(36).argv);
  asRoot(told.shells[index], takeover.requestDump(10).argv);
  told.wait(80);
  return sure(
    keepalived.parseState({
      json: asRoot(told.shells[index], takeover.readDump('JSON').argv),
      data: asRoot(told.shells[index], takeover.readDump('DATA').argv),
    }),
  );
};
const statesOf = (told: Story) =>
  ([0, 1] as const).map((index) => takeoverState(told, index).instances.map(({ state }) => state));

describe('the figures at any moment', () => {
  it('agree with one another, and rise', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.constantFrom('-100', '0', '-300', '')), {
          maxLength: 8,
        }),
        (seed, deeds) => {
          const told = story(seed);
          let before = told.shells.map(syncState);
          for (const [ms, value] of deeds) {
            told.wait(ms);
            if (value) hold(told, value);
            const states = told.shells.map(syncState);
            const [ours, theirs] = states.map(({ channels }) => channels[0]);
            expect(ours?.bytesSent).toBe(theirs?.bytesReceived);
            expect(theirs?.bytesSent).toBe(ours?.bytesReceived);
            expect(ours?.packetsSent).toBe(theirs?.packetsReceived);
            for (const [index, state] of states.entries()) {
              for (const cache of ['internal', 'external'] as const) {
                const [now, then] = [state[cache].counters, before[index]?.[cache].counters];
                if (!now || !then) throw new Error(`no ${cache} cache`);
                expect(now.active).toBe(now.created - now.destroyed);
                expect(now.created).toBeGreaterThanOrEqual(then.created);
                expect(now.updated).toBeGreaterThanOrEqual(then.updated);
                expect(now.destroyed).toBeGreaterThanOrEqual(then.destroyed);
              }
            }
            before = states;
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  it('are the same in every form in which they can be asked for', () => {
    const told = story();
    told.wait(33_333);
    const [master, backup] = told.shells;
    const [table, internal] = [
      connectionsIn(asRoot(master, ['conntrack', '-L', '-o', 'extended,id,ktimestamp'])),
      connectionsIn(asRoot(master, sync.internalDump.argv), conntrackd.parseLine),
    ];
    expect(asRoot(master, ['conntrack', '-C'])).toBe(`${table.length}\n`);
    expect(internal).toHaveLength(syncState(master).internal.counters?.active ?? -1);
    const external = connectionsIn(asRoot(backup, sync.externalDump.argv), conntrackd.parseLine);
    expect(external).toHaveLength(syncState(backup).external.counters?.active ?? -1);
    // What the slave holds is what the master told it, but for the milliseconds in between.
    const heard = new Set(internal.map(tupleOf));
    expect(external.filter((each) => !heard.has(tupleOf(each))).length).toBeLessThan(5);
    const families = ['ipv4', 'ipv6'].map((family) =>
      asRoot(master, ['conntrack', '-L', '-f', family, '-o', 'extended']),
    );
    expect(families.flatMap((text) => connectionsIn(text))).toHaveLength(table.length);
  });

  it('are those of a busy site: every sort of traffic, some of it translated, none of it twice', () => {
    const told = story();
    const table = connectionsIn(asRoot(told.shells[0], ['conntrack', '-L', '-o', 'extended,id']));
    expect(table.length).toBeGreaterThan(900);
    expect(table.length).toBeLessThan(1_600);
    expect(new Set(table.map(tupleOf)).size).toBe(table.length);
    expect(new Set(table.map(({ id }) => id)).size).toBe(table.length);
    expect(new Set(table.map(({ protocol }) => protocol))).toEqual(new Set(['tcp', 'udp', 'icmp', 'icmpv6']));
    expect(new Set(table.map(({ family }) => family))).toEqual(new Set(['ipv4', 'ipv6']));
    expect(new Set(table.flatMap(({ state }) => state ?? []))).toEqual(
      new Set(['SYN_SENT', 'ESTABLISHED', 'TIME_WAIT', 'CLOSE']),
    );
    const translated = table.filter(
      ({ original, reply }) => original.src !== reply?.dst || original.dst !== reply.src,
    );
    expect(translated.length).toBeGreaterThan(300);
    for (const { timeout, protocol, extra } of table) {
      expect(timeout).toBeLessThanOrEqual(protocol === 'tcp' ? 432_000 : 120);
      expect(Object.keys(extra).filter((key) => key !== 'delta-time')).toEqual([]);
    }
  });

  it('are told again by the same seed, and differ by another', () => {
    const dump = (seed: number) => asRoot(story(seed).shells[0], ['conntrack', '-L']);
    expect(dump(7)).toBe(dump(7));
    expect(dump(7)).not.toBe(dump(8));
  });
});

describe('holding the master down', () => {
  it('moves the role to the slave in 3 adverts and its skew, and no sooner', () => {
    const told = story();
    expect(statesOf(told)).toEqual([
      ['MASTER', 'MASTER'],
      ['BACKUP', 'BACKUP'],
    ]);
    hold(told, '-100');
    told.wait(2_500);
    expect(statesOf(told)).toEqual([
      ['MASTER', 'MASTER'],
      ['BACKUP', 'BACKUP'],
    ]);
    told.wait(1_200);
    expect(statesOf(told)).toEqual([
      ['BACKUP', 'BACKUP'],
      ['MASTER', 'MASTER'],
    ]);
    const [held] = takeoverState(told, 0).instances;
    expect(held).toMatchObject({ effectivePriority: 50, basePriority: 150, nopreempt: false });
    expect(takeoverState(told, 0).trackFiles?.find(({ file }) => file === paths.handover)).toMatchObject({
      status: -100,
      trackedBy: expect.arrayContaining([
        { name: 'LAN', weight: 1 },
        { name: 'WAN', weight: 1 },
      ]),
    });
  });

  it('carries the connections over, and the log says how many', () => {
    const told = story();
    const [master, backup] = told.shells;
    const before = new Set(connectionsIn(asRoot(master, ['conntrack', '-L', '-o', 'extended'])).map(tupleOf));
    hold(told, '-100');
    told.wait(5_000);
    const after = connectionsIn(asRoot(backup, ['conntrack', '-L', '-o', 'extended'])).map(tupleOf);
    expect(after.filter((each) => before.has(each)).length).toBeGreaterThan(0.9 * before.size);
    const log = conntrackd.parseLog(asRoot(backup, sync.log(paths.conntrackdLog).argv));
    const committed = log.find(({ kind }) => kind === 'committed')?.entries ?? 0;
    expect(Math.abs(committed - before.size)).toBeLessThan(80);
    const begun = log.findIndex(({ kind }) => kind === 'commit-started');
    expect(log.slice(begun).map(({ kind }) => kind)).toEqual([
      'commit-started',
      'committed',
      'commit-finished',
      'caches-flushed',
      'resync-from-kernel',
      'bulk-sent',
      'bulk-requested-by-peer',
      'bulk-sent',
    ]);
    // The roles of the caches have changed, too.
    expect(syncState(backup).external.counters?.active).toBe(0);
    expect(syncState(master).external.counters?.active).toBe(syncState(backup).internal.counters?.active);
    // The old master forgets its own copy when the purge is due.
    told.wait(60_000);
    expect(syncState(master).internal.counters?.active).toBe(0);
  });

  it('and releasing it moves the role back', () => {
    const told = story();
    hold(told, '-100');
    told.wait(10_000);
    hold(told, '0');
    told.wait(4_000);
    expect(statesOf(told)).toEqual([
      ['MASTER', 'MASTER'],
      ['BACKUP', 'BACKUP'],
    ]);
    told.wait(1_000);
    const [master, backup] = told.shells.map(syncState);
    const difference = (master?.internal.counters?.active ?? 0) - (backup?.external.counters?.active ?? 0);
    expect(Math.abs(difference)).toBeLessThan(10);
  });

  it('and thinking better of it within the three seconds leaves everything as it was', () => {
    const told = story();
    hold(told, '-100');
    told.wait(2_000);
    hold(told, '0');
    told.wait(10_000);
    expect(statesOf(told)[0]).toEqual(['MASTER', 'MASTER']);
    expect(takeoverState(told, 1).instances[0]?.lastTransition).toBeLessThan(startAt);
  });

  it('a node under maintenance is at fault and gives up the role at once', () => {
    const told = story();
    hold(told, '1', paths.maintenance);
    told.wait(700);
    expect(statesOf(told)).toEqual([
      ['FAULT', 'FAULT'],
      ['MASTER', 'MASTER'],
    ]);
    hold(told, '0', paths.maintenance);
    told.wait(4_000);
    expect(statesOf(told)[0]).toEqual(['MASTER', 'MASTER']);
  });
});

it('a machine that slept for a week wakes up quickly, with figures that agree', () => {
  const told = story();
  const woke = performance.now();
  told.wait(7 * 86_400_000);
  expect(performance.now() - woke).toBeLessThan(8_000);
  const [master, backup] = told.shells.map(syncState);
  expect(master?.internal.counters?.active).toBeGreaterThan(700);
  expect(
    Math.abs((master?.internal.counters?.active ?? 0) - (backup?.external.counters?.active ?? 0)),
  ).toBeLessThan(10);
});
