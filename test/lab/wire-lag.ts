/** The true lag on the wire: a client's first packet at the master's lan0, and the message about it at the slave's sync0. */
import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from './shell.ts';
import { endProcesses, enter, startProcess, stateFolder } from './spaces.ts';
import { ports } from './traffic/wire.ts';

interface Packet {
  /** ms since the epoch, by the machine's one clock. */
  readonly at: number;
  readonly bytes: Buffer;
}

const dport = Buffer.from([ports.churn >> 8, ports.churn & 255]);
const files = { lan: `${stateFolder}/lan.pcap`, sync: `${stateFolder}/sync.pcap` } as const;

/** Captures at both ends for so long; answers with the lag of each short connection that was seen at both, in ms. */
export async function wireLags(master: string, slave: string, ms: number): Promise<number[]> {
  const capture = (node: string, device: string, file: string, filter: string) =>
    startProcess('capture', [
      ...enter(node, 'network'),
      ...['tcpdump', '-Z', 'root', '-i', device, '-U', '-w', file],
      ...filter.split(' '),
    ]);
  const size = (file: string) => {
    try {
      return readFileSync(file).length;
    } catch {
      return 0;
    }
  };
  for (const file of Object.values(files)) rmSync(file, { force: true });
  capture(slave, 'sync0', files.sync, 'udp');
  await until('the capture at the slave', () => (size(files.sync) > 0 ? true : undefined));
  capture(master, 'lan0', files.lan, `tcp[13] == 2 and dst port ${ports.churn}`);
  await delay(ms);
  await endProcesses('capture', 'SIGTERM');
  const messages = packets(readFileSync(files.sync));
  return packets(readFileSync(files.lan)).flatMap(({ at, bytes }) => {
    const tuple = Buffer.concat([sourcePort(bytes), dport]);
    const told = messages.find((message) => message.at >= at && message.bytes.includes(tuple));
    return told ? [told.at - at] : [];
  });
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Ethernet, IPv4 of any header length, TCP. */
const sourcePort = (frame: Buffer): Buffer => {
  const at = 14 + 4 * ((frame[14] ?? 5) & 15);
  return frame.subarray(at, at + 2);
};

/** The packets of a capture file as tcpdump writes it on this machine: little-endian, microseconds. */
function packets(file: Buffer): Packet[] {
  const found: Packet[] = [];
  for (let at = 24; at + 16 <= file.length; ) {
    const [seconds, micros, length] = [0, 4, 8].map((offset) => file.readUInt32LE(at + offset));
    const end = at + 16 + (length ?? 0);
    if (end > file.length) break;
    found.push({ at: (seconds ?? 0) * 1000 + (micros ?? 0) / 1000, bytes: file.subarray(at + 16, end) });
    at = end;
  }
  return found;
}
