import type { Replica } from '../../../shared/domain/connection-query.ts';
import { CoverageClass, type MissingReason } from '../../../shared/domain/coverage-class.ts';
import type { Columns } from './columns.ts';
import { none } from './columns.ts';
import { matchRows } from './match-rows.ts';

/**
 * What a comparison found of every connection of a master, on its way to the master's table. `keys` is the table that was
 * compared, of its columns only those that name a connection.
 */
export interface ReplicaMarks extends Replicas {
  readonly keys: Columns;
}

/** What each slave has of the rows of a table, by the last exact comparison, which read its tables at `comparedAt` (ms). */
export interface Replicas {
  readonly comparedAt: number;
  readonly slaves: readonly SlaveReplicas[];
}

/**
 * By row. `classes`: index into the classes + 1; 0: not known, as of a connection that began later. `notes`: index into
 * `said` + 1, 0: nothing is said.
 */
export interface SlaveReplicas {
  readonly node: string;
  readonly classes: Uint8Array;
  readonly notes: Uint16Array;
  readonly said: readonly Note[];
}

export interface Note {
  readonly reason?: MissingReason | undefined;
  readonly evidence?: string | undefined;
}

export const classNumber = (name: CoverageClass): number => CoverageClass.options.indexOf(name) + 1;

/** The memory of marks, which goes from thread to thread with them. */
export const buffersOf = ({ keys, slaves }: ReplicaMarks): ArrayBuffer[] => {
  const arrays = [
    ...Object.values(keys).filter((value) => ArrayBuffer.isView(value)),
    keys.wide.bytes,
    ...slaves.flatMap(({ classes, notes }) => [classes, notes]),
  ];
  return [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))];
};

/** The columns of a table that {@link matchRows} reads, and the id; the others are left empty. */
export function keysOf(columns: Columns): Columns {
  const [bytes, words, floats] = [new Uint8Array(), new Uint32Array(), new Float64Array()];
  return {
    ...columns,
    state: bytes,
    flags: new Uint16Array(),
    replySrc: words,
    replyDst: words,
    replySport: new Uint16Array(),
    replyDport: new Uint16Array(),
    timeout: words,
    mark: words,
    use: bytes,
    since: words,
    change: bytes,
    packets: floats,
    bytes: floats,
    replyPackets: floats,
    replyBytes: floats,
  };
}

/** What the marks say of the rows of a table of the same node. An entry with another id is another connection. */
export function replicasOf({ keys, ...compared }: ReplicaMarks, columns: Columns): Replicas {
  const places = matchRows(columns, keys, 'exact');
  for (let row = 0; row < places.length; row += 1) {
    const place = places[row] ?? -1;
    if (place < 0) continue;
    const [id, other] = [columns.id[row] ?? none, keys.id[place] ?? none];
    if (id !== other && id !== none && other !== none) places[row] = -1;
  }
  return carried(compared, places);
}

/** The same of a later table; `before`: of each of its rows the one that it was, -1: it is new. */
export function carried({ comparedAt, slaves }: Replicas, before: Int32Array): Replicas {
  return {
    comparedAt,
    slaves: slaves.map(({ node, classes, notes, said }) => {
      const later = { classes: new Uint8Array(before.length), notes: new Uint16Array(before.length) };
      for (let row = 0; row < before.length; row += 1) {
        const was = before[row] ?? -1;
        if (was < 0) continue;
        later.classes[row] = classes[was] ?? 0;
        later.notes[row] = notes[was] ?? 0;
      }
      return { node, said, ...later };
    }),
  };
}

/** What is known of one row, a slave an entry. */
export function replicasOfRow({ slaves }: Replicas, row: number): Replica[] {
  return slaves.flatMap(({ node, classes, notes, said }) => {
    const name = CoverageClass.options[(classes[row] ?? 0) - 1];
    if (name === undefined) return [];
    const { reason, evidence } = said[(notes[row] ?? 0) - 1] ?? {};
    return [
      {
        node,
        class: name,
        ...(reason !== undefined && { reason }),
        ...(evidence !== undefined && { evidence }),
      },
    ];
  });
}
