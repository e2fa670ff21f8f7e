import type { BigInteger, Connection } from '../../../../shared/domain/connection.ts';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import { parseInteger } from '../../integer.ts';
import { type ParseError, parseError } from '../../parse-error.ts';
import { isNoEntry, parseConnection, readConnection } from './parse-connection.ts';
import { type Expectation, isExpectation, readExpectation } from './parse-expectation.ts';
import { isBracketed, type Word, words } from './words.ts';

const expected = 'an expectation or a connection, with src=ADDRESS dst=ADDRESS of its original direction';

/** A line of either table: what `conntrack -L`, `conntrack -L expect`, `conntrackd -i|-e [exp]` and /proc print. */
export const parseEntry = (line: string): Result<Connection | Expectation | undefined, ParseError> => {
  if (!isExpectation(line)) return parseConnection(line);
  const expectation = readExpectation(words(line));
  return expectation === undefined ? err(parseError(1, line, expected)) : ok(expectation);
};

/** What happened to an entry: NEW, UPDATE, DESTROY, or another word as printed; absent on a line of a table. */
export interface EventFields {
  readonly event?: string;
  /** Seconds since the epoch, as the node or its kernel took them; digits past 2^53 as a string. */
  readonly timestamp?: BigInteger;
}

/**
 * conntrack lost events: the socket's buffer was full (ENOBUFS). It says so on standard error, between the events of
 * those who read both; what came before and after is good, what lies between is missing.
 */
export interface Overrun {
  readonly overrun: true;
  readonly text: string;
}

export type EventRecord = ((Connection | Expectation) & EventFields) | Overrun;

const overrunWarning = /WARNING: We have hit ENOBUFS|Operation failed: No buffer space available/;
/** Whether conntrack says here that it lost events. */
export const isOverrun = (text: string): boolean => overrunWarning.test(text);
/** The rest of that warning, and what `--buffer-size` says at the start. */
const notice =
  /^\s*(?:This message means that the current netlink socket buffer size is too small|Please, check --buffer-size in conntrack\(8\)|NOTICE: Netlink socket buffer size has been set)/;

/** Before 1.4.7 microseconds were padded behind and not before: `12.34    ` is 34 of them. */
const parseTimestamp = (printed: string): BigInteger | undefined => {
  const [, seconds = '', fraction = '', padding] = /^(\d+)\.(\d{1,9})(\s*)$/.exec(printed) ?? [];
  if (seconds === '') return undefined;
  if (parseInteger(seconds) === undefined) return printed.trim();
  return Number(`${seconds}.${padding === '' ? fraction : fraction.padStart(6, '0')}`);
};

const isEvent = (word: Word): boolean => isBracketed(word) && /^\[[A-Z][A-Z_]*$/.test(word);
const known: ReadonlySet<Word> = new Set(['[NEW', '[UPDATE', '[DESTROY']);

/** An event stands before the protocol; a known one also behind a prompt or a journal's prefix, or without brackets. */
const eventIn = (head: readonly Word[]): Word | undefined =>
  head.find((word) => known.has(word)) ??
  head
    .slice(
      0,
      head.findIndex((word) => !isBracketed(word)),
    )
    .find(isEvent) ??
  head.find((word) => known.has(`[${word}`));

/**
 * One line of `conntrack -E [-o timestamp,id,…]`, of events of expectations, or of any table, which has no event.
 * Only the original tuple must be there; undefined for an empty line and for conntrack's closing words.
 */
export const parseEvent = (line: string): Result<EventRecord | undefined, ParseError> => {
  if (isOverrun(line)) return ok({ overrun: true, text: line.trim() });
  const all = words(line);
  const start = all.findIndex((word) => /^(?:src|dst|proto)=/.test(word));
  const head = all.slice(0, Math.max(start, 0));
  const event = eventIn(head);
  const stamp = head.find((word) => isBracketed(word) && parseTimestamp(word.slice(1)) !== undefined);
  const timestamp = stamp === undefined ? undefined : parseTimestamp(stamp.slice(1));
  const rest = [...head.filter((word) => word !== event && word !== stamp), ...all.slice(head.length)];
  const entry = isExpectation(line) ? readExpectation(rest) : readConnection(rest);
  if (entry !== undefined)
    return ok({
      ...(event !== undefined && { event: event.replace('[', '') }),
      ...(timestamp !== undefined && { timestamp }),
      ...entry,
    });
  return isNoEntry(line, all) || notice.test(line) ? ok(undefined) : err(parseError(1, line, expected));
};
