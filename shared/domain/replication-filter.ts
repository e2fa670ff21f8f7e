import { type Address, contains, type Network, parseAddress, parseNetwork } from './address.ts';
import type { Connection } from './connection.ts';
import { protocolText } from './connection-words.ts';
import { protocolNumbers } from './ip-protocols.ts';

/** One clause of the filter, each entry with its line, so that an audit can name it. */
export interface FilterRule {
  readonly line: number;
  readonly of: 'protocol' | 'address' | 'state';
  readonly action: 'accept' | 'ignore';
  /** The protocol whose states these are. */
  readonly protocol?: string;
  readonly entries: readonly { readonly line: number; readonly value: string }[];
}

/** What a sync agent is told not to replicate. */
export interface ReplicationFilter {
  readonly line: number;
  readonly from: 'userspace' | 'kernelspace';
  readonly rules: readonly FilterRule[];
}

/** The clause that keeps a connection from being replicated. */
export interface KeptBack {
  readonly line: number;
  /** The clause as it is written, or what it lacks. */
  readonly text: string;
}

/**
 * Reads a filter as conntrackd does (filter.c, ct_filter_check): protocol, then address, then TCP state. Clauses of one
 * kind make one list, and the last of them says whether it is of what to accept or to ignore. Addresses are the real
 * ones: who opened the connection, and who answers it behind any translation.
 */
export function compileFilter({
  rules,
}: ReplicationFilter): (connection: Connection) => KeptBack | undefined {
  const checks = (['protocol', 'address', 'state'] as const).flatMap((of) => {
    const own = rules.filter((rule) => rule.of === of);
    const last = own.at(-1);
    return last ? [{ list: own.flatMap(entriesOf), last, ...readers[of] }] : [];
  });
  return (connection) => {
    for (const { list, last, applies, matcher, subject } of checks) {
      if (!applies(connection)) continue;
      const matches = matcher(connection);
      const found = list.find((entry) => matches(entry));
      const { action, line } = last;
      if (action === 'ignore' && found) return { line: found.line, text: `${titleOf(last)} ${found.value}` };
      if (action === 'accept' && !found)
        return { line, text: `${titleOf(last)} does not name ${subject(connection)}` };
    }
    return undefined;
  };
}

interface Entry {
  readonly line: number;
  readonly value: string;
  readonly network: Network | undefined;
  readonly protocol: string | undefined;
}

const entriesOf = ({ entries, of, protocol }: FilterRule): Entry[] =>
  entries.map(({ line, value }) => ({
    line,
    value,
    network: of === 'address' ? parseNetwork(value) : undefined,
    protocol,
  }));

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const titleOf = ({ of, action }: FilterRule): string => `${capital(of)} ${capital(action)}`;

const endsOf = ({ original, reply }: Connection): string[] => [original.src, reply?.src ?? original.dst];

type Matcher = (connection: Connection) => (entry: Entry) => boolean;

const readers: Record<
  FilterRule['of'],
  {
    readonly applies: (connection: Connection) => boolean;
    readonly matcher: Matcher;
    /** What of the connection is looked for. */
    readonly subject: (connection: Connection) => string;
  }
> = {
  protocol: {
    applies: () => true,
    matcher:
      ({ protocolNumber }) =>
      ({ value }) =>
        (protocolNumbers.get(value.toLowerCase()) ?? Number(value)) === protocolNumber,
    subject: protocolText,
  },
  address: {
    applies: ({ family }) => family !== 'unknown',
    subject: (connection) => endsOf(connection).join(' or '),
    matcher: (connection) => {
      const ends = endsOf(connection)
        .map(parseAddress)
        .filter((address): address is Address => address !== undefined);
      return ({ network }) => network !== undefined && ends.some((address) => contains(network, address));
    },
  },
  state: {
    subject: ({ state }) => state ?? '',
    applies: ({ protocol, state }) => protocol === 'tcp' && state !== undefined,
    matcher:
      ({ state }) =>
      ({ value, protocol }) =>
        (protocol === undefined || protocol.toLowerCase() === 'tcp') &&
        (value.toUpperCase() === 'CLOSED' ? 'CLOSE' : value.toUpperCase()) === state,
  },
};
