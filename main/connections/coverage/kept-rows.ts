import type { Connection } from '../../../shared/domain/connection.ts';
import type { ClassifiedConnection, CoverageQuery, SlaveCoverage } from '../../../shared/domain/coverage.ts';
import { type CoverageClass, MissingReason } from '../../../shared/domain/coverage-class.ts';
import type { Explanation } from '../../../shared/domain/coverage-reason.ts';
import { gravity } from '../../../shared/domain/coverage-report.ts';
import type { Columns } from '../store/columns.ts';
import { connectionOf } from '../store/connection-of.ts';
import { classNumber, type SlaveReplicas } from '../store/replicas.ts';
import { type ComparedColumns, compareColumns } from './compare-columns.ts';
import { missingSummary } from './missing-summary.ts';
import { pickRows } from './pick-rows.ts';
import { selectGroups } from './select-groups.ts';
import { takeNotes } from './take-notes.ts';

/** What of a slave's comparison is kept: counts, and by column every connection that is not simply replicated. */
export interface KeptRows {
  /** Gives each missing connection its reason. */
  readonly explain: (reasonOf: (connection: Connection) => Explanation) => void;
  /** Adds connections that are only expected, and that the slave cannot know of. */
  readonly expect: (connections: readonly ClassifiedConnection[]) => void;
  readonly counts: () => SlaveCounts;
  /** What was found, by the rows of the master's table. */
  readonly marks: () => Omit<SlaveReplicas, 'node'>;
  readonly select: (
    query: Pick<CoverageQuery, 'class' | 'reason' | 'limit'>,
    passes: ((connection: Connection) => boolean) | undefined,
  ) => Pick<SlaveCoverage, 'connections' | 'matched'>;
}

export type SlaveCounts = Omit<SlaveCoverage, 'node' | 'unreadable' | 'connections' | 'matched'>;

const reasons = MissingReason.options;

/** Rows of one class. `rows`: where they stand in their table; `reasons`: index + 1, 0 where none is known yet; `evidence`: index into the texts. */
interface Group {
  readonly name: CoverageClass;
  readonly rows: Uint32Array;
  readonly columns: Columns;
  readonly reasons: Uint8Array;
  readonly evidence: Uint32Array;
}

/** Compares, and keeps what was found. The tables may be let go of after it. */
export function compareAndKeep(tables: ComparedColumns): KeptRows {
  const found = new Map(gravity.map((name) => [name, { rows: [] as number[], evidence: [] as number[] }]));
  const texts = interned();
  const missing = missingSummary();
  const skipped: number[] = [];
  const replicated = compareColumns(tables, {
    classified: ({ class: name, evidence = '', connection }, row) => {
      const group = name === 'replicated' ? undefined : found.get(name);
      group?.rows.push(row);
      group?.evidence.push(texts.index(evidence));
      if (name === 'missing') missing.add(connection);
    },
    skipped: (row) => skipped.push(row),
  });
  const { length } = tables.master;
  const missingBy = missing.done();
  let expected: readonly ClassifiedConnection[] = [];
  const groups = new Map<CoverageClass, Group>(
    [...found].map(([name, { rows, evidence }]) => [
      name,
      {
        name,
        rows: Uint32Array.from(rows),
        columns: pickRows(name === 'ghost' ? tables.held : tables.master, rows),
        reasons: new Uint8Array(rows.length),
        evidence: Uint32Array.from(evidence),
      },
    ]),
  );
  const count = (name: CoverageClass): number => groups.get(name)?.columns.length ?? 0;

  return {
    explain: (reasonOf) => {
      const group = groups.get('missing');
      for (let row = 0; group && row < group.columns.length; row += 1) {
        const { reason, evidence } = reasonOf(connectionOf(group.columns, row));
        group.reasons[row] = reasons.indexOf(reason) + 1;
        group.evidence[row] = texts.index(evidence);
      }
    },
    expect: (connections) => {
      expected = connections;
    },
    counts: () => {
      const inFlight = count('in-flight');
      const [stale, lost] = [count('stale'), count('missing')];
      const notReplicable = count('not-replicable') + expected.length;
      const of = replicated + inFlight + lost + stale + notReplicable;
      return {
        of,
        replicated,
        inFlight,
        missing: lost,
        stale,
        notReplicable,
        ghosts: count('ghost'),
        coverage: of === 0 ? null : replicated / of,
        missingByReason: byReason(groups.get('missing')?.reasons ?? new Uint8Array()),
        missingBy,
      };
    },
    marks: () => {
      const classes = new Uint8Array(length).fill(classNumber('replicated'));
      const notes = new Uint16Array(length);
      const noted = takeNotes();
      for (const row of skipped) classes[row] = 0;
      for (const [name, group] of groups) {
        if (name === 'ghost') continue;
        for (const [at, row] of group.rows.entries()) {
          classes[row] = classNumber(name);
          notes[row] = noted.number(
            reasons[(group.reasons[at] ?? 0) - 1],
            texts.text(group.evidence[at] ?? 0),
          );
        }
      }
      return { classes, notes, said: noted.said };
    },
    select: ({ class: only, reason, limit = Number.POSITIVE_INFINITY }, passes) => {
      const connections: ClassifiedConnection[] = [];
      const wanted = reason === undefined ? undefined : reasons.indexOf(reason) + 1;
      let matched = selectGroups(
        [...groups.values()].filter((group) => only === undefined || only === group.name),
        { limit, passes },
        (group, row) => wanted === undefined || group.reasons[row] === wanted,
        (group, row, connection) => {
          const evidence = texts.text(group.evidence[row] ?? 0);
          const why = reasons[(group.reasons[row] ?? 0) - 1];
          connections.push({
            class: group.name,
            ...(why !== undefined && { reason: why }),
            ...(evidence !== '' && { evidence }),
            connection,
          });
        },
      );
      for (const each of expected) {
        if (only !== undefined && only !== each.class) continue;
        if (reason !== undefined && reason !== each.reason) continue;
        if (passes?.(each.connection) === false) continue;
        matched += 1;
        if (matched <= limit) connections.push(each);
      }
      return { connections, matched };
    },
  };
}

function byReason(given: Uint8Array): SlaveCoverage['missingByReason'] {
  const counts: SlaveCoverage['missingByReason'] = {};
  for (const index of given) {
    const reason = reasons[index - 1] ?? 'unknown';
    counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

/** Few sentences are said of many connections: each is kept once. */
function interned(): { index: (text: string) => number; text: (index: number) => string } {
  const numbers = new Map<string, number>();
  const texts: string[] = [];
  return {
    index: (text) => {
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, texts.length);
      return texts.push(text) - 1;
    },
    text: (index) => texts[index] ?? '',
  };
}
