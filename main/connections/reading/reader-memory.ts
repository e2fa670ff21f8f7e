import type { Clock } from '../../../shared/lib/clock.ts';
import type { ReadWay, TableReading } from '../../agents/agent.ts';
import type { NodeRunner } from '../../probe/node-runner.ts';
import { chooseReader, type Offer, type ReaderChoice, readOffer } from './reader-choice.ts';

/** A dump as it was measured. `gzip`: `bytes` are those of the packed stream. */
export interface Measured {
  readonly way: ReadWay;
  readonly gzip: boolean;
  readonly entries: number;
  readonly bytes: number;
  readonly ms: number;
}

/** What was learned about reading one node, so that it need not be found out for each dump. */
export interface ReaderMemory {
  readonly choose: () => Promise<ReaderChoice & { readonly gzip: boolean }>;
  /** This way gave nothing: not again until the memory fades. */
  readonly failed: (way: ReadWay, reason: string) => void;
  readonly measured: (dump: Measured) => void;
  /** How long (ms) a dump of so many entries is thought to take; `guess`: no dump of this node says so yet. */
  readonly estimate: (way: ReadWay, gzip: boolean, entries: number) => { ms: number; guess: boolean };
}

/** So long (ms) what a node offers is remembered: an operator who installs the reader sees it used soon after. */
const rememberMs = 600_000;
/** Below so many bytes a ms (40 MB/s) the line is the slow part and compression pays; above, it costs. */
const slowLine = 40_000;
/** A dump that takes less (ms) says nothing about the line. */
const tellingMs = 1_000;
/** Of a node never read before, on a network of today: ms to begin with, and an entry. */
const guesses = { netlink: { begin: 100, entry: 0.003 }, text: { begin: 100, entry: 0.0055 } };

export function readerMemory(runner: NodeRunner, reading: TableReading, clock: Clock): ReaderMemory {
  const failures = new Map<ReadWay, string>();
  /** Looked at once, whoever asks meanwhile. */
  let offer: Promise<Offer> | undefined;
  let lookedAt = 0;
  let last: { plain?: Measured; packed?: Measured } = {};

  const forget = () => {
    failures.clear();
    offer = undefined;
    last = {};
  };
  return {
    choose: async () => {
      if (clock() - lookedAt > rememberMs) forget();
      if (!offer) {
        offer = readOffer(runner, reading, failures);
        lookedAt = clock();
      }
      const looked = offer;
      const known = await looked;
      // what could not be told is asked again
      if (known.present === undefined && offer === looked) offer = undefined;
      const choice = chooseReader(reading, known);
      return { ...choice, gzip: choice.way.compresses && packs(last) };
    },
    failed: (way, reason) => {
      failures.set(way, reason);
    },
    measured: (dump) => {
      last = dump.gzip ? { ...last, packed: dump } : { ...last, plain: dump };
    },
    estimate: (way, gzip, entries) => {
      const before = gzip ? last.packed : last.plain;
      if (before?.way === way && before.entries > 0)
        return { ms: (before.ms / before.entries) * entries, guess: false };
      const { begin, entry } = guesses[way.kind];
      return { ms: begin + entry * entries, guess: true };
    },
  };
}

/** Whether the next dump is to be compressed: tried where the line is slow, kept where it was quicker by the entry. */
function packs({ plain, packed }: { plain?: Measured; packed?: Measured }): boolean {
  if (!plain || plain.ms < tellingMs || plain.bytes / plain.ms >= slowLine) return false;
  return packed === undefined || packed.ms / packed.entries < plain.ms / plain.entries;
}
