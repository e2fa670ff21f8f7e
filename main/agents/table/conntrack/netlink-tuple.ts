import { hasIcmp, hasKeys, hasPorts, type PackedEntry } from './entry-sink.ts';
import { type Attributes, endOf, isHeader, nextAt, typeOf } from './netlink-bytes.ts';

const gre = 47;

function readAddresses(
  of: Attributes,
  from: number,
  to: number,
  entry: PackedEntry,
  isReply: boolean,
): boolean {
  const { view } = of;
  let seen = 0;
  for (let at = from; at < to; ) {
    const end = endOf(of, at, to);
    if (end === -1) return false;
    const type = typeOf(of, at);
    const size = end - at - 4;
    if (entry.family === 4 && size >= 4 && (type === 1 || type === 2)) {
      const address = view.getUint32(at + 4);
      if (isReply) entry[type === 1 ? 'replySrc' : 'replyDst'] = address;
      else entry[type === 1 ? 'src' : 'dst'] = address;
      seen |= type;
    } else if (entry.family === 6 && size >= 16 && (type === 3 || type === 4)) {
      copyWide(of.bytes, at + 4, entry, (isReply ? 32 : 0) + (type - 3) * 16);
      seen |= type - 2;
    }
    at = nextAt(at, end);
  }
  return seen === 3;
}

function copyWide(bytes: Uint8Array, from: number, { wide }: PackedEntry, to: number): void {
  for (let offset = 0; offset < 16; offset += 1) wide[to + offset] = bytes[from + offset] ?? 0;
}

function readProtocol(
  of: Attributes,
  from: number,
  to: number,
  entry: PackedEntry,
  isReply: boolean,
): boolean {
  const { bytes, view } = of;
  let protocol = -1;
  let kind = 0;
  let sport = 0;
  let dport = 0;
  for (let at = from; at < to; ) {
    const end = endOf(of, at, to);
    if (end === -1) return false;
    const payload = at + 4;
    const size = end - payload;
    const type = size < 1 ? 0 : typeOf(of, at);
    // a number that was cut short is followed by padding, or by nothing at all
    const number = payload + 2 <= bytes.length ? view.getUint16(payload) : (bytes[payload] ?? 0) << 8;
    switch (type) {
      case 1:
        protocol = bytes[payload] ?? 0;
        break;
      case 2:
        sport = number;
        kind = hasPorts;
        break;
      case 3:
      case 4:
      case 7:
        dport = number;
        break;
      case 5:
      case 8:
        sport = (sport & 255) | ((bytes[payload] ?? 0) << 8);
        kind = hasIcmp;
        break;
      case 6:
      case 9:
        sport = (sport & 0xff00) | (bytes[payload] ?? 0);
        break;
      default:
    }
    at = nextAt(at, end);
  }
  if (protocol === -1) return false;
  putEnds(entry, isReply, protocol, sport, dport, kind);
  return true;
}

function putEnds(
  entry: PackedEntry,
  isReply: boolean,
  protocol: number,
  sport: number,
  dport: number,
  kind: number,
): void {
  if (isReply) {
    entry.replySport = sport;
    entry.replyDport = dport;
    return;
  }
  entry.protocol = protocol;
  entry.sport = sport;
  entry.dport = dport;
  entry.has |= kind === hasPorts && protocol === gre ? hasKeys : kind;
}

const nested = 0x8000;

/** Bytes of the ends of a tuple with ports: its protocol and the two. */
const endsBytes = 28;

/** Whether a tuple's ends begin at `at` just as the kernel sends ports, and were read. */
function readPorts(view: DataView, at: number, entry: PackedEntry, isReply: boolean): boolean {
  if (
    !isHeader(view, at, endsBytes, nested | 2) ||
    !isHeader(view, at + 4, 5, 1) ||
    !isHeader(view, at + 12, 6, 2) ||
    !isHeader(view, at + 20, 6, 3)
  )
    return false;
  putEnds(entry, isReply, view.getUint8(at + 8), view.getUint16(at + 16), view.getUint16(at + 24), hasPorts);
  return true;
}

/**
 * Reads a tuple that looks just as kernels send nearly all of them: two addresses, a protocol with ports. A look at the
 * few headers that it must have then spares the walk from one to the next.
 */
function readUsual(
  { bytes, view, isLittle }: Attributes,
  from: number,
  to: number,
  entry: PackedEntry,
  isReply: boolean,
): boolean {
  if (!isLittle) return false;
  if (entry.family === 4) {
    if (
      to - from !== 20 + endsBytes ||
      !isHeader(view, from, 20, nested | 1) ||
      !isHeader(view, from + 4, 8, 1) ||
      !isHeader(view, from + 12, 8, 2) ||
      !readPorts(view, from + 20, entry, isReply)
    )
      return false;
    const src = view.getUint32(from + 8);
    const dst = view.getUint32(from + 16);
    if (isReply) {
      entry.replySrc = src;
      entry.replyDst = dst;
    } else {
      entry.src = src;
      entry.dst = dst;
    }
    return true;
  }
  if (
    to - from !== 44 + endsBytes ||
    !isHeader(view, from, 44, nested | 1) ||
    !isHeader(view, from + 4, 20, 3) ||
    !isHeader(view, from + 24, 20, 4) ||
    !readPorts(view, from + 44, entry, isReply)
  )
    return false;
  copyWide(bytes, from + 8, entry, isReply ? 32 : 0);
  copyWide(bytes, from + 28, entry, isReply ? 48 : 16);
  return true;
}

export function readTuple(
  of: Attributes,
  from: number,
  to: number,
  entry: PackedEntry,
  isReply: boolean,
): boolean {
  if (readUsual(of, from, to, entry, isReply)) return true;
  let seen = 0;
  for (let at = from; at < to; ) {
    const end = endOf(of, at, to);
    if (end === -1) return false;
    const type = typeOf(of, at);
    if (type === 1 && readAddresses(of, at + 4, end, entry, isReply)) seen |= 1;
    else if (type === 2 && readProtocol(of, at + 4, end, entry, isReply)) seen |= 2;
    else if (type === 3 && end - at >= 6)
      entry.extra = { ...entry.extra, [isReply ? 'zone-reply' : 'zone-orig']: of.view.getUint16(at + 4) };
    at = nextAt(at, end);
  }
  return seen === 3;
}
