import type { BigInteger } from '../../../../shared/domain/connection.ts';

/** Counters under conntrackd's own words in camel case: `Wrong protocol version:` is `wrongProtocolVersion`. */
export type Figures = Record<string, BigInteger>;

/** One channel block. `status` and `role` stand in `-s link` alone; `server` and `client` on TCP alone. */
export interface ChannelStatistics {
  readonly transport: 'multicast' | 'udp' | 'tcp';
  readonly device?: string;
  readonly status?: string;
  readonly role?: string;
  readonly server?: string;
  readonly client?: string;
  /** bytesSent, bytesReceived, packetsSent, packetsReceived, errorsSent, errorsReceived. */
  readonly figures: Figures;
}

/**
 * One cache block. In the general form: active, created, createdFailed, updated…; for `bypass` new instead of created,
 * for `inject` no active. In the form of `-s cache`: activeObjects, activeEntries, totalEntries, creationOk…
 */
export interface CacheStatistics {
  readonly kind: 'cache' | 'bypass' | 'inject';
  readonly figures: Figures;
}

/** What one `conntrackd -s …` printed, whole. `form` is the argument; `general` is the form without one. */
export interface ConntrackdStatistics {
  readonly form: 'general' | 'network' | 'cache' | 'runtime' | 'link' | 'queue' | 'rsqueue' | 'process';
  /** By conntrackd's own names: internal and external in a sync mode, stats in the statistics mode. */
  readonly caches?: Record<string, CacheStatistics>;
  readonly channels?: ChannelStatistics[];
  /** Bytes and packets of connections that have ended. */
  readonly traffic?: Figures;
  /** malformed and lost. */
  readonly messages?: Figures;
  readonly received?: Figures;
  readonly sent?: Figures;
  /** packetsLost and packetsBefore. */
  readonly sequence?: Figures;
  readonly uptimeMinutes?: number;
  readonly netlink?: Figures;
  readonly runtime?: Figures;
  readonly allocatedQueueNodes?: BigInteger;
  /** By queue: currentElements, maximumElements, notEnoughSpaceErrors. */
  readonly queues?: Record<string, Figures>;
  /** Length, and the sequence numbers of the oldest and the newest element. */
  readonly resendQueue?: Figures;
  readonly processes?: { readonly pid: number; readonly type: string }[];
  /** Counters under a heading that this program does not know. */
  readonly extra?: Figures;
}
