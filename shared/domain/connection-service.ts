import type { Connection } from './connection.ts';
import { services } from './filter-words.ts';

const names = new Map(
  Object.entries(services).flatMap(([name, { protocols, ports }]) =>
    protocols.flatMap((protocol) => ports.map((port) => [`${protocol} ${port}`, name] as const)),
  ),
);

/** The service that a connection was opened to, by protocol and destination port; the name is a filter, too. */
export const serviceOf = ({ protocol, original }: Connection): string | undefined =>
  original.dport === undefined ? undefined : names.get(`${protocol} ${original.dport}`);
