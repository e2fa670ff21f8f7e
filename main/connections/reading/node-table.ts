import type { NarrowAnswer, NarrowQuestion } from '../../../shared/domain/connection-actions.ts';
import type { ConnectionPage, ConnectionQuery } from '../../../shared/domain/connection-query.ts';
import type { Clock } from '../../../shared/lib/clock.ts';
import type { StoredTable } from '../store/table-store.ts';
import { askNode, type PassingTable } from './ask.ts';
import type { DumpOutcome } from './dump-run.ts';
import { followEvents } from './follow.ts';
import { type ConnectionSource, nodeReader } from './node-reader.ts';
import { openRefresh, type RefreshMode } from './refresh.ts';

/** One node's table as the console sees it: the rows of the store with how they came there. */
export interface NodeTable {
  readonly read: () => Promise<DumpOutcome>;
  /** Whether there was a dump to end. */
  readonly cancel: () => boolean;
  readonly refresh: (mode: RefreshMode) => void;
  readonly page: (query: ConnectionQuery) => Promise<ConnectionPage>;
  readonly ask: (question: NarrowQuestion) => Promise<NarrowAnswer>;
  /** Ends what is under way on the node. */
  readonly close: () => void;
}

/** `turn`: waits until no other dump of this node is under way; `passing`: a table for the answer to a question. */
export function nodeTable(
  source: ConnectionSource,
  stored: StoredTable,
  turn: <T>(dump: () => Promise<T>) => Promise<T>,
  passing: () => PassingTable,
  clock: Clock,
): NodeTable {
  const reader = nodeReader(source, stored, turn, clock);
  const read = async () => {
    const outcome = await reader.read();
    if (settled !== outcome) refresh.ended(outcome);
    settled = outcome;
    return outcome;
  };
  /** The dump that the refresh last heard of: several may have waited for the same. */
  let settled: DumpOutcome | undefined;
  const follow = followEvents(source.runner, source.table, stored, clock);
  const refresh = openRefresh(() => void read(), follow, clock);
  return {
    read,
    cancel: reader.cancel,
    refresh: refresh.set,
    page: async (query) => {
      refresh.looked();
      reader.prepare();
      const { added, changed, gone, since, ...page } = await stored.page(query);
      return {
        ...page,
        ...reader.state(),
        refresh: {
          ...refresh.state(),
          ...(since !== undefined && { since }),
          added,
          changed,
          gone,
        },
      };
    },
    ask: (question) => askNode(source, reader.memory, question, passing, clock),
    close: () => {
      refresh.close();
      reader.cancel();
    },
  };
}
