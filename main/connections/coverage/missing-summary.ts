import type { Connection } from '../../../shared/domain/connection.ts';
import { protocolText } from '../../../shared/domain/connection-words.ts';
import type { MissingShare, MissingSummary } from '../../../shared/domain/coverage.ts';

/** So many services and clients are named. */
const named = 10;

interface Sum {
  count: number;
  bytes: number | undefined;
}

/** Adds the missing connections up as they are found. */
export function missingSummary(): { add: (connection: Connection) => void; done: () => MissingSummary } {
  const services = new Map<string, Sum>();
  const clients = new Map<string, Sum>();
  let total: number | undefined;
  return {
    add: (connection) => {
      const bytes = bytesOf(connection);
      if (bytes !== undefined) total = (total ?? 0) + bytes;
      count(services, serviceOf(connection), bytes);
      count(clients, connection.original.src, bytes);
    },
    done: () => ({
      ...(total !== undefined && { bytes: total }),
      services: mostOf(services),
      clients: mostOf(clients),
    }),
  };
}

function bytesOf({ original, reply }: Connection): number | undefined {
  if (original.bytes === undefined) return undefined;
  return Number(original.bytes) + Number(reply?.bytes ?? 0);
}

const serviceOf = (connection: Connection): string => {
  const { dport } = connection.original;
  const name = protocolText(connection);
  return dport === undefined ? name : `${name}/${dport}`;
};

function count(sums: Map<string, Sum>, name: string, bytes: number | undefined): void {
  const sum = sums.get(name);
  if (!sum) {
    sums.set(name, { count: 1, bytes });
    return;
  }
  sum.count += 1;
  if (bytes !== undefined) sum.bytes = (sum.bytes ?? 0) + bytes;
}

const mostOf = (sums: ReadonlyMap<string, Sum>): MissingShare[] =>
  [...sums]
    .toSorted(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1))
    .slice(0, named)
    .map(([name, { count: own, bytes }]) => ({ name, count: own, ...(bytes !== undefined && { bytes }) }));
