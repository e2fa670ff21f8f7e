/**
 * A command of an agent, as data. Agents never run anything: the probe does, through the transport.
 * The program stands with its absolute path (a login without root has no /usr/sbin in its PATH, and sudo rules name paths).
 */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  /** Needs root: sent through `sudo -n` where the login is not root. */
  readonly privileged: boolean;
  readonly deadlineMs: number;
  readonly maxBytes: number;
  /** What the program reads from its standard input; empty where absent. Never a secret. */
  readonly stdin?: string;
  /** How an operator would type it, where `argv` is not fit for that: it carries the text of a program. */
  readonly typed?: string;
}

/** What a command left behind. Text is decoded as UTF-8 with replacement; the node's locale is forced to C. */
export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

const defaults = { privileged: false, deadlineMs: 2_000, maxBytes: 1 << 20 };

export const command = (
  argv: readonly [string, ...string[]],
  options: Partial<Omit<Command, 'argv'>> = {},
): Command => ({ ...defaults, ...options, argv });
