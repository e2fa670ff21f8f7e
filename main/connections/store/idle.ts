import { type Columns, flagBits, none, states } from './columns.ts';

/**
 * How long (s) the kernel keeps an entry after its last packet, as the node's settings say: of established TCP, of UDP, and
 * of UDP that was answered for a while.
 */
export interface IdleTimeouts {
  readonly established?: number | undefined;
  readonly udp?: number | undefined;
  readonly udpStream?: number | undefined;
}

const established = states.indexOf('ESTABLISHED');
const tcp = 6;
const udp = 17;

/**
 * Seconds since the last packet of a row, {@link none} where its timer does not tell: each packet winds it up to the
 * timeout of its kind, from which it runs down. A rule may give single connections another timeout (`ct timeout`): a longer
 * one shows, and is left unknown; a shorter one makes them look idle for longer than they are.
 */
export function idleOf(columns: Columns, row: number, timeouts: IdleTimeouts | undefined): number {
  const left = columns.timeout[row] ?? none;
  const full = timeoutOf(columns, row, timeouts);
  return left === none || full === undefined || left > full ? none : full - left;
}

function timeoutOf(
  { protocol, state, flags }: Columns,
  row: number,
  timeouts: IdleTimeouts | undefined,
): number | undefined {
  const bits = flags[row] ?? 0;
  // the kernel does not see their packets
  if ((bits & (flagBits.OFFLOAD | flagBits.HW_OFFLOAD)) !== 0) return undefined;
  if (protocol[row] === tcp) return state[row] === established ? timeouts?.established : undefined;
  if (protocol[row] !== udp) return undefined;
  return (bits & flagBits.ASSURED) !== 0 ? timeouts?.udpStream : timeouts?.udp;
}

/** The same of each row. */
export function idlesOf(columns: Columns, timeouts: IdleTimeouts | undefined): Uint32Array {
  const idles = new Uint32Array(columns.length);
  for (let row = 0; row < columns.length; row += 1) idles[row] = idleOf(columns, row, timeouts);
  return idles;
}
