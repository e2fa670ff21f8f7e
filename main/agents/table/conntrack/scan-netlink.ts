import { clearEntry, type EntrySink, emptyEntry } from './entry-sink.ts';
import { readAttributes } from './netlink-attributes.ts';
import { type Attributes, attributesIn } from './netlink-bytes.ts';

/** How a dump ended. `unreadable`: messages that hold no connection. */
export interface ScanEnd {
  readonly entries: number;
  readonly unreadable: number;
  /** The table changed under the dump so that an entry may be missing or told twice, by the kernel's own word. */
  readonly interrupted: boolean;
  /** Why it is no whole table. */
  readonly problem?: string;
}

/** Takes a dump in pieces that may end anywhere. */
export interface Scan {
  /** False: what comes is no dump, and nothing more of it is read. */
  readonly write: (chunk: Uint8Array) => boolean;
  readonly entries: () => number;
  readonly end: () => ScanEnd;
}

const headerBytes = 16;
/** No message of the kernel's is longer: a dump's datagrams have 32 KiB. */
const longestMessage = 0xffff;

const type = { noop: 1, error: 2, done: 3, overrun: 4, newConnection: 0x0100 } as const;
const dumpInterrupted = 0x10;

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

const isLength = (length: number): boolean => length >= headerBytes && length <= longestMessage;

/** Reads what the kernel answers to IPCTNL_MSG_CT_GET with NLM_F_DUMP; of several dumps, one behind the other. */
export function scanNetlink(sink: EntrySink, now: number): Scan {
  const entry = emptyEntry();
  let entries = 0;
  let unreadable = 0;
  let interrupted = false;
  let isDone = false;
  let problem: string | undefined;
  let isLittle: boolean | undefined;
  /** The beginning of a message whose end is still to come. */
  let held = new Uint8Array(4096);
  let heldLength = 0;

  /** The length of the message at `at`; 0, and a problem, where there is none. */
  const lengthAt = (view: DataView, at: number): number => {
    // the host's order is told by the first length: read the other way round none is this short
    isLittle ??= isLength(view.getUint32(at, true));
    const length = view.getUint32(at, isLittle);
    if (isLength(length)) return length;
    problem ??= entries === 0 ? 'This is no dump of the kernel.' : 'The dump broke off within.';
    return 0;
  };

  const message = (of: Attributes, at: number, length: number): void => {
    const { view } = of;
    const kind = view.getUint16(at + 4, of.isLittle);
    if (view.getUint16(at + 6, of.isLittle) & dumpInterrupted) interrupted = true;
    isDone = kind === type.done;
    if (kind === type.newConnection) {
      connection(of, at, length);
      return;
    }
    if (kind === type.noop) return;
    if (kind === type.overrun) problem ??= 'The kernel lost a part of the dump.';
    else if (kind === type.error || kind === type.done) {
      const code = length >= headerBytes + 4 ? view.getInt32(at + headerBytes, of.isLittle) : 0;
      if (code < 0) problem ??= `The kernel ended the dump with error ${-code}.`;
    } else unreadable += 1;
  };

  const connection = (of: Attributes, at: number, length: number): void => {
    const family = of.bytes[at + headerBytes];
    clearEntry(entry);
    entry.family = family === 2 ? 4 : family === 10 ? 6 : 0;
    const from = at + headerBytes + 4;
    if (entry.family === 0 || !readAttributes(of, from, at + length, entry, now)) {
      unreadable += 1;
      return;
    }
    sink.packed(entry);
    entries += 1;
  };

  const hold = (bytes: Uint8Array): void => {
    if (heldLength + bytes.length > held.length) {
      const larger = new Uint8Array(longestMessage + 4);
      larger.set(held.subarray(0, heldLength));
      held = larger;
    }
    held.set(bytes, heldLength);
    heldLength += bytes.length;
  };

  /** Completes the message that began in an earlier piece; gives how many bytes of this one belong to it. */
  const complete = (chunk: Uint8Array): number => {
    let taken = 0;
    const fill = (length: number): boolean => {
      const part = chunk.subarray(taken, taken + length - heldLength);
      hold(part);
      taken += part.length;
      return heldLength >= length;
    };
    if (heldLength < 4 && !fill(4)) return taken;
    const length = lengthAt(viewOf(held), 0);
    if (length === 0 || !fill((length + 3) & ~3)) return taken;
    message(attributesIn(held, isLittle === true), 0, length);
    heldLength = 0;
    return taken;
  };

  const write = (chunk: Uint8Array): boolean => {
    let at = heldLength > 0 ? complete(chunk) : 0;
    if (heldLength > 0) return problem === undefined;
    let of: Attributes | undefined;
    const view = viewOf(chunk);
    while (at < chunk.length && problem === undefined) {
      const length = chunk.length - at < 4 ? 0 : lengthAt(view, at);
      if (problem !== undefined) break;
      const end = at + ((length + 3) & ~3);
      if (length === 0 || end > chunk.length) {
        hold(chunk.subarray(at));
        break;
      }
      of ??= attributesIn(chunk, isLittle === true);
      message(of, at, length);
      at = end;
    }
    return problem === undefined;
  };

  return {
    write: (chunk) => problem === undefined && write(chunk),
    entries: () => entries,
    end: () => {
      // a last message may come without its padding
      if (problem === undefined && heldLength >= headerBytes) {
        const length = lengthAt(viewOf(held), 0);
        if (length > 0 && length <= heldLength) {
          message(attributesIn(held, isLittle === true), 0, length);
          heldLength = 0;
        }
      }
      if (heldLength > 0 || !isDone) problem ??= 'The dump broke off before its end.';
      return { entries, unreadable, interrupted, ...(problem !== undefined && { problem }) };
    },
  };
}
