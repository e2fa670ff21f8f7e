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
    name: 'status',
    summary: 'Tell who is master and whether a slave could take over now',
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'connections',
    summary: 'Print the connection table of a node, filtered and sorted',
    load: async () => (await import('./connections.ts')).connections,
  },
  {
    name: 'coverage',
    summary: 'Name the connections that a slave does not hold, and why',
    load: async () => (await import('./coverage.ts')).coverage,
  },
  {
    name: 'difference',
    summary: 'Compare the connections of any two nodes, one by one',
    load: async () => (await import('./difference.ts')).difference,
  },
  {
    name: 'events',
    summary: 'Print what happened to a cluster, from the logs of its nodes and from here',
    load: async () => (await import('./events.ts')).events,
  },
  {
    name: 'failover',
    summary: 'Move the role of master to another node, after showing what that takes',
    load: async () => (await import('./failover.ts')).failover,
  },
  {
    name: 'canary',
    summary: 'Measure the lag of a slave with one marked entry, where the inventory allows it',
    load: async () => (await import('./canary.ts')).canary,
  },
  {
    name: 'drop',
    summary: 'Delete connections from the table of a node, each by its exact tuple',
    load: async () => (await import('./drop.ts')).drop,
  },
  {
    name: 'parse',
    summary: 'Turn output of conntrack, conntrackd or keepalived into JSON',
    load: async () => (await import('./parse.ts')).parse,
  },
  {
    name: 'serve',
    summary: 'Serve the console to a browser on this machine, behind a one-time link',
    load: async () => (await import('./serve.ts')).serve,
  },
];
