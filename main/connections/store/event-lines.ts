import type { Connection } from '../../../shared/domain/connection.ts';
import { parseEvent } from '../../agents/table/conntrack/parse-entry.ts';

/** What happened to one connection, as the node told it. */
export interface TableEvent {
  readonly kind: 'new' | 'update' | 'destroy';
  readonly connection: Connection;
  /** When, in Unix seconds by the node's clock, where it told. */
  readonly at?: number;
}

const kinds: Readonly<Record<string, TableEvent['kind']>> = {
  NEW: 'new',
  UPDATE: 'update',
  DESTROY: 'destroy',
};

/** Whole lines of `conntrack -E`, in their order. `unreadable`: lines that tell neither a connection nor an expectation. */
export function readEvents(lines: Uint8Array): { events: TableEvent[]; unreadable: number } {
  const events: TableEvent[] = [];
  let unreadable = 0;
  for (const line of new TextDecoder().decode(lines).split('\n')) {
    const parsed = parseEvent(line);
    if (!parsed.ok) unreadable += 1;
    if (!parsed.ok || parsed.value === undefined || 'overrun' in parsed.value) continue;
    const { event = '', timestamp, ...entry } = parsed.value;
    // expectations stand in another table
    if ('expectation' in entry) continue;
    const kind = kinds[event];
    if (kind === undefined) unreadable += 1;
    else
      events.push({
        kind,
        connection: entryOf(entry),
        ...(typeof timestamp === 'number' && { at: timestamp }),
      });
  }
  return { events, unreadable };
}

/** Without who made the kernel do it: that is said of the event and not of the entry. */
function entryOf({ flags, extra, ...others }: Connection): Connection {
  const { portid: _, progname: __, ...kept } = extra;
  return { ...others, flags: flags.filter((flag) => flag !== 'USERSPACE'), extra: kept };
}
