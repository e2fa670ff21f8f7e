import { isIP } from 'node:net';
import type { Connection, Tuple } from '../../../../shared/domain/connection.ts';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import { type ParseError, parseError } from '../../parse-error.ts';
import { keep, parseBody, type TupleDraft } from './parse-body.ts';
import { parseHead } from './parse-head.ts';
import { type Word, words } from './words.ts';

/** conntrack's closing words on stderr, often pasted or redirected along with the table. */
const trailer =
  /^\s*(?:\^C)?\s*conntrack v\S+ \(conntrack-tools\): (?:\d+ .*\bha(?:s|ve) been (?:shown|created|updated|deleted|added)|.*has been emptied)/;

/** The number in conntrack's closing words of a dump. */
export const parseShown = (stderr: string): number | undefined => {
  const shown = /\(conntrack-tools\): (\d+) flow entries have been shown/.exec(stderr)?.[1];
  return shown === undefined ? undefined : Number(shown);
};

const expectedTuple = 'a connection, with src=ADDRESS dst=ADDRESS of its original direction';

const beginsTuple = (word: Word): boolean => word.startsWith('src=') || word.startsWith('dst=');

export const isWhole = (draft: TupleDraft | undefined): draft is Tuple =>
  draft?.src !== undefined && draft.dst !== undefined && isIP(draft.src) !== 0 && isIP(draft.dst) !== 0;

/** The connection that these words of a line tell; undefined where they hold no readable original tuple. */
export const readConnection = (all: readonly Word[]): Connection | undefined => {
  const start = all.findIndex(beginsTuple);
  if (start === -1) return undefined;
  const { rest, family, protocol, protocolNumber, timeout, state } = parseHead(all.slice(0, start));
  const { tuples, flags, fields, extra } = parseBody(
    rest.length === 0 ? all.slice(start) : [...rest, ...all.slice(start)],
  );
  const [original, second] = tuples;
  if (!isWhole(original)) return undefined;
  const reply = isWhole(second) ? second : undefined;
  // a reply that was cut off is not a direction, yet what was printed of it is kept
  if (second !== undefined && reply === undefined)
    for (const [key, value] of Object.entries(second)) keep(extra, `reply-${key}`, String(value));
  return {
    family: family ?? (isIP(original.src) === 6 ? 'ipv6' : 'ipv4'),
    protocol,
    protocolNumber,
    ...(timeout !== undefined && { timeout }),
    ...(state !== undefined && { state }),
    original,
    ...(reply && { reply }),
    flags,
    ...fields,
    extra,
  };
};

/** Nothing to read by design: an empty line, and conntrack's closing words. */
export const isNoEntry = (line: string, all: readonly Word[]): boolean =>
  all.length === 0 || trailer.test(line);

/**
 * One line of `conntrack -L|-E`, /proc/net/nf_conntrack or `conntrackd -i|-e`, matched on words and not on columns.
 * Only the original tuple must be there; undefined for an empty line and for conntrack's closing words.
 * Grammar: libnetfilter_conntrack, src/conntrack/snprintf_default.c, and the kernel's nf_conntrack_standalone.c.
 */
export const parseConnection = (line: string): Result<Connection | undefined, ParseError> => {
  const all = words(line);
  const connection = readConnection(all);
  return connection !== undefined || isNoEntry(line, all)
    ? ok(connection)
    : err(parseError(1, line, expectedTuple));
};
