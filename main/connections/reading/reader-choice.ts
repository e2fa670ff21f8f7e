import type { ReadWay, TableReading } from '../../agents/agent.ts';
import { allowedCommand } from '../../agents/host/commands.ts';
import { parsePrograms, programsCommand } from '../../agents/host/facts.ts';
import type { NodeRunner } from '../../probe/node-runner.ts';

/** What is known of a node and its login, as far as it bears on how its table can be read. */
export interface Offer {
  readonly login: 'root' | 'sudo' | 'plain';
  /** Which of the paths that any way needs are programs there; undefined: it could not be told. */
  readonly present: ReadonlySet<string> | undefined;
  /** The ways that sudo would run; of no meaning for another login. */
  readonly allowed: ReadonlySet<ReadWay>;
  /** Ways that were tried and gave nothing, and why. */
  readonly failed: ReadonlyMap<ReadWay, string>;
}

export interface ReaderChoice {
  readonly way: ReadWay;
  /** Why nothing quicker is used, with what would help; absent where this is the quickest kind. */
  readonly why?: string;
}

/** The quickest way that the node offers to this login. What is not known is taken for no. */
export function chooseReader({ ways, remedy }: TableReading, offer: Offer): ReaderChoice {
  const reasons: string[] = [];
  for (const way of ways) {
    const obstacle = obstacleTo(way, offer);
    if (obstacle === undefined)
      return {
        way,
        ...(way.kind !== ways[0]?.kind &&
          reasons.length > 0 && { why: `${[...new Set(reasons)].join('; ')}: ${remedy}` }),
      };
    if (obstacle !== notThisLogin) reasons.push(obstacle);
  }
  const last = ways.at(-1);
  if (!last) throw new Error('an agent that cannot read its table');
  return { way: last, why: `${[...new Set(reasons)].join('; ')}: ${remedy}` };
}

/** Another way is meant for this login: nothing to tell an operator. */
const notThisLogin = Symbol('not this login');

function obstacleTo(way: ReadWay, offer: Offer): string | typeof notThisLogin | undefined {
  const { login, present, allowed, failed } = offer;
  if (login === 'plain' && way.kind === 'netlink')
    return way.login === 'root' ? notThisLogin : 'the login is neither root nor uses sudo';
  if (way.login !== 'any' && way.login !== login) return notThisLogin;
  const failure = failed.get(way);
  if (failure !== undefined) return `${way.through} failed (${failure})`;
  if (way.needs.length > 0 && present === undefined) return `what is on the node cannot be told`;
  const missing = way.needs.find((path) => !present?.has(path));
  if (missing !== undefined) return `${missing} is not on the node`;
  // the last resort is tried in any case: its own words say best why it may not run
  if (login === 'sudo' && way.needs.length > 0 && !allowed.has(way))
    return `sudo does not allow ${way.through} as it is there`;
  return undefined;
}

/** Looks at a node for what it offers. Nothing is run as root: sudo is only asked whether it would. */
export async function readOffer(
  runner: NodeRunner,
  { ways }: TableReading,
  failed: ReadonlyMap<ReadWay, string> = new Map(),
): Promise<Offer> {
  const login = runner.sudo ? 'sudo' : runner.privileged ? 'root' : 'plain';
  const paths = [...new Set(ways.flatMap(({ needs }) => needs))];
  const answer = await runner.poll(programsCommand(paths));
  const present = answer.ok
    ? new Set(
        parsePrograms(answer.value.stdout, paths).flatMap(({ path, state }) =>
          state === 'executable' ? [path] : [],
        ),
      )
    : undefined;
  const open = ways.filter(
    (way) => way.login !== 'root' && way.needs.length > 0 && way.needs.every((path) => present?.has(path)),
  );
  const allowed = new Set<ReadWay>();
  if (login === 'sudo')
    for (const way of open) {
      const would = await runner.poll(allowedCommand(way.command({})));
      if (would.ok && would.value.exitCode === 0) allowed.add(way);
    }
  return { login, present, allowed, failed };
}
