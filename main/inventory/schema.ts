import { isIPv6 } from 'node:net';
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import * as z from 'zod/mini';
import { type ClusterDefinition, Environment, type NodeDefinition } from '../../shared/domain/cluster.ts';
import { nearest } from '../../shared/lib/nearest.ts';

/**
 * The inventory as an operator writes it. Every message of a schema says what is expected at its place; what was
 * found there is told by the loader, which knows the line.
 */
const map = <S extends z.core.$ZodLooseShape>(shape: S) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? expectedKey(issue.keys[0] ?? '', Object.keys(shape))
        : 'a map of keys',
  });

const text = (expected: string, accepts: (value: string) => boolean) =>
  z.string(expected).check(z.refine(accepts, expected));

const name = text(
  'a name of at most 64 letters, digits, spaces, dots, dashes and underscores, which begins and ends with a letter or a digit',
  (value) => /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,62}[\p{L}\p{N}])?$/u.test(value),
);

/** Host and user end up beside options of programs: neither may begin with a dash. */
const host = text('a host name or an address, without user and port', (value) =>
  value.includes(':') ? isIPv6(value) : /^[A-Za-z0-9_][A-Za-z0-9._-]{0,253}$/.test(value),
);
const user = text('a login name', (value) => /^[A-Za-z0-9_][A-Za-z0-9._@\\+-]{0,254}$/.test(value));

const printable = (value: string) => !/\p{Cc}/u.test(value);
const nodePath = text(
  'an absolute path on the node',
  (value) => /^\/.*[^/]$/u.test(value) && printable(value),
);
const localPath = text(
  'an absolute path on this machine, or one that begins with ~/',
  (value) => (value.startsWith('~/') || isAbsolute(value)) && printable(value),
);
const yesOrNo = z.boolean('true or false');
const port = z
  .int('a port from 1 to 65535')
  .check(z.gte(1, 'a port from 1 to 65535'), z.lte(65_535, 'a port from 1 to 65535'));

const NodeEntry = map({
  name,
  host,
  port: z._default(port, 22),
  user: z.optional(user),
  identityFile: z.optional(localPath),
  knownHostsFile: z._default(localPath, '~/.ssh/known_hosts'),
  sudo: z.optional(yesOrNo),
});

const AgentEntry = map({
  kind: z._default(z.literal('conntrackd', '"conntrackd"'), 'conntrackd'),
  config: z._default(nodePath, '/etc/conntrackd/conntrackd.conf'),
});

const TakeoverEntry = map({
  kind: z._default(z.literal('keepalived', '"keepalived"'), 'keepalived'),
  pidFile: z._default(nodePath, '/run/keepalived.pid'),
  handoverFile: z.optional(nodePath),
  maintenanceFile: z.optional(nodePath),
});

const ClusterEntry = map({
  name,
  environment: z.optional(z.enum(Environment.options, Environment.options.join(', '))),
  demo: z.optional(yesOrNo),
  canary: z.optional(yesOrNo),
  agent: z.prefault(AgentEntry, {}),
  takeover: z.prefault(TakeoverEntry, {}),
  nodes: z
    .array(NodeEntry, 'a list of nodes')
    .check(z.minLength(1, 'at least one node'), uniqueNames('a name that no other node of this cluster has')),
});

/** A cluster as it is written: only names and hosts are needed. A `ClusterDefinition` is one, too. */
export type ClusterEntry = z.input<typeof ClusterEntry>;

const program = 'an absolute path to a program on this machine, or one that begins with ~/';
const seconds = 'a number of seconds from 1 to 300';

/** What is told when an alert is raised, cleared or acknowledged. No shell sees the words of the command. */
const AlertsEntry = map({
  command: z
    .array(
      text('a word of printable characters', (value) => value !== '' && printable(value)),
      'a list of words',
    )
    .check(
      z.minLength(1, program),
      z.check<string[]>(({ value: [first], issues }) => {
        if (first !== undefined && !localPath.safeParse(first).success)
          issues.push({ code: 'custom', input: first, path: [0], message: program });
      }),
    ),
  timeoutSeconds: z._default(z.number(seconds).check(z.gte(1, seconds), z.lte(300, seconds)), 10),
});

/** The whole file. `clusters:` with nothing under it is what is left when the last cluster is removed. */
export const InventoryFile = map({
  clusters: z.nullish(
    z.array(ClusterEntry, 'a list of clusters').check(uniqueNames('a name that no other cluster has')),
  ),
  alerts: z.optional(AlertsEntry),
});
export type InventoryFile = z.infer<typeof InventoryFile>;

/** Whose login and home stand where the file names none. */
export interface Operator {
  readonly user: string;
  readonly home: string;
}

export const thisOperator = (): Operator => ({ user: userInfo().username, home: homedir() });

/** The operator's command for alerts: the program with its arguments, and how long it may take. */
export interface AlertCommand {
  readonly argv: readonly [string, ...string[]];
  readonly timeoutMs: number;
}

export function alertCommandOf({ alerts }: InventoryFile, operator: Operator): AlertCommand | undefined {
  const [program, ...words] = alerts?.command ?? [];
  if (!alerts || program === undefined) return undefined;
  return { argv: [expandHome(program, operator), ...words], timeoutMs: alerts.timeoutSeconds * 1_000 };
}

/** Fills in what only the operator's machine knows. */
export const definitionsOf = (file: InventoryFile, operator: Operator): ClusterDefinition[] =>
  (file.clusters ?? []).map((cluster) => ({
    ...cluster,
    nodes: cluster.nodes.map((node): NodeDefinition => {
      const login = node.user ?? operator.user;
      return {
        ...node,
        user: login,
        ...(node.identityFile && { identityFile: expandHome(node.identityFile, operator) }),
        knownHostsFile: expandHome(node.knownHostsFile, operator),
        sudo: node.sudo ?? login !== 'root',
      };
    }),
  }));

const expandHome = (path: string, { home }: Operator): string =>
  path.startsWith('~/') ? join(home, path.slice(2)) : path;

function expectedKey(written: string, known: readonly string[]): string {
  const meant = nearest(written, known);
  return meant === undefined ? `one of the keys ${known.join(', ')}` : `did you mean "${meant}"?`;
}

function uniqueNames<T extends { readonly name: string }>(expected: string): z.core.$ZodCheck<T[]> {
  return z.check<T[]>(({ value, issues }) => {
    const seen = new Set<string>();
    value.forEach(({ name }, index) => {
      if (seen.has(name))
        issues.push({ code: 'custom', input: name, path: [index, 'name'], message: expected });
      seen.add(name);
    });
  });
}
