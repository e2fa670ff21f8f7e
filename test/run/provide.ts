import { createInterface } from 'node:readline/promises';
import { type Apt, systemApt } from './apt.ts';
import { readMachine } from './machine.ts';
import { type Machine, type Need, unmet } from './needs.ts';
import { withServiceStartsBlocked } from './service-starts.ts';
import type { Suite } from './suites.ts';

interface Wish {
  /** Whether installing was not ruled out on the command line. */
  readonly install: boolean;
  /** Nobody is there to be asked. */
  readonly ci: boolean;
  readonly signal: AbortSignal;
  say(line: string): void;
}

/** The hands of this module, so that its tests need none of them. */
export interface Hands {
  machine(): Machine;
  apt(signal: AbortSignal): Apt;
  blocked<T>(work: () => Promise<T>): Promise<T>;
  /** undefined where there is no terminal to ask on */
  readonly ask: ((question: string, signal: AbortSignal) => Promise<boolean>) | undefined;
}

/** Daemons that Debian enables at installation, by the package that brings them. */
const DAEMONS: Readonly<Record<string, string>> = {
  'openssh-server': 'ssh',
  conntrackd: 'conntrackd',
  keepalived: 'keepalived',
  prometheus: 'prometheus',
};

/**
 * Installs the Debian packages that the chosen suites lack, where this user may and wants to.
 *
 * @returns the machine as it is afterwards
 */
export async function provide(chosen: readonly Suite[], wish: Wish, hands = systemHands): Promise<Machine> {
  const machine = hands.machine();
  const lacking = installable(chosen, machine);
  if (lacking.length === 0) return machine;

  wish.say(`The tests need Debian packages that this machine lacks: ${labels(lacking)}`);
  const apt = machine.isRoot && machine.hasProgram('apt-get') ? hands.apt(wish.signal) : undefined;
  if (apt === undefined) {
    wish.say('They can be installed by root, on Debian or Ubuntu.');
    return machine;
  }
  if (!wish.install) return machine;
  if (hands.ask && !wish.ci && !(await hands.ask('Install them, starting no service? [Y/n] ', wish.signal))) {
    return machine;
  }
  await hands.blocked(() => install(lacking, apt));
  const after = hands.machine();
  const left = installable(chosen, after);
  if (left.length > 0) wish.say(`Still lacking: ${labels(left)}`);
  return after;
}

async function install(lacking: readonly Need[], apt: Apt): Promise<void> {
  const known = () => lacking.flatMap((need) => need.packages.find((name) => apt.knows(name)) ?? []);
  let names = known();
  const listsAreOld = names.length < lacking.length;
  if (listsAreOld && (await apt.update())) names = known();
  if (names.length === 0) return;
  const installed =
    (await apt.install(names)) || (!listsAreOld && (await apt.update()) && (await apt.install(known())));
  if (!installed) return;
  for (const name of names) {
    const service = DAEMONS[name];
    if (service !== undefined) apt.leaveDisabled(service);
  }
}

/** What packages can bring, for the suites that this machine could run with them. */
function installable(chosen: readonly Suite[], machine: Machine): Need[] {
  const lacking = chosen.map((suite) => unmet(suite.needs, machine));
  const worthwhile = lacking.filter(
    (needs) => machine.isRoot === false || needs.every((n) => n.packages.length > 0),
  );
  return [...new Set(worthwhile.flat())].filter((need) => need.packages.length > 0);
}

const labels = (needs: readonly Need[]): string => needs.map((need) => need.label).join(' ');

const systemHands: Hands = {
  machine: readMachine,
  apt: systemApt,
  blocked: withServiceStartsBlocked,
  ask: process.stdin.isTTY ? askOnTerminal : undefined,
};

async function askOnTerminal(question: string, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  // In a terminal's raw mode Ctrl-C is a key: hand it on as the signal that it stands for.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const answer = await lines.question(question, { signal });
    return /^(y(es)?)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    lines.close();
  }
}
