import type { DatabaseSync } from 'node:sqlite';
import type { ClusterEvent } from '../../shared/domain/event.ts';
import type { LogRecord } from '../../shared/domain/timeline.ts';
import { type EventTable, eventTable } from './event-table.ts';
import { type LogTable, logTable } from './log-table.ts';
import { floorTo, merge, type Row, rollUp } from './summary.ts';
import { type TierTable, tierTable } from './tier-table.ts';
import { eventsKept, logsKept, type Tier, tiers } from './tiers.ts';

/** What was seen since the last write: rows of the finest tier, and events. */
export interface Batch {
  readonly readings: readonly {
    readonly cluster: string;
    readonly node: string;
    readonly rows: readonly Row[];
  }[];
  readonly events: readonly { readonly cluster: string; readonly event: ClusterEvent }[];
  readonly logs: readonly { readonly cluster: string; readonly node: string; readonly record: LogRecord }[];
}

/** The tables of an open history. All of it throws SQLite's errors. */
export interface Store {
  /** Writes all of a batch, or nothing. `kept`: takes out what is older at `now` than this says of its tier (ms), too. */
  readonly write: (batch: Batch, now: number, kept?: (tier: Tier) => number) => void;
  /** What the file takes (bytes), without the room in it that is free again. */
  readonly size: () => number;
  /** Whether a tier still has all of a node from `from` on that the next coarser one has. */
  readonly reaches: (cluster: string, node: string, tier: number, from: number) => boolean;
  /** A node's rows as this tier has them, and as the finer ones do where it does not reach yet. Oldest first. */
  readonly rows: (cluster: string, node: string, tier: number, from: number, to: number) => Row[];
  readonly events: Pick<EventTable, 'range' | 'newest'>;
  readonly logs: Pick<LogTable, 'range' | 'tail'>;
  readonly forget: (cluster: string) => void;
  readonly close: () => void;
}

/** Throws if a table or a column is missing. */
export function openStore(database: DatabaseSync): Store {
  const levels: readonly { tier: Tier; table: TierTable }[] = tiers.map((tier) => ({
    tier,
    table: tierTable(database, tier),
  }));
  const events = eventTable(database);
  const logs = logTable(database);
  const findNode = database.prepare('SELECT id FROM node WHERE cluster = ? AND name = ?');
  const addNode = database.prepare('INSERT INTO node (cluster, name) VALUES (?, ?)');
  const everyNode = database.prepare('SELECT id, cluster FROM node');
  const dropNodes = database.prepare('DELETE FROM node WHERE cluster = ?');
  const getProgress = database.prepare('SELECT until FROM progress WHERE tier = ?');
  const putProgress = database.prepare('INSERT OR REPLACE INTO progress VALUES (?, ?)');

  const header = (name: string) => Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);

  const optional = (value: unknown) => (value === undefined ? undefined : Number(value));
  const nodeId = (cluster: string, name: string) => optional(findNode.get(cluster, name)?.id);
  const progress = ({ table }: Tier) => optional(getProgress.get(table)?.until);
  const nodes = () =>
    everyNode.all().map(({ id, cluster }) => ({ id: Number(id), cluster: String(cluster) }));

  /** A step that is there already, because a write came within it or the clock stepped back, keeps both extremes. */
  const put = (table: TierTable, node: number, { at, summary }: Row) => {
    const before = table.get(node, at);
    table.put(node, { at, summary: before ? merge(before.summary, summary) : summary });
  };

  /** Fills the coarser tiers with what is whole by `now`. `earliest`: the oldest row just written. */
  const rollUpTiers = (ids: readonly number[], earliest: number, now: number) => {
    let from = earliest;
    levels.forEach(({ tier, table }, index) => {
      const finer = levels[index - 1];
      if (!finer) return;
      // Rows older than what was rolled up come from a clock that stepped back: their time is rolled up once more.
      from = Math.min(progress(tier) ?? from, floorTo(from, tier.step));
      const until = floorTo(now, tier.step);
      for (const id of from < until ? ids : []) {
        for (const row of rollUp(finer.table.range(id, from, until), tier.step)) put(table, id, row);
      }
      putProgress.run(tier.table, Math.max(from, until));
    });
  };

  const rows = (node: number, index: number, from: number, to: number): Row[] => {
    const level = levels[index];
    if (!level || from >= to) return [];
    const until = index === 0 ? to : Math.min(to, progress(level.tier) ?? from);
    return [...level.table.range(node, from, until), ...rows(node, index - 1, Math.max(from, until), to)];
  };

  const atomically = (work: () => void) => {
    database.exec('BEGIN IMMEDIATE');
    try {
      work();
      database.exec('COMMIT');
    } catch (cause) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw cause;
    }
  };

  return {
    write: ({ readings, events: happened, logs: logged }, now, kept) =>
      atomically(() => {
        let earliest = Number.POSITIVE_INFINITY;
        for (const { cluster, node, rows: seen } of readings) {
          const id = nodeId(cluster, node) ?? Number(addNode.run(cluster, node).lastInsertRowid);
          for (const row of seen) {
            if (levels[0]) put(levels[0].table, id, row);
            earliest = Math.min(earliest, row.at);
          }
        }
        for (const { cluster, event } of happened) events.put(cluster, event);
        for (const { cluster, node, record } of logged) logs.put(cluster, node, record);
        const known = nodes();
        const ids = known.map(({ id }) => id);
        if (earliest < Number.POSITIVE_INFINITY) rollUpTiers(ids, earliest, now);
        if (!kept) return;
        for (const { tier, table } of levels) table.trim(ids, now - kept(tier));
        logs.trim(now - logsKept.ms, logsKept.perCluster);
        for (const cluster of new Set(known.map((node) => node.cluster))) {
          events.trim(cluster, now - eventsKept.ms, eventsKept.perCluster);
        }
      }),
    size: () => (header('page_count') - header('freelist_count')) * header('page_size'),
    reaches: (cluster, node, tier, from) => {
      const [id, level, coarser] = [nodeId(cluster, node), levels[tier], levels[tier + 1]];
      if (id === undefined || !level || !coarser) return true;
      const begin = level.table.oldest(id) ?? progress(level.tier) ?? from;
      return !coarser.table.any(id, from, floorTo(begin, coarser.tier.step));
    },
    rows: (cluster, node, tier, from, to) => {
      const id = nodeId(cluster, node);
      return id === undefined ? [] : rows(id, tier, from, to);
    },
    events,
    logs,
    forget: (cluster) =>
      atomically(() => {
        for (const node of nodes()) {
          if (node.cluster === cluster) for (const { table } of levels) table.clear(node.id);
        }
        dropNodes.run(cluster);
        events.clear(cluster);
        logs.clear(cluster);
      }),
    close: () => database.close(),
  };
}
