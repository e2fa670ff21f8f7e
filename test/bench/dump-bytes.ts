import { v4Text, v6Text } from '../../main/agents/table/conntrack/address-bytes.ts';
import { printedProtocols } from '../../main/agents/table/conntrack/entry-sink.ts';
import { type Columns, hasCounters, states } from '../../main/connections/store/columns.ts';

/** As a worker gets a dump: in pieces that end anywhere. */
const pieceBytes = 256 * 2 ** 10;

const tcp = 6;
/** The statuses that go with the flags of the made-up table: SEEN_REPLY, ASSURED, CONFIRMED, SRC_NAT_DONE, DST_NAT_DONE. */
const [unreplied, assured] = [1, 2];
/** Numbers of the states of TCP in the kernel begin with NONE, as ours do behind the empty one. */
const kernelState = (state: number): number => Math.max(0, state - 1);

/** What the kernel answers to a dump of the table: with the attributes and in the order of Linux 6.x. */
export function netlinkDump(columns: Columns): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const room = 64 * 1024;
  let piece = Buffer.alloc(pieceBytes + room);
  let at = 0;
  const open = (type: number): number => {
    piece.writeUInt16LE(type, at + 2);
    at += 4;
    return at - 4;
  };
  const close = (start: number): void => {
    piece.writeUInt16LE(at - start, start);
    at = (at + 3) & ~3;
  };
  const byte = (type: number, value: number): void => {
    const start = open(type);
    piece[at] = value;
    at += 1;
    close(start);
  };
  const short = (type: number, value: number): void => {
    const start = open(type);
    at = piece.writeUInt16BE(value, at);
    close(start);
  };
  const word = (type: number, value: number): void => {
    const start = open(type);
    at = piece.writeUInt32BE(value, at);
    close(start);
  };
  const long = (type: number, value: number): void => {
    const start = open(type);
    at = piece.writeBigUInt64BE(BigInt(value), at);
    close(start);
  };
  const nested = (type: number, inner: () => void): void => {
    const start = open(type | 0x8000);
    inner();
    close(start);
  };
  const address = (isV4: boolean, type: number, value: number): void => {
    if (isV4) {
      word(type, value);
      return;
    }
    const start = open(type + 2);
    piece.set(columns.wide.bytes.subarray(value * 16, value * 16 + 16), at);
    at += 16;
    close(start);
  };
  const tuple = (row: number, isReply: boolean): void => {
    const isV4 = columns.family[row] === 4;
    nested(isReply ? 2 : 1, () => {
      nested(1, () => {
        address(isV4, 1, (isReply ? columns.replySrc[row] : columns.src[row]) ?? 0);
        address(isV4, 2, (isReply ? columns.replyDst[row] : columns.dst[row]) ?? 0);
      });
      nested(2, () => {
        byte(1, columns.protocol[row] ?? 0);
        short(2, (isReply ? columns.replySport[row] : columns.sport[row]) ?? 0);
        short(3, (isReply ? columns.replyDport[row] : columns.dport[row]) ?? 0);
      });
    });
  };
  const counters = (type: number, packets: number, bytes: number): void =>
    nested(type, () => {
      long(1, packets);
      long(2, bytes);
    });
  const message = (row: number): void => {
    const start = at;
    piece.writeUInt16LE(0x100, at + 4);
    piece.writeUInt16LE(2, at + 6);
    piece[at + 16] = columns.family[row] === 4 ? 2 : 10;
    at += 20;
    tuple(row, false);
    tuple(row, true);
    const flags = columns.flags[row] ?? 0;
    const isTcp = columns.protocol[row] === tcp;
    word(3, 0x188 | (flags & unreplied ? 0 : 2) | (flags & assured ? 4 : 0));
    word(7, columns.timeout[row] ?? 0);
    if ((columns.has[row] ?? 0) & hasCounters) {
      counters(9, columns.packets[row] ?? 0, columns.bytes[row] ?? 0);
      counters(10, columns.replyPackets[row] ?? 0, columns.replyBytes[row] ?? 0);
    }
    if (isTcp)
      nested(4, () =>
        nested(1, () => {
          byte(1, kernelState(columns.state[row] ?? 0));
          byte(2, 7);
          byte(3, 7);
          short(4, 0x2323);
          short(5, 0x2323);
        }),
      );
    word(8, columns.mark[row] ?? 0);
    word(12, columns.id[row] ?? 0);
    word(11, columns.use[row] ?? 0);
    piece.writeUInt32LE(at - start, start);
  };
  const flush = (size: number): void => {
    pieces.push(Uint8Array.from(piece.subarray(0, size)));
    const next = Buffer.alloc(pieceBytes + room);
    piece.copy(next, 0, size, at);
    piece = next;
    at -= size;
  };
  for (let row = 0; row < columns.length; row += 1) {
    message(row);
    if (at >= pieceBytes) flush(pieceBytes);
  }
  piece.writeUInt32LE(20, at);
  piece.writeUInt16LE(3, at + 4);
  at += 20;
  flush(at);
  return pieces;
}

/** What `conntrack -L -o extended,id` prints of the table. */
export function textDump(columns: Columns): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const addressOf = (row: number, value: number): string =>
    columns.family[row] === 4 ? v4Text(value) : v6Text(columns.wide.bytes, value * 16);
  const tuple = (row: number, isReply: boolean): string => {
    const [src, dst, sport, dport, packets, bytes] = (
      isReply
        ? [
            columns.replySrc,
            columns.replyDst,
            columns.replySport,
            columns.replyDport,
            columns.replyPackets,
            columns.replyBytes,
          ]
        : [columns.src, columns.dst, columns.sport, columns.dport, columns.packets, columns.bytes]
    ).map((values) => values[row] ?? 0) as [number, number, number, number, number, number];
    const counted = (columns.has[row] ?? 0) & hasCounters ? `packets=${packets} bytes=${bytes} ` : '';
    return `src=${addressOf(row, src)} dst=${addressOf(row, dst)} sport=${sport} dport=${dport} ${counted}`;
  };
  let held = '';
  for (let row = 0; row < columns.length; row += 1) {
    const protocol = columns.protocol[row] ?? 0;
    const flags = columns.flags[row] ?? 0;
    const state = states[columns.state[row] ?? 0] ?? '';
    held += columns.family[row] === 4 ? 'ipv4     2 ' : 'ipv6     10 ';
    held += `${(printedProtocols.get(protocol) ?? 'unknown').padEnd(8)} ${protocol} ${columns.timeout[row]} `;
    held += `${state === '' ? '' : `${state} `}${tuple(row, false)}${flags & unreplied ? '[UNREPLIED] ' : ''}`;
    held += `${tuple(row, true)}${flags & assured ? '[ASSURED] ' : ''}`;
    held += `mark=${columns.mark[row]} use=${columns.use[row]} id=${columns.id[row]}\n`;
    if (held.length < pieceBytes && row + 1 < columns.length) continue;
    pieces.push(Buffer.from(held.slice(0, pieceBytes), 'latin1'));
    held = held.slice(pieceBytes);
  }
  if (held !== '') pieces.push(Buffer.from(held, 'latin1'));
  return pieces;
}
