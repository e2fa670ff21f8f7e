import { fitsV4, type V4Test, v4Contains, v4EndsWith } from './address-text.ts';
import { type Columns, hasLongAddresses, hasPorts, states } from './columns.ts';
import { addressColumns, wideTexts } from './select-address.ts';
import { fitsOf, type Mask, maskOfFits, union } from './select-mask.ts';
import { flagNames, protocolName } from './select-word.ts';

/**
 * Rows in whose line of text (`connectionText`) each word of `text` is found; that is all where it has no spaces. No
 * line is written for it: a word lies within the protocol, the state, a flag, or one of the ends `address:port`.
 */
export function maskOfText(columns: Columns, text: string): Mask {
  const words = text.split(' ').filter((word) => word !== '' && word !== '>');
  const mask = new Uint8Array(columns.length).fill(1);
  for (const word of words) {
    const next = maskOfWordAnywhere(columns, word);
    for (let row = 0; row < mask.length; row += 1) mask[row] = (mask[row] ?? 0) & (next[row] ?? 0);
  }
  return mask;
}

function maskOfWordAnywhere(columns: Columns, word: string): Mask {
  const holds = (text: string) => text.includes(word);
  const mask = maskOfFits(
    columns,
    columns.protocol,
    fitsOf(256, (number) => holds(protocolName(number))),
  );
  const stateFits = fitsOf(256, (number) => holds((states[number] ?? '').toLowerCase()));
  union(mask, maskOfFits(columns, columns.state, stateFits));
  union(
    mask,
    maskOfFits(
      columns,
      columns.flags,
      fitsOf(16, (bits) => flagNames(bits).some(holds)),
    ),
  );
  const tests = endTests(columns, word);
  if (!tests) return mask;
  const ports = [columns.sport, columns.dport, columns.replySport, columns.replyDport];
  for (const [index, { addresses, bits }] of addressColumns(columns, 'addr').entries())
    addEnds(mask, columns, addresses, ports[index] ?? columns.sport, bits, tests);
  return mask;
}

/** What of an end may hold the word: the address, the port, or both of which each has a part of it. */
interface EndTests {
  readonly inV4: V4Test | undefined;
  readonly endsV4: V4Test | undefined;
  /** Bits of {@link isIn}, {@link isInPorted} and {@link isEnd}. */
  readonly wide: { readonly short: Uint8Array; readonly long: Uint8Array };
  /** Bits of {@link isIn} and of {@link begins}. */
  readonly port: Uint8Array;
}

const isIn = 1;
/** The word lies within the address as it stands before a port: `[2001:db8::1]:`. */
const isInPorted = 2;
const isEnd = 4;
const begins = 2;

/** Undefined: no end can hold the word. */
function endTests(columns: Columns, word: string): EndTests | undefined {
  const [, head, tail] = /^(.*):(\d*)$/.exec(word) ?? [];
  const isSpanning = head !== undefined && tail !== undefined;
  const inV4 = v4Contains(word);
  const endsV4 = isSpanning ? v4EndsWith(head) : undefined;
  const wide = wideTexts(columns, (text) => {
    const ported = `[${text}]:`;
    return (
      (text.includes(word) ? isIn : 0) |
      (ported.includes(word) ? isInPorted : 0) |
      (isSpanning && ported.endsWith(`${head}:`) ? isEnd : 0)
    );
  });
  const isNumber = /^\d{1,5}$/.test(word);
  const port = new Uint8Array(2 ** 16);
  if (isNumber || isSpanning)
    for (let each = 0; each < port.length; each += 1) {
      const text = String(each);
      port[each] =
        (isNumber && text.includes(word) ? isIn : 0) | (isSpanning && text.startsWith(tail) ? begins : 0);
    }
  const isInWide = [wide.short, wide.long].some((each) => each.some((bits) => bits !== 0));
  const isPossible = inV4 || isNumber || isSpanning || isInWide;
  return isPossible ? { inV4, endsV4, wide, port } : undefined;
}

function addEnds(
  mask: Mask,
  { has, family, length }: Columns,
  addresses: Uint32Array,
  ports: Uint16Array,
  bits: number,
  { inV4, endsV4, wide, port }: EndTests,
): void {
  for (let row = 0; row < length; row += 1) {
    const own = has[row] ?? 0;
    if (mask[row] === 1 || (own & bits) !== bits) continue;
    const address = addresses[row] ?? 0;
    const isPorted = (own & hasPorts) !== 0;
    const ofPort = isPorted ? (port[ports[row] ?? 0] ?? 0) : 0;
    if (ofPort & isIn) mask[row] = 1;
    else if (family[row] === 4) {
      if ((inV4 && fitsV4(inV4, address)) || (ofPort & begins && endsV4 && fitsV4(endsV4, address)))
        mask[row] = 1;
    } else {
      const ofWide = (own & hasLongAddresses ? wide.long : wide.short)[address] ?? 0;
      if (ofWide & (isPorted ? isInPorted : isIn) || (ofPort & begins && ofWide & isEnd)) mask[row] = 1;
    }
  }
}
