import { type NodeClock, type Placed, placeLines, type Window } from '../../shared/domain/node-clock.ts';
import type { LogRecord, TimelineEntry } from '../../shared/domain/timeline.ts';
import type { LoggedLine, ProgramLog } from '../agents/agent.ts';

/** A line of one of our programs, as a look at its log found it. */
export interface SeenLine {
  /** Tells it from its neighbours: the line itself, or the journal's name for it. */
  readonly mark: string;
  readonly program: ProgramLog['program'];
  /** By the node's clock, ms since the epoch, and how much later it may have been. */
  readonly at?: number;
  readonly span: number;
  readonly continues: boolean;
  readonly said: LoggedLine;
}

/** One look at a log: the end of it, oldest line first. */
export interface Look {
  readonly lines: readonly SeenLine[];
  /** The file's last line, of whichever program; and whether the look held it as well as it could hold more. */
  readonly reaches: (mark: string) => boolean;
  readonly isFull: boolean;
  readonly lastMark: string | undefined;
  readonly window: Window;
  /** When it was asked for, on our clock. */
  readonly sentAt: number;
  /** When the file was written last, by the node's clock: no line is younger. */
  readonly modified?: number;
}

/** What is remembered of a log between two looks. */
const keptMarks = 400;
/** A log that says more than this in a minute is not told whole. */
const mostPerMinute = 600;
const minute = 60_000;

export interface LogIntake {
  /** The entries that this look brought, or changed; oldest first. */
  readonly take: (look: Look, clock: NodeClock) => LogRecord[];
}

/** Turns looks at one log into entries, each once. `kept`: its newest records of earlier sessions, oldest first. */
export function logIntake(node: string, place: string, kept: readonly LogRecord[]): LogIntake {
  let marks: readonly string[] = kept.flatMap((record) => record.marks).slice(-keptMarks);
  let lastMark = marks.at(-1);
  let last: LogRecord | undefined = kept.at(-1);
  let floor = last?.entry.at;
  let flood: { readonly until: number; count: number; record?: LogRecord } = { until: 0, count: 0 };

  const record = (entry: Omit<TimelineEntry, 'id'>, own: string[]): LogRecord => {
    const number = (last?.number ?? 0) + 1;
    last = { place, number, marks: own, entry: { id: `${node} ${place} ${number}`, ...entry } };
    return last;
  };
  const about = (program: ProgramLog['program'], placed: Pick<Placed, 'at' | 'until'>) => ({
    at: placed.at,
    until: placed.until,
    node,
    source: program,
    origin: place,
  });
  const gap = (first: SeenLine, placed: Placed): LogRecord =>
    record(
      {
        ...about(first.program, { at: floor ?? placed.at, until: placed.until }),
        level: 'warning',
        kind: 'gap',
        words: `Lines are missing here: more was written to ${place} between two looks than a look holds.`,
      },
      [],
    );
  /** A line too many in this minute: counted, not kept. */
  const overflow = (line: SeenLine, placed: Placed): LogRecord => {
    const count = flood.count - mostPerMinute;
    const words = `${count} more ${count === 1 ? 'line' : 'lines'} within a minute, not kept; the last: ${line.said.text}`;
    const before = flood.record;
    const entry = { ...about(line.program, placed), level: 'warning' as const, kind: 'flood', words };
    const after = before
      ? {
          ...before,
          marks: [...before.marks, line.mark].slice(-keptMarks),
          entry: { ...entry, id: before.entry.id, at: before.entry.at },
        }
      : record(entry, [line.mark]);
    if (last?.number === after.number) last = after;
    flood.record = after;
    return after;
  };

  return {
    take: ({ lines, reaches, isFull, lastMark: newestMark, window, modified }, clock) => {
      const fresh = lines.slice(
        knownUntil(
          marks,
          lines.map(({ mark }) => mark),
        ),
      );
      const isGap = isFull && fresh.length === lines.length && lastMark !== undefined && !reaches(lastMark);
      lastMark = newestMark ?? lastMark;
      // Nothing in common with what is known: another log, which says nothing of when it began.
      const isContinued = fresh.length < lines.length;
      const after = window.after ?? (isContinued ? floor : undefined);
      const placed = placeLines(
        fresh.map(({ at, span }) =>
          at === undefined ? {} : { from: at, until: latest(at, span, modified) },
        ),
        clock,
        { by: window.by, ...(after !== undefined && { after }) },
      );
      const taken = new Map<number, LogRecord>();
      const put = (one: LogRecord) => taken.set(one.number, one);
      fresh.forEach((line, index) => {
        const where = placed[index];
        if (!where) return;
        if (index === 0 && isGap) put(gap(line, where));
        floor = where.at;
        marks = [...marks, line.mark].slice(-keptMarks);
        if (line.continues && last && last.entry.kind !== 'gap') {
          const { entry } = last;
          last = {
            ...last,
            marks: [...last.marks, line.mark],
            entry: { ...entry, more: [...(entry.more ?? []), line.said.text] },
          };
          put(last);
          return;
        }
        if (where.at >= flood.until) flood = { until: where.at + minute, count: 0 };
        flood.count += 1;
        if (flood.count > mostPerMinute) {
          put(overflow(line, where));
          return;
        }
        const { kind, level, text } = line.said;
        const { offset, uncertainty, trust } = where;
        put(
          record(
            {
              ...about(line.program, where),
              level,
              kind,
              words: text,
              ...(line.at !== undefined && { nodeAt: line.at }),
              ...(offset !== undefined && { offset }),
              ...(uncertainty !== undefined && { uncertainty }),
              trust,
            },
            [line.mark],
          ),
        );
      });
      return [...taken.values()].sort((a, b) => a.number - b.number);
    },
  };
}

/** The stamp of the file bounds its last second more narrowly than the line does. */
const latest = (at: number, span: number, modified: number | undefined): number =>
  modified !== undefined && modified >= at && modified < at + span ? modified : at + span;

/**
 * How many lines of a look are known already: the look begins somewhere within what is known or before it. Where lines
 * repeat word for word, as few as can be are taken for new.
 */
export function knownUntil(known: readonly string[], look: readonly string[]): number {
  for (let until = look.length; until > 0; until -= 1) {
    const common = Math.min(until, known.length);
    let same = 0;
    while (same < common && known[known.length - 1 - same] === look[until - 1 - same]) same += 1;
    if (common > 0 && same === common) return until;
  }
  return 0;
}
