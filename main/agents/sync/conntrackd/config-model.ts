import type { SyncMode } from '../../../../shared/domain/replication.ts';
import type { ReplicationFilter } from '../../../../shared/domain/replication-filter.ts';

/** A dedicated link as configured. Addresses as printed; buffers in bytes. */
export interface ConfiguredChannel {
  readonly line: number;
  readonly transport: 'multicast' | 'udp' | 'tcp';
  /** Marked `Default`: it carries the messages first. Where none is marked, the first does. */
  readonly isDefault: boolean;
  /** Multicast: the group's address. UDP and TCP: this node's own. */
  readonly address?: string;
  /** The peer's. */
  readonly destination?: string;
  /** Multicast: this node's own address on the link. */
  readonly interfaceAddress?: string;
  readonly device?: string;
  /** Multicast's `Group`, else `Port`. */
  readonly port?: number;
  readonly sendBuffer?: number;
  readonly receiveBuffer?: number;
  readonly checksum: boolean;
}

/**
 * conntrackd.conf(5), as the daemon takes it. Durations in seconds, sizes in entries or bytes. What the file does not
 * set stands at the daemon's own default, and its name in `defaults`; `lines` tells where each of the others is set.
 */
export interface ConntrackdConfig {
  readonly mode: SyncMode;
  readonly channels: readonly ConfiguredChannel[];
  readonly filter?: ReplicationFilter;
  readonly settings: Readonly<Record<string, number | boolean | string | readonly string[]>>;
  readonly defaults: readonly string[];
  readonly lines: Readonly<Record<string, number>>;
  /** Helpers in user space: the same name may serve several families and transports. */
  readonly helpers: readonly {
    readonly line: number;
    readonly name: string;
    readonly family?: string;
    readonly protocol?: string;
    readonly queue?: number;
  }[];
  /** Statements that no version from 0.9 to 1.4.9 knows. */
  readonly extra: readonly { readonly line: number; readonly text: string }[];
}
