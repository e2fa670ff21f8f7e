/** One timeline out of many sources: in order, each thing once, filtered and exported as an operator asks. */

import { describe, expect, it } from 'vitest';
import {
  compareEntries,
  entryOfEvent,
  mergeTimeline,
  type TimelineEntry,
  type TimelineFilter,
  TimelineLevel,
  TimelineSource,
  timelineTest,
} from '../../../shared/domain/timeline.ts';
import { exportTimeline } from '../../../shared/domain/timeline-export.ts';
import fc from '../../support/fast-check.ts';

const entry = (id: string, at: number, more: Partial<TimelineEntry> = {}): TimelineEntry => ({
  ...{
    id,
    at,
    until: at,
    source: 'keepalived',
    level: 'info',
    kind: 'other',
    words: 'words',
    origin: 'journal',
  },
  ...more,
});
const arbitrary = fc.array(
  fc.record({
    number: fc.integer({ min: 1, max: 30 }),
    at: fc.integer({ min: 0, max: 20 }),
    source: fc.constantFrom(...TimelineSource.options),
    node: fc.constantFrom('fw1', 'fw2'),
  }),
  { maxLength: 60 },
);
const entries = arbitrary.map((all) => {
  const once = new Map(all.map((each) => [`${each.node} ${each.source} ${each.number}`, each]));
  return [...once].map(([id, { at, source, node }]) => entry(id, at, { source, node }));
});

describe('a merge', () => {
  it('comes out the same however the entries came in, each once, oldest first', () => {
    fc.assert(
      fc.property(entries, fc.array(fc.nat(59)), (all, cuts) => {
        const whole = mergeTimeline([], all);
        expect(whole.map(({ id }) => id).toSorted()).toEqual(all.map(({ id }) => id).toSorted());
        whole.forEach((each, index) => {
          const before = whole[index - 1];
          if (before) expect(compareEntries(before, each)).toBeLessThan(0);
        });
        // In pieces that overlap, as polls and restarts bring them.
        const pieces = [...cuts, 0].map((cut) => all.slice(cut));
        const pieced = pieces.reduce((sum, piece) => mergeTimeline(sum, piece), [] as TimelineEntry[]);
        expect(pieced).toEqual(whole);
      }),
    );
  });

  it('keeps the order of a log whose lines bear the same second, beyond nine of them', () => {
    const lines = Array.from({ length: 30 }, (_, index) => entry(`fw1 journal ${index + 1}`, 1_000));
    expect(mergeTimeline([], lines.toReversed())).toEqual(lines);
  });

  it('puts causes before what followed within the same instant', () => {
    const sources = ['reading', 'conntrackd', 'audit', 'keepalived'] as const;
    const merged = mergeTimeline(
      [],
      sources.map((source) => entry(`fw1 ${source} 1`, 5, { source })),
    );
    expect(merged.map(({ source }) => source)).toEqual(['audit', 'keepalived', 'conntrackd', 'reading']);
  });

  it('puts what we did before a line that tells no more than the second in which we did it', () => {
    const line = (number: number, at: number) => entry(`fw1 log ${number}`, at, { until: at + 999 });
    const ours = entry('audit 9', 1_400, { source: 'audit', kind: 'intent' });
    const seen = entry('reading 3', 1_450, { source: 'reading' });
    const all = [line(1, 0), line(2, 1_000), line(3, 1_000), line(4, 2_000), ours, seen];
    expect(mergeTimeline([], all).map(({ id }) => id)).toEqual([
      'fw1 log 1',
      'audit 9',
      'fw1 log 2',
      'fw1 log 3',
      'reading 3',
      'fw1 log 4',
    ]);
  });

  it('takes a message that grew by a line as the newer one has it', () => {
    const [grown] = mergeTimeline([entry('fw1 log 1', 5)], [entry('fw1 log 1', 5, { more: ['its entry'] })]);
    expect(grown?.more).toEqual(['its entry']);
  });
});

describe('a filter', () => {
  const all = [
    entry('a 1', 1_000, { node: 'fw1', words: '(LAN) Entering MASTER STATE', kind: 'state-entered' }),
    entry('b 1', 2_000, {
      node: 'fw2',
      source: 'conntrackd',
      words: 'Committed 17 new entries',
      level: 'warning',
    }),
    entry('c 1', 3_000, { source: 'audit', words: 'About to run tee', more: ['and more of it'] }),
    entry('d 1', 4_000, { until: 4_999, node: 'fw2', words: 'sending bulk update' }),
  ];
  const found = (filter: TimelineFilter) => all.filter(timelineTest(filter)).map(({ id }) => id[0]);
  it.each<[string, TimelineFilter, string]>([
    ['nothing', {}, 'abcd'],
    ['words in any case, all of them', { text: 'master ENTERING' }, 'a'],
    ['words of further lines', { text: 'more' }, 'c'],
    ['not a word', { text: '-entering' }, 'bcd'],
    ['a column by its name', { text: 'node:fw2 -source:conntrackd' }, 'd'],
    ['a kind', { text: 'kind:state-entered' }, 'a'],
    ['sources', { sources: ['audit', 'conntrackd'] }, 'bc'],
    ['nodes, and what concerns none', { nodes: ['fw1', ''] }, 'ac'],
    ['levels', { levels: ['warning'] }, 'b'],
    ['no level at all', { levels: [] }, ''],
    ['a time, with what may have been within it', { from: 2_000, to: 4_000 }, 'bc'],
    ['a time from within a second that a log tells', { from: 4_500 }, 'd'],
  ])('by %s', (_, filter, ids) => expect(found(filter).join('')).toBe(ids));

  it('knows every source and level by its name', () => {
    for (const source of TimelineSource.options)
      expect(timelineTest({ text: `source:${source}` })(entry('x 1', 0, { source }))).toBe(true);
    for (const level of TimelineLevel.options)
      expect(timelineTest({ text: `level:${level}` })(entry('x 1', 0, { level }))).toBe(true);
  });
});

describe('an export', () => {
  const line = entry('fw1 /var/log/conntrackd.log 1', Date.UTC(2026, 10, 22, 15, 9, 49), {
    until: Date.UTC(2026, 10, 22, 15, 9, 50),
    ...{ node: 'fw1', source: 'conntrackd', words: 'commit-create: "no", it said', more: ['tcp 6'] },
    ...{ nodeAt: Date.UTC(2026, 10, 22, 16, 9, 49), offset: 3_600_000, uncertainty: 1.2, trust: 'measured' },
  });

  it('as CSV quotes what must be, and bears both clocks', () => {
    const [head, ...rows] = exportTimeline([line], 'csv').split('\r\n');
    expect(head).toMatch(/^time,latest,node,source,level,kind,words,/);
    expect(rows.join('\r\n')).toBe(
      '2026-11-22T15:09:49.000Z,2026-11-22T15:09:50.000Z,fw1,conntrackd,info,other,"commit-create: ""no"", it said\ntcp 6",journal,2026-11-22T16:09:49.000Z,3600000,2,measured,\r\n',
    );
  });

  it('as JSON has one object a line', () => {
    const event = entryOfEvent({
      ...{ id: 4, at: 0, kind: 'role', severity: 'info', node: 'fw2' },
      ...{ message: 'fw2 is master', source: 'ip -j addr' },
    });
    const lines = exportTimeline([line, event], 'json')
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(lines).toMatchObject([
      { time: '2026-11-22T15:09:49.000Z', nodeTime: '2026-11-22T16:09:49.000Z', clockOffsetMs: 3_600_000 },
      { time: '1970-01-01T00:00:00.000Z', source: 'reading', node: 'fw2', words: 'fw2 is master' },
    ]);
  });
});
