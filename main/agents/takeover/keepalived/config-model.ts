/** An entry of a block that lists: what is tracked, with its weight where the entry has one. */
export interface Tracked {
  readonly line: number;
  readonly name: string;
  readonly weight?: number;
  readonly condition?: string;
}

/** A script as keepalived runs it on a change of state: `event` is what follows `notify_`, or `any`. */
export interface NotifyScript {
  readonly line: number;
  readonly event: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly user?: string;
  readonly group?: string;
  readonly condition?: string;
}

export interface ConfiguredAddress {
  readonly line: number;
  readonly address: string;
  readonly prefixLength?: number;
  readonly device?: string;
  readonly condition?: string;
}

/** A statement that has no field, or that holds only for some configuration ids: as printed, without any password. */
export interface OtherStatement {
  readonly line: number;
  readonly text: string;
  readonly condition?: string;
}

interface Tracking {
  readonly line: number;
  readonly name: string;
  readonly condition?: string;
  readonly trackInterfaces: readonly Tracked[];
  readonly trackScripts: readonly Tracked[];
  readonly trackFiles: readonly Tracked[];
  readonly trackProcesses: readonly Tracked[];
  readonly notify: readonly NotifyScript[];
  readonly extra: readonly OtherStatement[];
}

/** Durations in seconds. `usesPassword`: adverts carry one, which never leaves the parser. */
export interface ConfiguredInstance extends Tracking {
  readonly state?: string;
  readonly interface?: string;
  readonly vrid?: number;
  readonly priority?: number;
  readonly advertIntervalSeconds?: number;
  readonly version?: number;
  readonly nopreempt: boolean;
  readonly preemptDelaySeconds?: number;
  readonly unicastSource?: string;
  readonly unicastPeers: readonly ConfiguredAddress[];
  readonly addresses: readonly ConfiguredAddress[];
  readonly excludedAddresses: readonly ConfiguredAddress[];
  readonly syncGroup?: string;
  readonly authentication?: { readonly type?: string; readonly usesPassword: boolean };
}

export interface ConfiguredSyncGroup extends Tracking {
  readonly members: readonly string[];
  /** `sync_group_tracking_weight`: without it a weight becomes 0, hence FAULT, within the group. */
  readonly keepsWeights: boolean;
}

/** `vrrp_script`, `track_file` and `track_process` where they are defined. */
export interface ConfiguredTracker {
  readonly line: number;
  readonly name: string;
  readonly command?: readonly string[];
  readonly file?: string;
  readonly weight?: number;
  readonly intervalSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly rise?: number;
  readonly fall?: number;
  readonly condition?: string;
  readonly extra: readonly OtherStatement[];
}

/** keepalived.conf(5), what of it bears on failover. Nothing is included or chosen here: the parser reads no file and knows no id. */
export interface KeepalivedConfig {
  readonly global: readonly OtherStatement[];
  readonly instances: readonly ConfiguredInstance[];
  readonly syncGroups: readonly ConfiguredSyncGroup[];
  readonly scripts: readonly ConfiguredTracker[];
  readonly trackFiles: readonly ConfiguredTracker[];
  readonly trackProcesses: readonly ConfiguredTracker[];
  /** Files that it includes, with wildcards as printed; `directive` tells how strictly (include, includer…). */
  readonly includes: readonly {
    readonly line: number;
    readonly directive: string;
    readonly pattern: string;
    readonly condition?: string;
  }[];
  /** `$NAME=value`; without its value where that may be a password. */
  readonly definitions: readonly {
    readonly line: number;
    readonly name: string;
    readonly value?: string;
    readonly condition?: string;
  }[];
  readonly extra: readonly OtherStatement[];
}
