/** That what a node logs is told once, in order, at its time; and that what cannot be read is said to be so, and why. */

import { describe, expect, it } from 'vitest';
import fc from '../../support/fast-check.ts';
import { conntrackdFile, keepalivedFile, madeUpNode } from './made-up-node.ts';

const hour = 3_600_000;
const words = (node: ReturnType<typeof madeUpNode>, place?: string) =>
  node.entries(place).map((entry) => entry.words);
const tails = (node: ReturnType<typeof madeUpNode>) =>
  node.asked.filter((command) => command.includes('/tail')).length;

describe('the log of a node', () => {
  it('is told once, however often it is looked at and by however many consoles one after the other', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('log' as const),
        text: fc.constantFrom('sending bulk update', 'flushing caches', 'resync requested'),
      }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 4_000 }) }),
      fc.constant({ kind: 'look' as const }),
      fc.constant({ kind: 'restart' as const }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
        const node = madeUpNode();
        const truth: { at: number; text: string }[] = [];
        node.write(keepalivedFile, '(LAN) Entering BACKUP STATE');
        for (const each of steps) {
          if (each.kind === 'pass') node.pass(each.ms);
          else if (each.kind === 'look') await node.look();
          else if (each.kind === 'restart') node.restart();
          else {
            // Two lines of the same second and words are one to whoever sees the file for the first time at its middle.
            const text = `${each.text} ${truth.length}`;
            truth.push({ at: node.now(), text });
            node.log(text);
          }
        }
        node.pass(3_000);
        await node.look();
        const entries = node.entries();
        expect(entries.map((entry) => entry.words)).toEqual(truth.map(({ text }) => text));
        entries.forEach((entry, index) => {
          const at = truth[index]?.at ?? 0;
          const slack = 3 + (entry.uncertainty ?? 0);
          expect(entry.at).toBeLessThanOrEqual(at + slack);
          expect(entry.until).toBeGreaterThanOrEqual(at - slack);
          expect(entry.at).toBeGreaterThanOrEqual(entries[index - 1]?.at ?? 0);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('is not read again while its stamp stands still', async () => {
    const node = madeUpNode();
    node.log('flushing caches');
    for (let look = 0; look < 5; look += 1) {
      node.pass(3_000);
      await node.look();
    }
    expect(tails(node)).toBe(1);
    const [{ readAt = 0 } = {}] = node.states();
    expect(node.now() - readAt).toBeLessThan(50);
    node.log('resync requested');
    await node.look();
    expect(tails(node)).toBe(2);
  });

  it("of a node an hour ahead is told at our time, to the file's stamp where that is narrower than the second", async () => {
    const node = madeUpNode();
    node.set(hour);
    node.log('-- starting in daemon mode --');
    await node.look();
    node.pass(10_000);
    await node.look();
    node.pass(1_200);
    const at = node.now();
    node.log('committing all external caches');
    node.pass(80);
    await node.look();
    const last = node.entries().at(-1);
    expect(last).toMatchObject({ trust: 'measured', nodeAt: Math.floor((at + hour) / 1_000) * 1_000 });
    expect(Math.abs((last?.until ?? 0) - at)).toBeLessThan(10);
    expect(last?.offset).toBeGreaterThan(hour - 10);
    expect(node.clock()).toMatchObject({ node: 'fw1', observedAt: expect.any(Number) });
  });

  it('keeps its order when the clock is set back while it is followed, and marks what is about that step', async () => {
    const node = madeUpNode();
    node.set(hour);
    await node.look();
    for (const text of ['resync requested', 'sending bulk update']) {
      node.pass(3_000);
      node.log(text);
      await node.look();
    }
    node.pass(1_000);
    node.log('committing all external caches');
    node.set(0);
    node.pass(500);
    node.log('Committed 17 new entries');
    node.pass(1_000);
    await node.look();
    node.pass(5_000);
    node.log('flushing caches');
    await node.look();
    expect(node.entries().map((entry) => [entry.words, entry.trust])).toEqual([
      ['resync requested', 'measured'],
      ['sending bulk update', 'measured'],
      ['committing all external caches', 'stepped'],
      ['Committed 17 new entries', 'stepped'],
      ['flushing caches', 'measured'],
    ]);
    const times = node.entries().map((entry) => entry.at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(node.clock().step?.by).toBeCloseTo(-hour, -2);
  });

  it('keeps the lines of one message together, also where the second one comes a look later', async () => {
    const node = madeUpNode();
    node.log('commit-create: Invalid argument');
    await node.look();
    node.write(
      conntrackdFile,
      'Sun Nov 22 15:00:00 2026\ttcp      6 180 ESTABLISHED src=10.1.0.1 dst=10.2.0.1',
    );
    node.pass(3_000);
    await node.look();
    expect(node.entries()).toMatchObject([
      { kind: 'entry-failed', level: 'warning', more: [expect.stringContaining('src=10.1.0.1')] },
    ]);
    node.restart();
    await node.look();
    expect(node.entries()).toHaveLength(1);
  });

  it('that was rotated is read on in its new file', async () => {
    const node = madeUpNode();
    node.log('resync requested');
    await node.look();
    node.files.set(conntrackdFile, { lines: [], modified: 0, inode: 99 });
    node.pass(3_000);
    node.log('flushing caches');
    await node.look();
    expect(words(node)).toEqual(['resync requested', 'flushing caches']);
  });

  it('that says more than a look holds has a gap where lines are missing, and says so', async () => {
    const node = madeUpNode();
    node.log('resync requested');
    await node.look();
    for (let line = 0; line < 2_060; line += 1) node.log(`line ${line}`);
    node.pass(3_000);
    await node.look();
    expect(node.entries().slice(0, 3)).toMatchObject([
      { words: 'resync requested' },
      { kind: 'gap', level: 'warning', words: expect.stringContaining('Lines are missing here') },
      { words: 'line 60' },
    ]);
  });

  it('that floods is capped, the rest is counted in one line, and after a restart nothing is told twice', async () => {
    const node = madeUpNode();
    for (let look = 0; look < 10; look += 1) {
      for (let line = 0; line < 150; line += 1) node.log(`flood ${look} ${line}`);
      node.pass(3_000);
      await node.look();
    }
    const entries = node.entries();
    expect(entries).toHaveLength(601);
    expect(entries.at(-1)).toMatchObject({
      kind: 'flood',
      words: expect.stringMatching(/^900 more lines within a minute/),
    });
    node.restart();
    await node.look();
    expect(node.entries()).toHaveLength(601);
    node.pass(60_000);
    node.log('flushing caches');
    await node.look();
    expect(node.entries().at(-1)?.words).toBe('flushing caches');
  });
});

describe('where the programs log', () => {
  it("is systemd's journal, where there is one: exact times, cheap looks, and what systemd says of the unit", async () => {
    const node = madeUpNode();
    node.hasJournal('open');
    node.log('flushing caches');
    node.journal.push({
      at: node.clockOfNode(),
      identifier: 'Keepalived_vrrp',
      text: '(LAN) Entering MASTER STATE',
    });
    await node.look();
    node.pass(6_000);
    node.journal.push({ at: node.clockOfNode(), identifier: 'Keepalived', text: 'Stopping' });
    await node.look();
    expect(
      node.entries('journal').map((entry) => [entry.source, entry.words, entry.until - entry.at]),
    ).toEqual([
      ['keepalived', '(LAN) Entering MASTER STATE', 0],
      ['keepalived', 'Stopping', 0],
    ]);
    expect(words(node)).toEqual(['flushing caches']);
    expect(
      node.asked.filter((command) => command.includes('journalctl')).map((command) => command.slice(-6)),
    ).toEqual(['n 2000', ' -n 20']);
    node.restart();
    await node.look();
    expect(node.entries('journal')).toHaveLength(2);
  });

  it("is syslog's file otherwise, of which the lines of others are nobody's business here", async () => {
    const node = madeUpNode();
    node.restart('');
    node.write('/var/log/syslog', 'Nov 22 15:00:00 fw1 cron[9]: (root) CMD (secret things)');
    node.write('/var/log/syslog', 'Nov 22 15:00:00 fw1 Keepalived_vrrp[102]: (VI_1) Entering MASTER STATE');
    await node.look();
    expect(words(node, '/var/log/syslog')).toEqual(['(VI_1) Entering MASTER STATE']);
    expect(node.entries('/var/log/syslog')[0]?.at).toBeGreaterThanOrEqual(Date.UTC(2026, 10, 22, 15) - 5);
  });

  it('that cannot be read is unknown, with its reason and remedy, is not asked again at each look, and ages', async () => {
    const node = madeUpNode();
    node.log('flushing caches');
    node.write(keepalivedFile, '(LAN) Entering BACKUP STATE');
    await node.look();
    const file = node.files.get(conntrackdFile);
    if (!file) throw new Error('no file');
    file.unreadable = true;
    const before = node.states()[0]?.readAt;
    for (let look = 0; look < 5; look += 1) {
      node.pass(3_000);
      node.log('resync requested');
      await node.look();
    }
    expect(tails(node)).toBe(3);
    expect(node.states()).toMatchObject([
      {
        program: 'conntrackd',
        place: conntrackdFile,
        readAt: before,
        failure: {
          kind: 'no-permission',
          message: expect.stringContaining(conntrackdFile),
          remedy: expect.stringContaining('adm'),
        },
      },
      { program: 'keepalived', place: keepalivedFile },
    ]);
    expect(node.states()[1]).not.toHaveProperty('failure');
    file.unreadable = false;
    node.pass(5 * 60_000);
    await node.look();
    expect(node.states()[0]).not.toHaveProperty('failure');
    expect(words(node)).toHaveLength(6);
  });

  it('may be nowhere, or a journal that shows a login nothing but its own', async () => {
    const node = madeUpNode();
    await node.look();
    expect(node.states().map(({ failure }) => failure?.message)).toEqual([
      expect.stringContaining('no log of conntrackd was found'),
      expect.stringContaining('no log of keepalived was found'),
    ]);
    node.hasJournal('closed');
    node.pass(3_000);
    await node.look();
    expect(node.states()[1]?.failure).toMatchObject({
      kind: 'no-permission',
      remedy: expect.stringContaining('systemd-journal'),
    });
  });
});
