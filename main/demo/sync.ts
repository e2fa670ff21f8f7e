import { type Cache, createCache } from './cache.ts';
import { logDate } from './log-date.ts';
import type { Random } from './random.ts';
import { ackWindow, purgeSeconds } from './site.ts';
import type { Timeline } from './timeline.ts';
import { type Flow, stateOf } from './traffic.ts';

export interface KernelEntry {
  readonly flow: Flow;
  /** Since when this kernel counts its packets: counters are not replicated. */
  readonly countedFrom: number;
}

/** What crossed the link since the daemon's start, as this end counts it. */
export interface LinkCounters {
  bytesSent: number;
  bytesReceived: number;
  packetsSent: number;
  packetsReceived: number;
}

/** What the kernel tells of an entry. */
export type EntryEvent = (what: 'NEW' | 'UPDATE' | 'DESTROY', entry: KernelEntry) => void;

/** The connection table of a node, and the daemon that keeps a copy of it on the peer (FTFW, both caches on). */
export interface SyncNode {
  readonly kernel: ReadonlyMap<number, KernelEntry>;
  /** Who listens to what happens to it. */
  readonly onEntry: Set<EntryEvent>;
  readonly internal: Cache;
  readonly external: Cache;
  readonly link: LinkCounters;
  readonly log: readonly string[];
  /** When it logged last, by its own clock. */
  readonly loggedAt: () => number;
  readonly startedAt: number;
  /** Messages sent and not acknowledged; events of the kernel seen; entries that the kernel took in. */
  readonly counts: () => {
    readonly unacknowledged: number;
    readonly events: number;
    readonly inserted: number;
  };

  /** What traffic through this node does to its table. */
  readonly begin: (flow: Flow) => void;
  readonly change: (flow: Flow) => void;
  readonly end: (flow: Flow) => void;

  /** The takeover script, as conntrackd ships it: commit, flush, resync, bulk; or purge later and ask for a bulk. */
  readonly promote: () => void;
  readonly demote: (asksForBulk: boolean) => void;

  /** Starts the daemon with its peer. */
  readonly start: (peer: SyncNode) => void;
  readonly sendBulkToPeer: () => void;
}

const messageBytes = { put: 176, update: 148, remove: 96, control: 16 };
/** What a small machine commits in a millisecond. */
const commitsPerMs = 60;
const keptLines = 1_000;

/** `ownClock`: what the node takes for the time, which its log tells. */
export function createSyncNode(
  timeline: Timeline,
  random: Random,
  pid: number,
  ownClock: () => number = timeline.now,
): SyncNode {
  const kernel = new Map<number, KernelEntry>();
  const onEntry = new Set<EntryEvent>();
  const [internal, external] = [createCache(), createCache()];
  const link: LinkCounters = { bytesSent: 0, bytesReceived: 0, packetsSent: 0, packetsReceived: 0 };
  const lines: string[] = [];
  const counts = { unacknowledged: 0, events: 0, inserted: 0 };
  let peer: SyncNode | undefined;
  let lastArrival = 0;
  let loggedAt = ownClock();
  /** Counts changes of role: what an earlier one planned is off. */
  let term = 0;
  let active = false;

  const log = (text: string) => {
    loggedAt = ownClock();
    lines.push(`[${logDate(loggedAt)}] (pid=${pid}) [notice] ${text}`);
    if (lines.length > 2 * keptLines) lines.splice(0, keptLines);
  };
  const inTerm = (own: number, step: () => void) => () => {
    if (own === term) step();
  };

  const send = (bytes: number, effect?: (cache: Cache) => void) => {
    if (!peer) return;
    const { link: far, external: copy } = peer;
    link.bytesSent += bytes;
    link.packetsSent++;
    far.bytesReceived += bytes;
    far.packetsReceived++;
    if (!effect) return;
    counts.unacknowledged = (counts.unacknowledged + 1) % ackWindow;
    // In order, a few milliseconds later.
    lastArrival = Math.max(lastArrival, timeline.now() + 1 + random.exponential(2));
    timeline.at(lastArrival, () => effect(copy));
  };
  const sendPut = (flow: Flow) => send(messageBytes.put, (copy) => copy.put(flow, timeline.now()));
  const sendBulk = () => {
    log('sending bulk update');
    for (const { flow } of internal.held.values()) sendPut(flow);
  };

  const tell: EntryEvent = (what, entry) => {
    counts.events++;
    for (const listener of onEntry) listener(what, entry);
  };
  const insert = (flow: Flow) => {
    const entry = { flow, countedFrom: timeline.now() };
    kernel.set(flow.id, entry);
    counts.inserted++;
    tell('NEW', entry);
  };
  const end = (flow: Flow) => {
    const entry = kernel.get(flow.id);
    if (!entry) return;
    kernel.delete(flow.id);
    tell('DESTROY', entry);
    if (internal.remove(flow)) send(messageBytes.remove, (copy) => copy.remove(flow));
  };
  const commit = (): number => {
    const now = timeline.now();
    for (const { flow } of [...kernel.values()]) if (flow.goneAt <= now) end(flow);
    const entries = [...external.held.values()].filter(({ flow }) => flow.goneAt > now);
    for (const { flow } of entries) {
      insert(flow);
      internal.put(flow, now);
    }
    return entries.length;
  };

  return {
    kernel,
    onEntry,
    internal,
    external,
    link,
    log: lines,
    loggedAt: () => loggedAt,
    startedAt: timeline.now(),
    counts: () => counts,

    begin: (flow) => {
      insert(flow);
      internal.put(flow, timeline.now());
      sendPut(flow);
    },
    change: (flow) => {
      const entry = kernel.get(flow.id);
      if (!entry) return;
      tell('UPDATE', entry);
      if (internal.update(flow)) send(messageBytes.update, (copy) => copy.update(flow));
    },
    end,

    promote: () => {
      active = true;
      const own = ++term;
      timeline.after(
        55,
        inTerm(own, () => {
          log('committing all external caches');
          const takesMs = 0.7 + external.held.size / commitsPerMs;
          const steps: readonly [delayMs: number, step: () => void][] = [
            [
              takesMs,
              () => {
                log(`Committed ${commit()} new entries`);
                log(`commit has taken ${(takesMs / 1000).toFixed(6)} seconds`);
              },
            ],
            [
              takesMs + 14,
              () => {
                log('flushing caches');
                internal.flush();
                external.flush();
              },
            ],
            [
              takesMs + 40,
              () => {
                log('resync with master conntrack table');
                for (const { flow } of kernel.values()) internal.put(flow, timeline.now());
              },
            ],
            [takesMs + 48, sendBulk],
          ];
          for (const [delay, step] of steps) timeline.after(delay, inTerm(own, step));
        }),
      );
    },

    demote: (asksForBulk) => {
      active = false;
      const own = ++term;
      // No packet renews them any more: what is idle for long enough goes by itself, the rest when it is purged.
      for (const entry of kernel.values()) {
        const { flow } = entry;
        timeline.after(1000 * stateOf(flow, timeline.now()).timeout, () => {
          if (kernel.get(flow.id) === entry && (!active || flow.goneAt <= timeline.now())) end(flow);
        });
      }
      const purge = inTerm(own, () => {
        log('flushing kernel conntrack table (scheduled)');
        for (const { flow } of [...kernel.values()]) end(flow);
      });
      timeline.after(
        90,
        inTerm(own, () => {
          log(`flushing conntrack table in ${purgeSeconds} secs`);
          timeline.after(purgeSeconds * 1000, purge);
        }),
      );
      if (!asksForBulk) return;
      timeline.after(
        180,
        inTerm(own, () => {
          log('resync requested');
          send(messageBytes.control);
          peer?.sendBulkToPeer();
        }),
      );
    },

    start: (other) => {
      peer = other;
      log('using user-space event filtering');
      log('netlink event socket buffer size has been set to 2097152 bytes');
      log('initialization completed');
      log('-- starting in daemon mode --');
      const beat = () => {
        counts.unacknowledged = 0;
        send(messageBytes.control);
        timeline.after(1_000, beat);
      };
      timeline.after(random.integer(1, 999), beat);
    },
    sendBulkToPeer: () => {
      log('resync requested by other node');
      sendBulk();
    },
  };
}
