import { fourAt } from './line-words.ts';
import { pieceBytes } from './scan-usual.ts';

const space = 32;
const newline = 10;
const zero = 48;

/** Whether `word` stands in the line at `at`. */
export const stands = (word: Uint8Array, bytes: Uint8Array, at: number): boolean => {
  for (let index = 0; index < word.length; index += 1) if (bytes[at + index] !== word[index]) return false;
  return true;
};

/** A place in a line, and what is read there whatever it means. */
export class LineCursor {
  protected bytes: Uint8Array = new Uint8Array(0);
  /** The same bytes: it reads four letters in one go. */
  protected view = new DataView(this.bytes.buffer);
  protected at = 0;
  protected end = 0;

  /** Where reading stopped: of a line that was read, its newline or `to`. */
  get stoppedAt(): number {
    return this.at;
  }

  protected begin(bytes: Uint8Array, from: number, to: number): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.at = from;
    this.end = to;
  }

  /** Whether there is room for a piece that is read in one go. */
  protected get hasRoom(): boolean {
    return this.at + pieceBytes <= this.bytes.length;
  }

  protected four(): number {
    const { at, bytes, view } = this;
    return at + 4 <= bytes.length ? view.getInt32(at) : fourAt(bytes, at);
  }

  /** Past blanks; false where there are none. */
  protected blanks(): boolean {
    const { bytes, end } = this;
    const from = this.at;
    let at = from;
    while (at < end && bytes[at] === space) at += 1;
    this.at = at;
    return at > from;
  }

  /** The number at `from`, which a blank or the line's end follows; -1 where it is none that conntrack would print. */
  protected number(from: number): number {
    const { bytes, end } = this;
    let at = from;
    let value = 0;
    for (; at < end; at += 1) {
      const digit = (bytes[at] ?? 0) - zero;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    this.at = at;
    const digits = at - from;
    if (digits === 0 || digits > 15 || (digits > 1 && bytes[from] === zero)) return -1;
    return at === end || bytes[at] === space || bytes[at] === newline ? value : -1;
  }

  /** `0x10`, from behind its `0x`. */
  protected hexadecimal(from: number): number {
    const { bytes, end } = this;
    let at = from;
    let value = 0;
    for (; at < end && (bytes[at] ?? 0) > space; at += 1) {
      const code = bytes[at] ?? 0;
      const digit = code <= 57 ? code - zero : code - 87;
      if (digit < 0 || digit > 15 || (code > 57 && digit < 10)) return -1;
      value = value * 16 + digit;
    }
    this.at = at;
    const digits = at - from;
    return digits === 0 || digits > 4 || (digits > 1 && bytes[from] === zero) ? -1 : value;
  }
}
