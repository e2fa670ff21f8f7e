/** What the two ends of the lab's traffic agree on: ports, records, and the counters that each keeps. */

export const ports = { plain: 7000, snat: 7001, churn: 7002, udp: 7003, published: 8080 } as const;

/** The long-lived flows, by the number that each of their records carries. */
export const flowNames = ['plain', 'snat', 'dnat', 'udp'] as const;
export type FlowName = (typeof flowNames)[number];

/** Bytes of a record: flow (4), sequence from 0 (4), padding. The server sends every record back as it came. */
export const recordSize = 64;

export interface TrafficRecord {
  readonly flow: number;
  readonly sequence: number;
}

export function encode({ flow, sequence }: TrafficRecord): Buffer {
  const bytes = Buffer.alloc(recordSize, 0x2e);
  bytes.writeUInt32BE(flow, 0);
  bytes.writeUInt32BE(sequence, 4);
  return bytes;
}

/** A reader of a byte stream: hands out each whole record, keeps the rest for the next chunk. */
export function recordReader(take: (record: TrafficRecord, bytes: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= recordSize; rest = rest.subarray(recordSize)) {
      take({ flow: rest.readUInt32BE(0), sequence: rest.readUInt32BE(4) }, rest.subarray(0, recordSize));
    }
  };
}

export interface EndpointAddress {
  readonly address: string;
  readonly port: number;
}

/** Counters of one direction of a flow. Records that came, and the highest sequence: the difference is what is missing. */
export interface Arrivals {
  count: number;
  highest: number;
}

export interface ClientFlow {
  readonly name: FlowName;
  local: EndpointAddress | undefined;
  readonly remote: EndpointAddress;
  sent: number;
  readonly echoes: Arrivals;
  /** Milliseconds since 1970 of the last echo, or of the start. */
  lastEchoAt: number;
  longestGap: number;
  /** Why the connection ended before it was told to. */
  ended: string | undefined;
}

export interface ClientCounters {
  /** When these counters were written down, in milliseconds since 1970. */
  writtenAt: number;
  readonly flows: readonly ClientFlow[];
  readonly churn: { opened: number; completed: number; failed: number };
  /** When it was told to stop; undefined while it runs. */
  stoppedAt: number | undefined;
}

export interface ServerFlow {
  readonly arrivals: Arrivals;
  /** Where the flow comes from as the server sees it, that is behind any translation. */
  from: EndpointAddress;
}

export type ServerCounters = Partial<Record<FlowName, ServerFlow>>;

export function countArrival(arrivals: Arrivals, sequence: number): void {
  arrivals.count += 1;
  arrivals.highest = Math.max(arrivals.highest, sequence);
}
