import type { Connection } from './connection.ts';
import { differing, isAsBefore } from './connection-attributes.ts';
import type { ClassifiedConnection } from './coverage.ts';
import { blurredKey, connectionKey, isBlurred, notCarried } from './coverage-key.ts';

/** A table by key. Under churn a dump may show an entry twice: the later one counts. */
export type ConnectionIndex = ReadonlyMap<string, Connection>;

export function indexConnections(connections: Iterable<Connection>): ConnectionIndex {
  const index = new Map<string, Connection>();
  for (const connection of connections) index.set(connectionKey(connection), connection);
  return index;
}

/**
 * Three readings in this order: `earlier` is the master's table, read a while (what replication may take) before the
 * slave's table `held` was, and `master` is its table again, read after `held` had begun. So a connection that is in
 * both of the master's, as the same entry, lived through the reading of the slave and was old enough to be there.
 */
export interface ComparedTables {
  readonly earlier: ConnectionIndex;
  readonly held: ConnectionIndex;
  readonly master: ConnectionIndex;
  /** From the beginning of `earlier` to the reading of `held`, in seconds. */
  readonly seconds: number;
  /** Entries of the slave that are its own and no replicas, where one table holds both. */
  readonly isOwn?: (connection: Connection) => boolean;
}

/**
 * The rules, on tables of connections: what the comparison by column must agree with, however large its tables.
 * Every connection of the master by what the slave has of it, then the slave's ghosts; missing ones without a
 * reason yet.
 */
export function compareTables(tables: ComparedTables): ClassifiedConnection[] {
  const { earlier, held, master } = tables;
  const classified: ClassifiedConnection[] = [];
  for (const [key, connection] of master) {
    const before = earlier.get(key);
    const steady = before && before.id === connection.id ? before : undefined;
    classified.push(classify(connection, steady, held.get(key)));
  }
  return [...classified, ...ghosts(tables)];
}

/** A connection of the master by what the slave has of it. `steady`: the same entry as it was in the earlier table. */
export function classify(
  connection: Connection,
  steady: Connection | undefined,
  replica: Connection | undefined,
): ClassifiedConnection {
  const lacking = notCarried(connection);
  if (lacking !== undefined) return { class: 'not-replicable', evidence: lacking, connection };
  if (replica === undefined) {
    return steady
      ? { class: 'missing', connection }
      : { class: 'in-flight', evidence: 'it began while the tables were read', connection };
  }
  const stale = steady
    ? differing(connection, replica, ofReplicas).filter(({ name }) => isAsBefore(name, steady, connection))
    : [];
  if (stale.length === 0) return { class: 'replicated', connection };
  const evidence = stale.map(({ name, here, there }) => `${name} is ${here}, there ${there}`).join('; ');
  return { class: 'stale', evidence, connection };
}

/** What a replica must agree in. */
const ofReplicas = ['state', 'assured', 'mark'] as const;

/**
 * What is in neither of the master's tables. A replica that is younger than their distance may be of a connection that
 * came and went between them; an older one is of none. Durations are printed in whole seconds.
 */
export function asGhost(
  connection: Connection,
  { seconds, isOwn }: Pick<ComparedTables, 'seconds' | 'isOwn'>,
): ClassifiedConnection | undefined {
  const { activeSeconds = Number.POSITIVE_INFINITY } = connection;
  if (activeSeconds <= seconds + 1 || isOwn?.(connection)) return undefined;
  return { class: 'ghost', evidence: 'the master has no such connection', connection };
}

function ghosts(tables: ComparedTables): ClassifiedConnection[] {
  const { earlier, held, master } = tables;
  const blurred = new Set([...earlier.values(), ...master.values()].filter(isBlurred).map(blurredKey));
  const known = (key: string, replica: Connection) =>
    isBlurred(replica) ? blurred.has(blurredKey(replica)) : master.has(key) || earlier.has(key);
  return [...held].flatMap(([key, connection]) =>
    known(key, connection) ? [] : (asGhost(connection, tables) ?? []),
  );
}
