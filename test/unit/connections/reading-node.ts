import type { Command } from '../../../main/agents/command.ts';
import { conntrack } from '../../../main/agents/table/conntrack/index.ts';
import { askNode } from '../../../main/connections/reading/ask.ts';
import type { DumpLimits } from '../../../main/connections/reading/dump-run.ts';
import { nodeReader } from '../../../main/connections/reading/node-reader.ts';
import type { DumpForm, StoredTable } from '../../../main/connections/store/table-store.ts';
import type { NodeRunner } from '../../../main/probe/node-runner.ts';
import type { Connection } from '../../../shared/domain/connection.ts';
import type { NarrowQuestion } from '../../../shared/domain/connection-actions.ts';
import { err, ok } from '../../../shared/lib/result.ts';

/** What a dump prints, piece by piece, until it ends by itself or is stopped. */
export interface Script {
  readonly pieces: Iterable<string> | AsyncIterable<string>;
  readonly exitCode?: number;
  readonly stderr?: string;
}

const anyConnection: Connection = {
  family: 'ipv4',
  protocol: 'tcp',
  protocolNumber: 6,
  original: { src: '10.1.2.3', dst: '10.2.0.1' },
  flags: [],
  extra: {},
};

/** A table that counts lines and keeps the last whole dump, as the store promises. */
export function lineTable() {
  let good: readonly string[] = [];
  const forms: DumpForm[] = [];
  const aborted: boolean[] = [];
  const filters: string[] = [];
  const stored: StoredTable = {
    begin: (form) => {
      forms.push(form);
      let text = '';
      const lines = () => text.split('\n').filter((line) => line.startsWith('entry'));
      return {
        write: (chunk) => {
          text += Buffer.from(chunk).toString();
          return undefined;
        },
        entries: () => lines().length,
        end: async () => {
          const problem = text.includes('cut') ? 'it breaks off within a message' : undefined;
          if (problem === undefined) good = lines();
          return { entries: lines().length, unreadable: 0, ...(problem !== undefined && { problem }) };
        },
        abort: (keep) => {
          aborted.push(keep);
        },
      };
    },
    mark: () => {},
    follow: async () => ({ events: 0, unreadable: 0, isWhole: true }),
    page: async ({ filter, offset, limit }) => {
      filters.push(filter);
      const rows = good
        .slice(offset, offset + limit)
        .map((line, row) => ({ ...anyConnection, row, extra: { line } }));
      const { length } = good;
      return {
        revision: 1,
        total: length,
        matched: length,
        offset,
        rows,
        unreadable: 0,
        added: 0,
        changed: 0,
        gone: 0,
      };
    },
    groups: () => Promise.reject(new Error('no groups here')),
    export: () => Promise.reject(new Error('no export here')),
  };
  return { stored, forms, aborted, filters, good: () => good };
}

/**
 * A node whose dumps follow a script, by the program that is run first: perl, stdbuf or conntrack. It answers `count` when
 * it is asked; `polled` is what the polls know.
 */
export function scriptedNode(
  scripts: Readonly<Record<string, Script>>,
  limits: Partial<DumpLimits> = {},
  count = 1_000,
  polled?: number,
) {
  let now = 1_000_000;
  const ran: Command[] = [];
  const forgotten: ReturnType<typeof lineTable>[] = [];
  const programs = Object.keys(scripts).map((name) => `/usr/bin/${name}\t755\tregular file\n`);
  const runner: NodeRunner = {
    node: 'fw1',
    privileged: true,
    line: ({ argv, typed }) => typed ?? argv.join(' '),
    lane: () => undefined,
    exec: async () => err({ kind: 'unreachable', message: 'not asked for here' }),
    poll: async ({ argv: [program] }) => {
      const stdout = program.endsWith('/stat') ? programs.join('') : `${count}\n`;
      return ok({ stdout, stderr: '', exitCode: 0, sentAt: 0, endedAt: 0 });
    },
    stream: async (command, onChunk, signal) => {
      ran.push(command);
      const name = command.argv[0].replace(/.*\//, '');
      const script = scripts[name];
      if (!script) return ok({ stderr: `${command.argv[0]}: No such file or directory`, exitCode: 127 });
      const stopped = Promise.withResolvers<IteratorResult<string>>();
      signal?.addEventListener('abort', () => stopped.resolve({ done: true, value: undefined }));
      const pieces = (async function* () {
        yield* script.pieces;
      })();
      for (;;) {
        const next = await Promise.race([pieces.next(), stopped.promise]);
        if (signal?.aborted) return err({ kind: 'timed-out', message: 'called off' });
        if (next.done) break;
        await onChunk(Buffer.from(next.value));
      }
      return ok({ stderr: script.stderr ?? '', exitCode: script.exitCode ?? 0 });
    },
  };
  const table = lineTable();
  const reader = nodeReader(
    { runner, table: conntrack, count: () => polled },
    table.stored,
    (dump) => dump(),
    () => now,
    { cap: 100, stallMs: 30, blindBytes: 1_000, ...limits },
  );
  return {
    reader,
    runner,
    ran,
    ...table,
    ask: (question: NarrowQuestion) => {
      const passing = lineTable();
      const open = () => ({ stored: passing.stored, forget: () => forgotten.push(passing) });
      return askNode({ runner, table: conntrack }, reader.memory, question, open, () => now);
    },
    /** The tables of questions that were answered and let go. */
    forgotten,
    pass: (ms: number) => {
      now += ms;
    },
  };
}
