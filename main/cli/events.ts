import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { formatDuration, formatInstant } from '../../shared/domain/format.ts';
import type { TimelineEntry, TimelineFilter } from '../../shared/domain/timeline.ts';
import { jsonOf } from '../../shared/domain/timeline-export.ts';
import type { TimelinePage } from '../../shared/domain/timeline-page.ts';
import type { Engine } from '../engine.ts';
import { endSignals } from '../hosts/end-signals.ts';
import { type CliCommand, type Io, usageError } from './command.ts';
import { openEngine } from './open-engine.ts';
import { readOptions } from './options.ts';

/** How long (ms) to wait for every node's logs to be read, or to be known to be unreadable. */
const readMs = 8_000;
const lookMs = 250;
const pageRows = 1_000;
/** A clock that differs by more (ms) is told of: it misleads whoever reads the node's own log. */
const noticedMs = 1_000;

export const events: CliCommand = {
  help: `
Usage: handover events --cluster C [--since WHEN] [--filter TEXT] [--json] [--follow] [--inventory FILE]

Prints what happened to a cluster, oldest first: what readings showed, what conntrackd and keepalived
logged on every node, and what was done from here. Times are this machine's: those of a node's log are
corrected by how far its clock differs, which is said on standard error. WHEN is an age (90s, 30m, 2h,
7d) or an instant (2026-11-22T14:00). With --follow it goes on until Ctrl-C.

A filter is words that must all occur, -word must not:
  node:fw2  source:reading|conntrackd|keepalived|audit  level:info|warning|critical  kind:committed

Exit status: 0 everything was read, 3 the log of some node could not be (said on standard error), 64 wrong usage.

Examples:
  handover events --cluster edge --since 2h --filter 'node:fw2 master'
  handover events --cluster edge --filter source:audit --json | jq -r '.time + " " + .words'
`,
  run: async (argv, io) => {
    const options = readOptions(argv, {
      cluster: { type: 'string' },
      since: { type: 'string' },
      filter: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      follow: { type: 'boolean', default: false },
      inventory: { type: 'string' },
    });
    if (!options.ok) return usageError(io, 'events', options.error);
    const { cluster, since, filter, json, follow, inventory } = options.value;
    if (cluster === undefined) return usageError(io, 'events', 'which cluster? Give --cluster C');
    const from = since === undefined ? undefined : instantOf(since, Date.now());
    if (since !== undefined && from === undefined)
      return usageError(io, 'events', `--since "${since}" is neither an age (30m) nor an instant`);
    const engine = await openEngine({ cluster, inventory, forTimeline: true }, io);
    if (!engine.ok) return usageError(io, 'events', engine.error);
    try {
      const wanted = { text: filter, ...(from !== undefined && { from }) };
      return await print(engine.value, cluster, wanted, { json, follow }, io);
    } finally {
      await engine.value.close();
    }
  },
};

/** An age before `now`, or an instant, as ms since the epoch. */
export function instantOf(text: string, now: number): number | undefined {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)(s|m|h|d)$/.exec(text) ?? [];
  const factor = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit];
  if (factor !== undefined) return now - Number(count) * factor;
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

async function print(
  engine: Engine,
  cluster: string,
  filter: TimelineFilter,
  { json, follow }: { json: boolean; follow: boolean },
  io: Io,
): Promise<number> {
  const read = (offset: number, limit: number, asOf?: number) =>
    engine.handlers['timeline.read']({ cluster, filter, offset, limit, ...(asOf !== undefined && { asOf }) });
  const deadline = performance.now() + readMs;
  let page = await read(0, 0);
  while (!isRead(page) && performance.now() < deadline) {
    await delay(lookMs);
    page = await read(0, 0);
  }
  const status = tellGaps(page, io);
  const show = async (entries: readonly TimelineEntry[]) => {
    const text = entries.map((entry) => `${json ? JSON.stringify(jsonOf(entry)) : lineOf(entry)}\n`).join('');
    if (!io.stdout.write(text)) await once(io.stdout, 'drain');
  };
  // The rows are counted from the newest: the last page holds the oldest.
  for (let end = page.matched; end > 0; end -= pageRows) {
    const start = Math.max(0, end - pageRows);
    const { entries } = await read(start, end - start, page.revision);
    await show(entries.toReversed());
  }
  if (!follow) return status;
  // The engine closes after it, which writes down what was seen last.
  const ended = endSignals();
  for (let { revision } = page; !ended.aborted; await delay(lookMs)) {
    const now = await read(0, pageRows);
    const before = await read(0, 0, revision);
    await show(now.entries.slice(0, before.newer).toReversed());
    revision = now.revision;
  }
  return status;
}

const isRead = ({ logs }: TimelinePage): boolean =>
  logs.length > 0 && logs.every(({ readAt, failure }) => readAt !== undefined || failure !== undefined);

/** What whoever reads the lines must know beside them; answers with the exit status. */
function tellGaps({ logs, clocks, auditFailure }: TimelinePage, io: Io): number {
  const gaps = logs.flatMap(({ node, program, readAt, failure }) => {
    if (failure)
      return [`${node}: the log of ${program} cannot be read: ${failure.message}. ${failure.remedy ?? ''}`];
    return readAt === undefined ? [`${node}: the log of ${program} was not read in time.`] : [];
  });
  if (auditFailure !== undefined) gaps.push(`our own audit log cannot be read: ${auditFailure}`);
  const notes = clocks.flatMap(({ node, offset = 0, uncertainty = 0 }) => {
    if (Math.abs(offset) < noticedMs) return [];
    const [by, about] = [formatDuration(Math.abs(offset)), formatDuration(Math.ceil(uncertainty))];
    return [
      `${node}: its clock is ${by} ${offset > 0 ? 'ahead' : 'behind'} (± ${about}); its lines are told at our time.`,
    ];
  });
  for (const line of [...gaps, ...notes]) io.stderr.write(`handover events: ${line.trimEnd()}\n`);
  return gaps.length > 0 ? 3 : 0;
}

const marks: Partial<Record<NonNullable<TimelineEntry['trust']>, string>> = {
  stepped: ' (its clock was set about then)',
  unknown: ' (its own time is unknown)',
};

function lineOf({ at, node = '', source, level, words, more = [], trust }: TimelineEntry): string {
  const mark = (trust && marks[trust]) ?? '';
  const cells = [formatInstant(at), node.padEnd(8), source.padEnd(10), level.padEnd(8), `${words}${mark}`];
  return [cells.join('  '), ...more.map((line) => `    ${line}`)].join('\n');
}
