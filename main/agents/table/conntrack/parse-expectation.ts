import { isIP } from 'node:net';
import type { Connection, Tuple } from '../../../../shared/domain/connection.ts';
import { protocolNames } from '../../../../shared/domain/ip-protocols.ts';
import { parseInteger } from '../../integer.ts';
import { type Extra, keep, readBracket, readTupleWord, type TupleDraft } from './parse-body.ts';
import { isWhole } from './parse-connection.ts';
import { isBracketed, type Word } from './words.ts';

/**
 * A connection that a helper expects: the data connection that an FTP session has announced. `original` is what it
 * will look like, `mask` which of its bits must match, `master` the connection that announced it. `timeout` and
 * `activeSeconds` in seconds; flags PERMANENT, INACTIVE, USERSPACE.
 */
export interface Expectation
  extends Pick<Connection, 'family' | 'protocol' | 'protocolNumber' | 'flags' | 'extra'> {
  readonly expectation: true;
  readonly timeout?: number;
  readonly original: Tuple;
  readonly mask?: Tuple;
  readonly master?: Tuple;
  readonly zone?: number;
  readonly class?: number;
  readonly helper?: string;
  readonly activeSeconds?: number;
}

/** A protocol as a key instead of a name, and only then a tuple, or a mask: no connection has either. */
export const isExpectation = (line: string): boolean =>
  line.includes('proto=') && /(?:^|\s)proto=\d+\s|\s(?:mask|master)-src=/.test(line);

const addressKey = /^(?:(mask|master)-)?(src|dst)$/;
/** /proc prints the helper's name without its key, and the name of its policy: `ftp/ftp`. */
const helperName = /^[A-Za-z][\w.-]*(?:\/\S+)?$/;
const flagWords = /^(?:PERMANENT|INACTIVE|USERSPACE)(?:,(?:PERMANENT|INACTIVE|USERSPACE))*$/;

type Direction = 'original' | 'mask' | 'master';

/**
 * The expectation that these words tell; undefined where its own tuple is not readable. The keys of ports come up to
 * three times: they belong to the addresses before them. Grammar: libnetfilter_conntrack, src/expect/snprintf_default.c,
 * and for /proc/net/nf_conntrack_expect the kernel's nf_conntrack_expect.c, which prints `l3proto = N` and `helper/class`.
 */
export const readExpectation = (all: readonly Word[]): Expectation | undefined => {
  const tuples: { [Key in Direction]?: TupleDraft } = {};
  const flags: string[] = [];
  const extra: Extra = {};
  const fields: { activeSeconds?: number; zone?: number; class?: number; helper?: string } = {};
  let direction: Direction = 'original';
  let protocolNumber: number | undefined;
  let timeout: number | undefined;
  let isAdjacent = false;
  const isProc = all.includes('l3proto');
  const begin = all.findIndex((text) => text === 'l3proto' || /^(?:proto|src)=/.test(text));
  const timeoutAt = all.findLastIndex((text, index) => index < begin && parseInteger(text) !== undefined);
  for (const [index, text] of all.entries()) {
    const equals = isBracketed(text) ? -1 : text.indexOf('=');
    const [key, value] = [text.slice(0, Math.max(equals, 0)), text.slice(equals + 1)];
    const [, prefix = 'original', end] = addressKey.exec(key) ?? [];
    const number = parseInteger(value);
    const tuple = tuples[direction];
    if (isBracketed(text)) readBracket({ flags, extra, fields }, text.slice(1));
    else if (end === 'src' || end === 'dst') {
      direction = prefix === 'mask' || prefix === 'master' ? prefix : 'original';
      const draft = tuples[direction] ?? {};
      tuples[direction] = draft;
      if (draft[end] === undefined) draft[end] = value;
      else keep(extra, key, value);
      isAdjacent = true;
      continue;
    } else if (equals > 0 && tuple !== undefined && readTupleWord(tuple, key, value, isAdjacent)) {
      isAdjacent = true;
      continue;
    } else if (key === 'proto' && number !== undefined && protocolNumber === undefined)
      protocolNumber = number;
    else if ((key === 'zone' || key === 'class') && number !== undefined && fields[key] === undefined)
      fields[key] = number;
    else if (key === 'helper' && fields.helper === undefined) fields.helper = value;
    else if (equals > 0) keep(extra, key, value);
    else if (flagWords.test(text)) flags.push(...text.split(','));
    else if (tuple === undefined) {
      // the numbers of a log's date stand before the timeout
      if (index === timeoutAt) timeout = parseInteger(text);
      else if (all[index - 1] !== '=' && !/^(?:-|=|l3proto)$/.test(text)) keep(extra, text, '');
    } else if (isProc && fields.helper === undefined && helperName.test(text))
      fields.helper = text.split('/', 1)[0] ?? text;
    else keep(extra, text, '');
    isAdjacent = false;
  }
  const { original, mask, master } = tuples;
  if (!isWhole(original)) return undefined;
  for (const [name, draft] of [
    ['mask', mask],
    ['master', master],
  ] as const)
    if (draft !== undefined && !isWhole(draft))
      for (const [key, value] of Object.entries(draft)) keep(extra, `${name}-${key}`, String(value));
  const number = protocolNumber ?? 255;
  return {
    expectation: true,
    family: isIP(original.src) === 6 ? 'ipv6' : 'ipv4',
    protocol: protocolNames.get(number) ?? 'unknown',
    protocolNumber: number,
    ...(timeout !== undefined && { timeout }),
    original,
    ...(isWhole(mask) && { mask }),
    ...(isWhole(master) && { master }),
    flags,
    ...fields,
    extra,
  };
};
