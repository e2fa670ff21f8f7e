import * as z from 'zod/mini';
import type { Connection } from './connection.ts';
import { natOf } from './connection-fields.ts';
import { endText } from './connection-words.ts';

/** What two entries of one connection may differ in. `replied`: whether an answer was seen; `nat`: what it is translated to. */
export const Attribute = z.enum(['state', 'assured', 'replied', 'mark', 'nat']);
export type Attribute = z.infer<typeof Attribute>;

const isOffloaded = ({ flags }: Connection): boolean => flags.some((flag) => flag.endsWith('OFFLOAD'));

const flagged = (connection: Connection, flag: string): boolean | undefined =>
  isOffloaded(connection) ? undefined : connection.flags.includes(flag);

const yesNo = (is: boolean | undefined): string | undefined =>
  is === undefined ? undefined : is ? 'yes' : 'no';

/** An attribute in words. Undefined: this entry does not tell. */
const told: Readonly<Record<Attribute, (connection: Connection) => string | undefined>> = {
  state: ({ state }) => state,
  assured: (connection) => yesNo(flagged(connection, 'ASSURED')),
  replied: (connection) => {
    const isUnreplied = flagged(connection, 'UNREPLIED');
    return yesNo(isUnreplied === undefined ? undefined : !isUnreplied);
  },
  mark: ({ mark = 0 }) => String(mark),
  nat: natText,
};

/** What the answers come from and go to, where that is not what was asked. An external cache knows no answers. */
function natText(connection: Connection): string | undefined {
  const { reply } = connection;
  if (!reply) return undefined;
  const nat = natOf(connection);
  if (!nat) return 'none';
  return [
    ...(nat.source ? [`source ${endText(reply.dst, reply.dport)}`] : []),
    ...(nat.destination ? [`destination ${endText(reply.src, reply.sport)}`] : []),
  ].join(', ');
}

export interface Differing {
  readonly name: Attribute;
  readonly here: string;
  readonly there: string;
}

/** In which of these attributes both entries tell something else. */
export const differing = (
  here: Connection,
  there: Connection,
  names: readonly Attribute[] = Attribute.options,
): Differing[] =>
  names.flatMap((name) => {
    const [a, b] = [told[name](here), told[name](there)];
    return a === undefined || b === undefined || a === b ? [] : [{ name, here: a, there: b }];
  });

/** Whether an entry is, in this attribute, as it was. */
export const isAsBefore = (name: Attribute, before: Connection, now: Connection): boolean =>
  told[name](before) === told[name](now);
