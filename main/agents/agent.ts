import type { Connection } from '../../shared/domain/connection.ts';
import type { NarrowQuestion } from '../../shared/domain/connection-actions.ts';
import type { TakeoverHooks } from '../../shared/domain/node-facts.ts';
import type { SyncAgentState, SyncLogRecord, SyncMode } from '../../shared/domain/replication.ts';
import type { ReplicationFilter } from '../../shared/domain/replication-filter.ts';
import type { TakeoverState } from '../../shared/domain/takeover.ts';
import type { TimelineLevel } from '../../shared/domain/timeline.ts';
import type { ScriptStep, SyncSetup } from '../../shared/domain/trap-facts.ts';
import type { Failure } from '../../shared/lib/reading.ts';
import type { Result } from '../../shared/lib/result.ts';
import type { Command, CommandOutput } from './command.ts';
import type { ParseError } from './parse-error.ts';

/**
 * Tells why a command gave nothing; undefined where it worked. `asRoot`: it ran as root, by login or by sudo;
 * several programs say the same words for "no daemon" and "no permission", and only this tells them apart.
 */
export type Classify = (command: Command, output: CommandOutput, asRoot: boolean) => Failure | undefined;

/** Where a program leaves its log, and how one of its lines reads. */
export interface ProgramLog {
  readonly program: 'conntrackd' | 'keepalived';
  /** Its unit of systemd, which names it in the journal. */
  readonly unit: string;
  readonly defaultFile: string;
  /** Whether a line of syslog or of the journal with this identifier is its own. */
  readonly isOwn: (identifier: string) => boolean;
  readonly read: (line: string) => LoggedLine;
}

/**
 * A line without its prefix. `kind` is the program's record's, `other` where the words are not known, and `asked` where
 * the program only says that it was asked to dump its state, as we ask it every other second.
 */
export interface LoggedLine {
  readonly kind: string;
  readonly level: TimelineLevel;
  readonly text: string;
}

/** What the kernel's connection-tracking table is read with. */
export interface TableAgent {
  readonly kind: string;
  readonly commands: TableCommands;
  readonly reading: TableReading;
  /** One line of a dump: a connection, undefined for a line that is no entry by design, or why it is unreadable. */
  readonly parseLine: (line: string) => Result<Connection | undefined, ParseError>;
  /** One line of `commands.expectations`, the same way: the connection that is expected, its helper and class under `extra`. */
  readonly parseExpectation: (line: string) => Result<Connection | undefined, ParseError>;
  readonly parseCount: (stdout: string) => Result<number, ParseError>;
  /** Whether this on the standard error of `commands.events` says that events were lost. */
  readonly isOverrun: (text: string) => boolean;
  /** How many entries a dump says on its standard error that it showed; undefined where it says nothing of it. */
  readonly parseShown: (stderr: string) => number | undefined;
  /** An entry of ours, told from others by its source port. */
  readonly canary: (sport: number) => CanaryCommands;
  /** Deletes exactly this entry; or why no command does. */
  readonly drop: (connection: Connection) => Result<Command, string>;
  readonly readDropped: (output: CommandOutput) => 'dropped' | 'already-gone' | 'failed';
  /** What an operator can do so that a login may drop entries. */
  readonly dropRemedy: string;
  readonly classify: Classify;
}

/** Puts one marked, short-lived entry into the table and takes it out again: the only commands that change a table. */
export interface CanaryCommands {
  /** What is written, in words. */
  readonly entry: string;
  readonly insert: Command;
  /** By its exact five-tuple, so that nothing else can be meant. */
  readonly remove: Command;
  /** Whether a dump of a sync agent's cache holds it. */
  readonly isIn: (dump: string) => boolean;
  /** Whether `remove` left nothing behind, because it deleted it or because it was gone. */
  readonly isGone: (output: CommandOutput) => boolean;
}

/** The ways to read the whole table, the quickest first. The last one is for whoever may run nothing else. */
export interface TableReading {
  readonly ways: readonly ReadWay[];
  /** What an operator can do to have a quicker one, to be put behind a reason. */
  readonly remedy: string;
}

export interface ReadWay {
  /** `netlink`: the kernel's own messages; `text`: a line each. */
  readonly kind: 'netlink' | 'text';
  /** The program that runs it, in a word. */
  readonly through: string;
  /** Absolute paths of what must be on the node. */
  readonly needs: readonly string[];
  /** Who can take it: root alone, since no rule of sudo should allow what runs; sudo alone; whoever. */
  readonly login: 'root' | 'sudo' | 'any';
  /** Whether `gzip` is done. */
  readonly compresses: boolean;
  /** The answer to a question may hold more than fits it, never less. */
  readonly command: (options: { readonly question?: NarrowQuestion; readonly gzip?: boolean }) => Command;
}

export interface TableDump {
  readonly family?: 'ipv4' | 'ipv6';
  /** Adds when each entry was created, where the kernel keeps it. */
  readonly timestamps?: boolean;
}

export interface TableCommands {
  /** Every entry, a line each: heavy on a big table, so never on a schedule. */
  readonly dump: (options?: TableDump) => Command;
  readonly count: Command;
  /** The number of entries that the kernel would hold at most. */
  readonly limit: Command;
  readonly statistics: Command;
  /** Connections that helpers expect, a line each: few, on any node. */
  readonly expectations: Command;
  /** What happens to entries, a line each, until it is stopped. It costs a busy firewall much of its rate of new ones. */
  readonly events: Command;
}

/** The daemon that replicates connections to the peers. */
export interface SyncAgent {
  readonly kind: string;
  readonly defaultConfig: string;
  readonly commands: (config: string) => SyncCommands;
  /**
   * Joins the answers to `commands.state` and `commands.details`, as many as could be had, in any order. Where they
   * contradict the configuration, as when its file was changed after the daemon's start, they are right; the mode stays
   * `unknown` where neither tells it. `kept`: answers to `commands.details` that are given again and again, as the same
   * array, until they are asked for anew.
   */
  readonly parseState: (
    answers: readonly string[],
    config?: Partial<SyncAgentConfig>,
    kept?: readonly string[],
  ) => Result<SyncAgentState, ParseError>;
  readonly parseConfig: (text: string) => SyncAgentConfig;
  /** The configuration as far as known traps are concerned; `file`: where it stands. */
  readonly parseSetup: (text: string, file: string) => SyncSetup;
  /** What a script of the takeover engine has this agent do, and whether it looks at its caches' switches first. */
  readonly parseScript: (text: string) => { steps: ScriptStep[]; checks: ('internal' | 'external')[] };
  /** The readable lines of a log, in order. */
  readonly parseLog: (text: string) => SyncLogRecord[];
  readonly log: ProgramLog;
  /** What `commands.children` printed: the kind of each child, `any` for a dump. */
  readonly parseChildren: (text: string) => string[];
  readonly parseLine: TableAgent['parseLine'];
  readonly classify: Classify;
}

export interface SyncCommands {
  /** What moves from second to second; cheap, may be asked once a second. */
  readonly state: readonly Command[];
  /** What completes it and moves slowly; as cheap, asked less often to spare the node's sudo log. */
  readonly details: readonly Command[];
  /** Exit status 1: no such process. */
  readonly alive: Command;
  readonly config: Command;
  readonly log: (file: string) => Command;
  readonly children: Command;
  /** This node's own connections as the agent knows them; forks the agent, so at most one a minute. */
  readonly internalDump: Command;
  /** What the peers sent; forks the agent too. */
  readonly externalDump: Command;
}

/** What of an agent's configuration bears on how its figures are to be read. Durations in seconds. */
export interface SyncAgentConfig {
  readonly mode: SyncMode;
  /** Absent where it logs to syslog alone. */
  readonly logFile?: string;
  readonly disableInternalCache: boolean;
  readonly disableExternalCache: boolean;
  readonly ackWindowSize?: number;
  readonly resendQueueSize?: number;
  readonly refreshSeconds?: number;
  readonly purgeSeconds?: number;
  readonly startupResync?: boolean;
  /** Entries that each of its caches takes at most. */
  readonly cacheLimit?: number;
  /** What it is told not to replicate. */
  readonly filter?: ReplicationFilter;
  /** Whose expectations it replicates: of all helpers, of these, or of none. */
  readonly expectationSync: boolean | readonly string[];
}

/** The daemon that decides which node holds the service addresses. */
export interface TakeoverEngine {
  readonly kind: string;
  readonly defaultPidFile: string;
  readonly commands: (options?: TakeoverOptions) => TakeoverCommands;
  /** Joins both forms of a dump: JSON where both tell, `data` adds what JSON has not. */
  readonly parseState: (dump: TakeoverDump) => Result<TakeoverState, ParseError>;
  /** The process id in the PID file. */
  readonly parsePid: (stdout: string) => Result<number, ParseError>;
  /** The number that `signalNumber` printed. */
  readonly parseSignalNumber: (stdout: string) => Result<number, ParseError>;
  /** May a real-time signal be sent to the daemon whose `runningProgram` printed this? Else ask for `DATA` alone. */
  readonly isInstalledProgram: (stdout: string) => boolean;
  readonly parseDumpStamp: (stdout: string) => Result<DumpStamp, ParseError>;
  /** What the configuration runs on a change of role, and what it follows. */
  readonly parseHooks: (config: string) => ConfiguredHooks;
  /** The other files that a configuration includes, where they can be followed. `file`: its own path. */
  readonly includesOf: (config: string, file: string) => readonly Include[];
  /** The configuration with what was read in the place of the including line. */
  readonly withIncludes: (config: string, found: ReadonlyMap<number, string>) => string;
  readonly parseLeverOwners: (stdout: string) => Result<LeverOwner[], ParseError>;
  readonly log: ProgramLog;
  readonly classify: Classify;
}

export interface TakeoverOptions {
  readonly pidFile?: string;
  /** Where the daemon leaves its dumps. */
  readonly dumpFolder?: string;
}

/** `data`: the full form, as text or as what it was parsed to before: it is asked for less often than the JSON. */
export interface TakeoverDump {
  readonly json?: string | undefined;
  readonly data?: string | TakeoverState | undefined;
}

export type DumpForm = 'JSON' | 'DATA';

/** As in the domain's TakeoverHooks, before anyone looked at the programs. */
export interface ConfiguredHooks extends Omit<TakeoverHooks, 'programs'> {
  readonly programs: readonly string[];
}

/** A line of a configuration that includes files of `folder`; `name` may be a wildcard pattern. */
export interface Include {
  readonly line: number;
  readonly folder: string;
  readonly name: string;
}

/** Changes with every dump; equal twice in a row means that the writer is done. */
export interface DumpStamp {
  readonly modified: string;
  readonly bytes: number;
}

/** Who may write a lever file, or the folder that holds it. */
export interface LeverOwner {
  readonly user: string;
  readonly group: string;
  /** Octal digits as `stat` prints them: 644. */
  readonly mode: string;
  /** `regular file`, `directory`, `symbolic link`… */
  readonly type: string;
}

export interface TakeoverCommands {
  readonly pid: Command;
  readonly config: Command;
  /** Exit status 1: no such process. */
  readonly alive: Command;
  readonly runningProgram: (pid: number) => Command;
  /** A non-zero exit status: this form is not built in, and its signal would kill the daemon. */
  readonly signalNumber: (form: DumpForm) => Command;
  readonly requestDump: (signal: number) => Command;
  readonly dumpStamp: (form: DumpForm) => Command;
  readonly readDump: (form: DumpForm) => Command;
  readonly leverOwners: (file: string, folder: string) => Command;
  readonly readLever: (file: string) => Command;
  readonly writeLever: (file: string, text: string) => Command;
}
