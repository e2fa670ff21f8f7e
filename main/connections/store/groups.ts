import type { GroupQuery, Groups } from '../../../shared/domain/connection-groups.ts';
import type { Columns } from './columns.ts';
import { filterOfGroup, groupKeys, labelOfGroup } from './group-keys.ts';
import type { Revision } from './revision.ts';
import { select } from './view.ts';

/** What was counted of each group, at the same index. */
interface Counted {
  readonly count: number;
  /** A row of each group. */
  readonly sample: Uint32Array;
  readonly connections: Float64Array;
  readonly bytes: Float64Array;
  readonly packets: Float64Array;
}

type Sums = Groups['total'];

/** Counts what passes the filter by group, and gives the largest groups. */
export function groupsOf(revision: Revision | undefined, query: GroupQuery): Groups {
  const none = { groups: [], count: 0, others: { connections: 0 }, total: { connections: 0 } };
  if (!revision) return { revision: 0, ...none };
  const selected = select(revision, query.filter);
  if (!selected.ok) return { revision: revision.number, ...none, filterError: selected.error };
  const { columns } = revision;
  const counted = countGroups(columns, selected.value, query.by);
  const counts = columns.bytes.length > 0;
  const sumsOf = (groups: Uint32Array): Sums => {
    const sums = { connections: 0, bytes: 0, packets: 0 };
    for (const group of groups) {
      sums.connections += counted.connections[group] ?? 0;
      sums.bytes += counted.bytes[group] ?? 0;
      sums.packets += counted.packets[group] ?? 0;
    }
    return counts ? sums : { connections: sums.connections };
  };
  const order = largestFirst(counted, query.measure);
  const top = order.subarray(0, Math.max(0, query.limit));
  return {
    revision: revision.number,
    groups: Array.from(top, (group) => {
      const row = counted.sample[group] ?? 0;
      return {
        label: labelOfGroup(columns, row, query.by),
        filter: filterOfGroup(columns, row, query.by),
        ...sumsOf(Uint32Array.of(group)),
      };
    }),
    count: counted.count,
    others: sumsOf(order.subarray(top.length)),
    total: sumsOf(order),
  };
}

function largestFirst(counted: Counted, measure: GroupQuery['measure']): Uint32Array {
  const values = counted[measure];
  const order = Uint32Array.from({ length: counted.count }, (_, index) => index);
  return order.sort(
    (a, b) =>
      (values[b] ?? 0) - (values[a] ?? 0) ||
      (counted.connections[b] ?? 0) - (counted.connections[a] ?? 0) ||
      a - b,
  );
}

const hashOf = (low: number, high: number): number => {
  const mixed = Math.imul(low ^ Math.imul(high, 0x9e37_79b1), 0x85eb_ca6b);
  return mixed ^ (mixed >>> 15);
};

/** Open addressing: a slot holds the number of a group + 1, never more than half of them are taken. */
function countGroups(columns: Columns, rows: Uint32Array | undefined, by: GroupQuery['by']): Counted {
  const { low, high } = groupKeys(columns, by);
  const { bytes, packets, replyBytes, replyPackets } = columns;
  const counts = bytes.length > 0;
  const length = rows?.length ?? columns.length;
  let slots = new Uint32Array(2048);
  let sample = new Uint32Array(1024);
  let sums = {
    connections: new Float64Array(1024),
    bytes: new Float64Array(1024),
    packets: new Float64Array(1024),
  };
  let count = 0;
  const grow = () => {
    const more = <T extends Uint32Array | Float64Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    const size = sample.length * 2;
    sample = more(new Uint32Array(size), sample);
    sums = {
      connections: more(new Float64Array(size), sums.connections),
      bytes: more(new Float64Array(size), sums.bytes),
      packets: more(new Float64Array(size), sums.packets),
    };
    slots = new Uint32Array(slots.length * 2);
    const mask = slots.length - 1;
    for (let group = 0; group < count; group += 1) {
      const row = sample[group] ?? 0;
      let slot = hashOf(low[row] ?? 0, high[row] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = group + 1;
    }
  };
  for (let at = 0; at < length; at += 1) {
    const row = rows ? (rows[at] ?? 0) : at;
    const [a, b] = [low[row] ?? 0, high[row] ?? 0];
    const mask = slots.length - 1;
    let slot = hashOf(a, b) & mask;
    let group = -1;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const known = (slots[slot] ?? 0) - 1;
      const other = sample[known] ?? 0;
      if (low[other] === a && high[other] === b) {
        group = known;
        break;
      }
    }
    if (group === -1) {
      group = count;
      slots[slot] = group + 1;
      sample[group] = row;
      count += 1;
    }
    sums.connections[group] = (sums.connections[group] ?? 0) + 1;
    if (counts) {
      sums.bytes[group] = (sums.bytes[group] ?? 0) + ((bytes[row] ?? 0) + (replyBytes[row] ?? 0));
      sums.packets[group] = (sums.packets[group] ?? 0) + ((packets[row] ?? 0) + (replyPackets[row] ?? 0));
    }
    if (count * 2 >= slots.length) grow();
  }
  return { count, sample, ...sums };
}
