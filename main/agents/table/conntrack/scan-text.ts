import { type EntrySink, emptyEntry } from './entry-sink.ts';
import { parseConnection } from './parse-connection.ts';
import { LineScanner } from './scan-line.ts';
import type { Scan } from './scan-netlink.ts';

const newline = 10;
/** No entry's line is longer; what is counts as one unreadable line. */
const longestLine = 0xffff;

/** Reads what conntrack, conntrackd or /proc print of a table, a line an entry. */
export function scanText(sink: EntrySink): Scan {
  const scanner = new LineScanner(emptyEntry());
  const decoder = new TextDecoder();
  let entries = 0;
  let unreadable = 0;
  /** The beginning of a line whose end is still to come. */
  let held = new Uint8Array(1024);
  let heldLength = 0;
  let isTooLong = false;

  /** Reads the line at `from`, which ends at a newline or at `end`; gives where it ends. */
  const line = (bytes: Uint8Array, from: number, end: number): number => {
    if (scanner.scan(bytes, from, end)) {
      sink.packed(scanner.entry);
      entries += 1;
      return scanner.stoppedAt;
    }
    const found = bytes.indexOf(newline, from);
    const to = found === -1 || found > end ? end : found;
    const parsed =
      to - from > longestLine ? undefined : parseConnection(decoder.decode(bytes.subarray(from, to)));
    if (!parsed?.ok) unreadable += 1;
    else if (parsed.value) {
      sink.connection(parsed.value);
      entries += 1;
    }
    return to;
  };

  const hold = (bytes: Uint8Array): void => {
    if (isTooLong || heldLength + bytes.length > longestLine) {
      isTooLong = true;
      return;
    }
    if (heldLength + bytes.length > held.length) {
      const larger = new Uint8Array(longestLine);
      larger.set(held.subarray(0, heldLength));
      held = larger;
    }
    held.set(bytes, heldLength);
    heldLength += bytes.length;
  };

  const endHeld = (): void => {
    if (isTooLong) unreadable += 1;
    else if (heldLength > 0) line(held, 0, heldLength);
    heldLength = 0;
    isTooLong = false;
  };

  const write = (chunk: Uint8Array): boolean => {
    let at = 0;
    if (heldLength > 0 || isTooLong) {
      const end = chunk.indexOf(newline);
      hold(chunk.subarray(0, end === -1 ? chunk.length : end));
      if (end === -1) return true;
      endHeld();
      at = end + 1;
    }
    const last = chunk.lastIndexOf(newline);
    while (at <= last) at = line(chunk, at, last) + 1;
    if (at < chunk.length) hold(chunk.subarray(at));
    return true;
  };

  return {
    write,
    entries: () => entries,
    end: () => {
      endHeld();
      const problem = entries === 0 && unreadable > 0 ? 'None of its lines tells a connection.' : undefined;
      return { entries, unreadable, interrupted: false, ...(problem && { problem }) };
    },
  };
}
