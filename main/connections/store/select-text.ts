import { v4Contains, v4EndsWith } from './address-text.ts';
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
  const isIn = (text: string) => text.includes(word);
  const mask = maskOfFits(
    columns,
    columns.protocol,
    fitsOf(256, (number) => isIn(protocolName(number))),
  );
  const stateFits = fitsOf(256, (number) => isIn((states[number] ?? '').toLowerCase()));
  union(mask, maskOfFits(columns, columns.state, stateFits));
  union(
    mask,
    maskOfFits(
      columns,
      columns.flags,
      fitsOf(16, (bits) => flagNames(bits).some(isIn)),
    ),
  );
  const ends = endTests(columns, word);
  const ports = [columns.sport, columns.dport, columns.replySport, columns.replyDport];
  for (const [index, { addresses, bits }] of addressColumns(columns, 'addr').entries())
    addEnds(mask, columns, addresses, ports[index] ?? columns.sport, bits, ends);
  return mask;
}

/** What of an end may hold the word: the address, the port, or both of which each has a part of it. */
interface EndTests {
  readonly inV4: (address: number) => boolean;
  readonly endsV4: (address: number) => boolean;
  readonly inWide: { readonly short: Uint8Array; readonly long: Uint8Array };
  readonly inPortedWide: { readonly short: Uint8Array; readonly long: Uint8Array };
  readonly endsWide: { readonly short: Uint8Array; readonly long: Uint8Array };
  readonly inPort: Uint8Array;
  readonly beginsPort: Uint8Array;
}

const nothing = new Uint8Array(2 ** 16);

function endTests(columns: Columns, word: string): EndTests {
  const isNumber = /^\d{1,5}$/.test(word);
  const [, head, tail] = /^(.*):(\d*)$/.exec(word) ?? [];
  const isSpanning = head !== undefined && tail !== undefined;
  return {
    inV4: v4Contains(word),
    endsV4: isSpanning ? v4EndsWith(head) : () => false,
    inWide: wideTexts(columns, (text) => text.includes(word)),
    inPortedWide: wideTexts(columns, (text) => `[${text}]:`.includes(word)),
    endsWide: wideTexts(columns, (text) => isSpanning && `[${text}]:`.endsWith(`${head}:`)),
    inPort: isNumber ? fitsOf(2 ** 16, (port) => String(port).includes(word)) : nothing,
    beginsPort: isSpanning ? fitsOf(2 ** 16, (port) => String(port).startsWith(tail)) : nothing,
  };
}

function addEnds(
  mask: Mask,
  { has, family, length }: Columns,
  addresses: Uint32Array,
  ports: Uint16Array,
  bits: number,
  tests: EndTests,
): void {
  const { inV4, endsV4, inWide, inPortedWide, endsWide, inPort, beginsPort } = tests;
  for (let row = 0; row < length; row += 1) {
    const own = has[row] ?? 0;
    if (mask[row] === 1 || (own & bits) !== bits) continue;
    const address = addresses[row] ?? 0;
    const isPorted = (own & hasPorts) !== 0;
    const port = ports[row] ?? 0;
    if (isPorted && inPort[port] === 1) {
      mask[row] = 1;
      continue;
    }
    const isSplit = isPorted && beginsPort[port] === 1;
    if (family[row] === 4) {
      if (inV4(address) || (isSplit && endsV4(address))) mask[row] = 1;
      continue;
    }
    const form = own & hasLongAddresses ? 'long' : 'short';
    const isIn = (isPorted ? inPortedWide : inWide)[form][address] === 1;
    if (isIn || (isSplit && endsWide[form][address] === 1)) mask[row] = 1;
  }
}
