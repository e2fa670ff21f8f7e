import type { NarrowAnswer, NarrowQuestion } from '../../../shared/domain/connection-actions.ts';
import type { Clock } from '../../../shared/lib/clock.ts';
import type { StoredTable } from '../store/table-store.ts';
import { type DumpLimits, dumpLimits, runDump } from './dump-run.ts';
import { checkQuestion, filterOf } from './narrow-question.ts';
import type { ConnectionSource } from './node-reader.ts';
import type { ReaderMemory } from './reader-memory.ts';

/** So many rows are answered with at most; `matched` tells of how many. */
const mostRows = 1_000;
/** A kernel that cannot choose tells everything: past so many entries the table itself is the better answer. */
const askLimits: DumpLimits = { ...dumpLimits, cap: 200_000 };

/** A table for one answer: nobody pages it, and it is forgotten with it. */
export interface PassingTable {
  readonly stored: StoredTable;
  readonly forget: () => void;
}

/**
 * Asks the node's kernel for the few connections that fit, and keeps of its answer what does: its filter knows no more
 * than Linux 5.8 and later do. It waits for no dump of the whole table, since it costs the node little.
 */
export async function askNode(
  { runner, table }: ConnectionSource,
  memory: ReaderMemory,
  question: NarrowQuestion,
  open: () => PassingTable,
  clock: Clock,
): Promise<NarrowAnswer> {
  const checked = checkQuestion(question);
  if (!checked.ok) return refused(checked.error);
  const asked = checked.value;
  const { way } = await memory.choose();
  const command = way.command({ question: asked });
  const observedAt = clock();
  const startedAt = performance.now();
  const { stored, forget } = open();
  try {
    const intake = stored.begin({ format: way.kind, observedAt });
    const outcome = await runDump(
      runner,
      command,
      table,
      intake,
      () => {},
      new AbortController().signal,
      askLimits,
    );
    if (outcome.kind === 'capped')
      return refused(
        `${runner.node} answered with more than ${outcome.at.toLocaleString('en')} connections: ask for less, or read its table.`,
      );
    if (outcome.kind === 'failed') {
      const { failure, anotherWay } = outcome;
      if (!anotherWay) return refused(sentence(failure));
      memory.failed(way, failure.message);
      const next = await memory.choose();
      return next.way === way
        ? refused(sentence(failure))
        : askNode({ runner, table }, memory, question, open, clock);
    }
    const page = await stored.page({
      cluster: '',
      node: runner.node,
      filter: filterOf(asked),
      sort: [],
      offset: 0,
      limit: mostRows,
    });
    const { rows, matched } = page;
    return {
      accepted: true,
      observedAt,
      took: performance.now() - startedAt,
      line: runner.line(command),
      matched,
      rows,
    };
  } finally {
    forget();
  }
}

const refused = (reason: string) => ({ accepted: false, reason }) as const;

const sentence = ({ message, remedy }: { message: string; remedy?: string | undefined }): string =>
  [message.replace(/\.?$/, '.'), remedy].filter((part) => part !== undefined).join(' ');
