import type { CliCommand } from './command.ts';

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Loaded when asked for, so that a quick command does not wait for what it does not use. */
  readonly load: () => Promise<CliCommand>;
}

/** Every word after `handover`. A new command is a file beside this one and an entry here. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'parse',
    summary: 'Turn output of conntrack, conntrackd or keepalived into JSON',
    load: async () => (await import('./parse.ts')).parse,
  },
];
