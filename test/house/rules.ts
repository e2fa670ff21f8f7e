/** Who may know whom, and what must not be named where. `check.ts` holds the code against these tables. */

interface Room {
  /** A folder or a file; the longest one that a path lies in is its room. */
  readonly room: string;
  /** Rooms it may import besides itself. */
  readonly knows: readonly string[];
  /** Packages it may import; `node:` stands for all of Node's own modules. */
  readonly packages: readonly string[];
}

const shared = ['shared/lib', 'shared/domain', 'shared/contract'];
const joined = ['main/transport', 'main/agents'];
const engine = [
  ...joined,
  'main/probe',
  'main/cluster',
  'main/connections',
  'main/failover',
  'main/timeline',
  'main/alerts',
  'main/history',
  'main/inventory',
  'main/preferences',
  'main/demo',
];
const node = ['node:'];

export const rooms: readonly Room[] = [
  { room: 'shared/lib', knows: [], packages: ['zod'] },
  { room: 'shared/domain', knows: ['shared/lib'], packages: ['zod'] },
  { room: 'shared/contract', knows: ['shared/lib', 'shared/domain'], packages: ['zod'] },

  { room: 'main/transport', knows: shared, packages: [...node, 'ssh2'] },
  { room: 'main/agents', knows: shared, packages: ['zod'] },
  { room: 'main/probe', knows: [...shared, ...joined], packages: node },
  { room: 'main/connections', knows: [...shared, ...joined, 'main/probe'], packages: node },
  { room: 'main/cluster', knows: [...shared, ...joined, 'main/probe'], packages: node },
  { room: 'main/failover', knows: [...shared, ...joined, 'main/probe', 'main/cluster'], packages: node },
  { room: 'main/timeline', knows: [...shared, 'main/failover'], packages: node },
  { room: 'main/alerts', knows: shared, packages: node },
  { room: 'main/history', knows: shared, packages: node },
  { room: 'main/inventory', knows: shared, packages: [...node, 'yaml', 'zod'] },
  { room: 'main/preferences', knows: [...shared, 'main/inventory'], packages: [...node, 'zod'] },
  { room: 'main/demo', knows: [...shared, ...joined, 'main/inventory'], packages: [...node, 'ssh2'] },
  { room: 'main/compose', knows: [...shared, ...engine], packages: node },
  { room: 'main/engine.ts', knows: [...shared, ...engine, 'main/compose'], packages: node },
  { room: 'main/hosts', knows: [...shared, 'main/engine.ts', 'main/inventory'], packages: [...node, 'zod'] },
  {
    room: 'main/cli',
    knows: [...shared, ...engine, 'main/engine.ts', 'main/hosts', 'package.json'],
    packages: node,
  },

  {
    room: 'electron',
    knows: [...shared, 'main/engine.ts', 'main/hosts', 'main/inventory', 'main/cli'],
    packages: [...node, 'electron', 'zod'],
  },
  {
    room: 'renderer',
    knows: [...shared, 'assets'],
    packages: [
      'react',
      'react-dom',
      '@base-ui/react',
      'lucide-react',
      'recharts',
      '@tanstack/react-virtual',
      'zustand',
      'zod',
    ],
  },
];

/** Functions of Node's modules that compute and touch nothing, by module: a room of main that does no I/O may use them. */
export const pure: Readonly<Record<string, readonly string[]>> = {
  'node:net': ['isIP', 'isIPv4', 'isIPv6'],
};

/** Rooms and files that nothing holds: they may import anything. What they are, nothing of the product may import. */
export const unheld = /^(test\/|[^/]+\.config\.ts$)/;

/** Each of Electron's raw channels has one owner, which knows the contract; all others go through it. */
export const owned = ['ipcMain', 'ipcRenderer'];

/**
 * The demo cluster is a cluster like any other. Beyond making it and showing its label, no file of the product may so
 * much as name it, for whoever can name it can branch on it.
 */
export const mayNameDemo: readonly { readonly path: string; readonly why: string }[] = [
  { path: 'main/demo/', why: 'it is the demo' },
  { path: 'main/inventory/', why: 'its inventory' },
  { path: 'main/engine.ts', why: 'starts its nodes' },
  { path: 'shared/contract/contract.ts', why: 'the call that opens it' },
  { path: 'shared/domain/cluster.ts', why: 'the label' },
  { path: 'shared/domain/cluster-snapshot.ts', why: 'the label' },
  { path: 'shared/domain/cluster-state.ts', why: 'carries the label' },
  { path: 'renderer/components/TitleBar.tsx', why: 'shows the label' },
  { path: 'renderer/views/fleet/', why: 'shows the label, offers to open it' },
];

/** Folders of the machine that a file was written on. Written so that this line does not name one itself. */
export const machinePath = /(?<![\w.-])\/wor[k]\/|(?<!\w)shared\/(referenc[e]|sample[s])\b/;

/** A longer file does more than one thing. */
export const longest = 400;

/** Every agent is a folder here: `<kind>/<program>/`. */
export const agents = {
  folder: /^main\/agents\/(?:sync|takeover|table)\/([^/]+)\//,
  registry: 'main/agents/registry.ts',
  /** Captured output of the program: `<program>/<version>/<file>`. */
  fixtures: (program: string): RegExp => new RegExp(`^test/fixtures/${program}/[^/]+/.`),
};
