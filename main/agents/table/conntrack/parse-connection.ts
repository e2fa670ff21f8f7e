import { isIP } from 'node:net';
import type { Connection, Tuple } from '../../../../shared/domain/connection.ts';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import { type ParseError, parseError } from '../../parse-error.ts';
import { keep, parseBody, type TupleDraft } from './parse-body.ts';
import { parseHead } from './parse-head.ts';
import { type Word, words } from './words.ts';

/** conntrack's closing words on stderr, often pasted or redirected along with the table. */
const trailer =
  /^\s*conntrack v\S+ \(conntrack-tools\): (?:\d+ .*\bha(?:s|ve) been (?:shown|created|updated|deleted|added)|.*has been emptied)/;

const expectedTuple = 'a connection, with src=ADDRESS dst=ADDRESS of its original direction';

const beginsTuple = ({ text, bracketed }: Word): boolean =>
  !bracketed && (text.startsWith('src=') || text.startsWith('dst='));

/** Quote marks, prompts and the like, which a paste brings along before the first word. */
const isDecoration = ({ text, bracketed }: Word): boolean => !bracketed && /^[>|#$%*+-]+$/.test(text);

const isWhole = (draft: TupleDraft | undefined): draft is Tuple =>
  draft?.src !== undefined && draft.dst !== undefined && isIP(draft.src) !== 0 && isIP(draft.dst) !== 0;

/**
 * One line of `conntrack -L|-E`, /proc/net/nf_conntrack or `conntrackd -i|-e`, matched on words and not on columns.
 * Only the original tuple must be there; undefined for an empty line and for conntrack's closing words.
 * Grammar: libnetfilter_conntrack, src/conntrack/snprintf_default.c, and the kernel's nf_conntrack_standalone.c.
 */
export const parseConnection = (line: string): Result<Connection | undefined, ParseError> => {
  const all = words(line);
  const start = all.findIndex(beginsTuple);
  if (start === -1)
    return all.length === 0 || trailer.test(line) ? ok(undefined) : err(parseError(1, line, expectedTuple));

  const { rest, family, protocol, protocolNumber, timeout, state } = parseHead(
    all.slice(0, start).filter((word) => !isDecoration(word)),
  );
  const { tuples, flags, fields, extra } = parseBody(
    rest.length === 0 ? all.slice(start) : [...rest, ...all.slice(start)],
  );
  const [original, second] = tuples;
  if (!isWhole(original)) return err(parseError(1, line, expectedTuple));
  const reply = isWhole(second) ? second : undefined;
  // a reply that was cut off is not a direction, yet what was printed of it is kept
  if (second !== undefined && reply === undefined)
    for (const [key, value] of Object.entries(second)) keep(extra, `reply-${key}`, String(value));

  return ok({
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
  });
};
