import type { Readable, Writable } from 'node:stream';

/** What a command may touch of the world outside; tests hand in their own. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A word after `handover`. `run` answers with the exit status; nothing else ends the process. */
export interface CliCommand {
  /** Shown for `handover NAME --help`: usage, options, examples. */
  readonly help: string;
  /** What `--help TOPIC` prints. */
  readonly topics?: Readonly<Record<string, string>>;
  readonly run: (argv: readonly string[], io: Io) => Promise<number>;
}

/** Wrong usage, or a file that is not there: sysexits(3) EX_USAGE. */
export const exitUsage = 64;

/** Says what is wrong with the command line, and where to read how it goes. */
export const usageError = (io: Io, name: string, message: string): number => {
  io.stderr.write(`handover ${name}: ${message}\nRun 'handover ${name} --help' for usage and examples.\n`);
  return exitUsage;
};
