import { conntrackd } from '../../../main/agents/sync/conntrackd/index.ts';
import { conntrack } from '../../../main/agents/table/conntrack/index.ts';
import { createShell, type Shell } from '../../../main/demo/shell.ts';
import { paths } from '../../../main/demo/site.ts';
import { createWorld, type World } from '../../../main/demo/world.ts';
import type { Connection } from '../../../shared/domain/connection.ts';
import type { Result } from '../../../shared/lib/result.ts';

/** Sunday, 22 November 2026, 15:00 UTC. */
export const startAt = Date.UTC(2026, 10, 22, 15);

/** A world whose time the test owns, and a shell on each node, used as root. */
export interface Story {
  readonly world: World;
  readonly shells: readonly [Shell, Shell];
  readonly wait: (ms: number) => void;
}

export function story(seed = 1): Story {
  let now = startAt;
  const world = createWorld(startAt, seed);
  const clock = () => now;
  return {
    world,
    shells: [createShell(world, world.nodes[0], clock), createShell(world, world.nodes[1], clock)],
    wait: (ms) => {
      now += ms;
      world.timeline.advance(now);
    },
  };
}

export const asRoot = (shell: Shell, argv: readonly string[], stdin?: string): string => {
  const { stdout, stderr, exitCode } = shell.run(['/usr/bin/sudo', '-n', ...argv], stdin);
  if (exitCode !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
  return stdout;
};

export const sure = <T, E>(result: Result<T, E>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

export const sync = conntrackd.commands(paths.conntrackdConfig);

/** What the real parsers understand of a node's sync daemon. */
export const syncState = (shell: Shell) =>
  sure(conntrackd.parseState([...sync.state, ...sync.details].map(({ argv }) => asRoot(shell, argv))));

/** Every line of a dump as the real parser reads it. */
export const connectionsIn = (text: string, parse = conntrack.parseLine): Connection[] =>
  text
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const connection = sure(parse(line));
      if (!connection) throw new Error(`no connection: ${line}`);
      return connection;
    });

export const tupleOf = ({ protocol, original }: Connection): string =>
  [protocol, original.src, original.dst, original.sport ?? original.id, original.dport ?? original.id].join(
    ' ',
  );
