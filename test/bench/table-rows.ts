import {
  type EntrySink,
  emptyEntry,
  hasCounters,
  hasMark,
  hasPorts,
  hasReply,
  states,
} from '../../main/agents/table/conntrack/entry-sink.ts';
import { tableBuilder } from '../../main/connections/store/builder.ts';
import type { Columns } from '../../main/connections/store/columns.ts';

/** Numbers that look random and are the same in each run (xorshift). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/**
 * A made-up table of a busy firewall: most of it TCP and UDP from 65,000 clients to 4,000 servers, every twentieth entry
 * IPv6, a third with its source translated, and counters where `counts`.
 */
export function madeUpTable(n: number, counts: boolean): Columns {
  const builder = tableBuilder(n, 1_800_000_000);
  fill(builder, n, counts);
  return builder.done();
}

const ports = [443, 80, 53, 22, 8443, 3306, 25, 123];
const established = states.indexOf('ESTABLISHED');

function fill(sink: EntrySink, n: number, counts: boolean): void {
  const next = numbers(0x2545_f491);
  const entry = emptyEntry();
  entry.has = hasReply | hasPorts | hasMark | (counts ? hasCounters : 0);
  for (let row = 0; row < n; row += 1) {
    const random = next();
    const isTcp = random % 3 !== 0;
    const isV6 = row % 20 === 0;
    entry.family = isV6 ? 6 : 4;
    entry.protocol = isTcp ? 6 : 17;
    entry.state = isTcp ? (random % 7 === 0 ? established + (random % 5) : established) : 0;
    entry.flags = random % 11 === 0 ? 1 : 2;
    entry.src = 0x0a01_0000 + (next() % 65_000);
    entry.dst = 0x0a02_0000 + (next() % 4_000);
    entry.replySrc = entry.dst;
    entry.replyDst = row % 3 === 0 ? 0xc000_0209 : entry.src;
    if (isV6) {
      const view = new DataView(entry.wide.buffer);
      for (const at of [0, 16, 32, 48]) view.setUint32(at, 0x2001_0db8);
      for (const at of [12, 60]) view.setUint32(at, next() % 2_000);
      for (const at of [28, 44]) view.setUint32(at, 0x1_0000 + (random % 500));
    }
    entry.sport = 1_024 + (next() % 64_000);
    entry.dport = ports[next() % ports.length] ?? 443;
    entry.replySport = entry.dport;
    entry.replyDport = entry.sport;
    entry.timeout = next() % 432_000;
    entry.id = next() % 0xffff_fffe;
    entry.mark = random % 4;
    entry.use = 1;
    if (counts) {
      entry.packets = next() % 10_000;
      entry.bytes = entry.packets * (random % 1_400);
      entry.replyPackets = next() % 10_000;
      entry.replyBytes = entry.replyPackets * (random % 1_400);
    }
    sink.packed(entry);
  }
}
