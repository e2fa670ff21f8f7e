import { once } from 'node:events';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { assertNever } from '../../shared/lib/assert-never.ts';
import type { Result } from '../../shared/lib/result.ts';
import type { ParseError } from '../agents/parse-error.ts';
import { type CliCommand, type Io, usageError } from './command.ts';
import { lineBatches } from './lines.ts';
import { type Kind, parseKinds } from './parse-kinds.ts';

const kindNames = Object.keys(parseKinds);

const help = `
Usage: handover parse KIND [FILE|-]

Prints as JSON, one object a line, what a node's programs print. Reads standard input where FILE is - or missing.
A line that cannot be read gives {"error":{"line":N,"text":…,"expected":…}} in its place; the rest is still printed.
VRRP passwords are never printed.

Kinds:
${kindNames.map((name) => `  ${name.padEnd(18)}${parseKinds[name]?.summary}`).join('\n')}

Exit status: 0 everything was read, 1 something was not, 64 wrong usage or no such file.

Examples:
  conntrack -L -o extended,id | handover parse conntrack
  handover parse conntrackd-stats /tmp/conntrackd-s.txt
  ssh fw1 sudo cat /tmp/keepalived.json | handover parse keepalived-json -
`;

/** More text than any dump of statistics has; what comes behind it is not read. */
const longestDump = 64 << 20;

/** One line of output each; counts what could not be read. */
const printed = (parsed: Result<unknown, ParseError>): string => {
  if (!parsed.ok) return `${JSON.stringify({ error: parsed.error })}\n`;
  return parsed.value === undefined ? '' : `${JSON.stringify(parsed.value)}\n`;
};

/** Waits where the reader is slower than we are, so that memory stays bounded. */
const write = async (io: Io, text: string): Promise<void> => {
  if (text !== '' && !io.stdout.write(text)) await once(io.stdout, 'drain');
};

/** A line, or the lines that a wrapped entry was joined from, with the number of the first. */
interface Held {
  readonly line: number;
  readonly text: string;
  /** It broke off in the middle, and this is its line as it stands there. */
  readonly broken?: string;
}

const parseLines = async (
  { parse, wraps }: Extract<Kind, { unit: 'line' }>,
  source: Readable,
  io: Io,
): Promise<boolean> => {
  let line = 0;
  let isWhole = true;
  /** An entry that the next line may continue. */
  let held: Held | undefined;
  let isWrapped = false;

  const read = ({ line: at, text }: Held): string => {
    const parsed = parse(text);
    if (!parsed.ok) isWhole = false;
    return printed(parsed.ok ? parsed : { ok: false, error: { ...parsed.error, line: at } });
  };
  const release = (): string => {
    const last = held;
    held = undefined;
    if (last === undefined) return '';
    return read(last.broken === undefined || parse(last.text).ok ? last : { ...last, text: last.broken });
  };

  for await (const { lines, endsWithLine } of lineBatches(source)) {
    let output = '';
    for (const text of lines) {
      line += 1;
      const join = held?.broken === undefined ? wraps?.join : wraps?.joinBroken;
      const joined = held === undefined ? undefined : join?.(held.text, text);
      if (held !== undefined && joined !== undefined) {
        held = { line: held.line, text: joined };
        isWrapped = true;
        continue;
      }
      output += release();
      const broken = wraps?.broken(text);
      if (broken !== undefined) held = { line, text: broken, broken: text };
      else if (wraps?.opens(text)) held = { line, text };
      else output += read({ line, text });
    }
    // an event of a live stream is shown when it comes, not with the next; where lines were wrapped, it must wait
    const isComplete = wraps?.isLive && endsWithLine && !isWrapped;
    if (isComplete && held !== undefined && parse(held.text).ok) output += release();
    await write(io, output);
  }
  await write(io, release());
  return isWhole;
};

const parseWhole = async (
  parse: (text: string) => Result<unknown, ParseError>[],
  source: Readable,
  io: Io,
): Promise<boolean> => {
  const lines: string[] = [];
  let length = 0;
  for await (const batch of lineBatches(source)) {
    for (const line of batch.lines) {
      length += line.length + 1;
      lines.push(line);
    }
    if (length > longestDump) break;
  }
  const results = parse(lines.join('\n'));
  for (const result of results) await write(io, printed(result));
  return results.every(({ ok }) => ok);
};

const parseSource = (kind: Kind, source: Readable, io: Io): Promise<boolean> => {
  switch (kind.unit) {
    case 'line':
      return parseLines(kind, source, io);
    case 'dump':
      return parseWhole(kind.parse, source, io);
    default:
      return assertNever(kind);
  }
};

const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'
    ? 'there is no such file'
    : error instanceof Error
      ? error.message
      : String(error);

export const parse: CliCommand = {
  help,
  run: async (argv, io) => {
    const [name, path = '-', ...surplus] = argv;
    if (name === undefined) return usageError(io, 'parse', `which KIND? One of ${kindNames.join(', ')}`);
    const kind = Object.hasOwn(parseKinds, name) ? parseKinds[name] : undefined;
    if (kind === undefined)
      return usageError(io, 'parse', `there is no kind '${name}'; it is one of ${kindNames.join(', ')}`);
    if (surplus.length > 0)
      return usageError(io, 'parse', `one FILE at a time, not also '${surplus.join(' ')}'`);
    if (path === '-') return (await parseSource(kind, io.stdin, io)) ? 0 : 1;
    try {
      const file = await open(path);
      return (await parseSource(kind, file.createReadStream({ highWaterMark: 1 << 18 }), io)) ? 0 : 1;
    } catch (error) {
      return usageError(io, 'parse', `cannot read ${path}: ${reasonOf(error)}`);
    }
  },
};
