/**
 * The lab: a cluster of real firewalls on this machine. `up` builds it, `attach` finds the one that is up.
 * Layout and addresses: README.md beside this file.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { bootNodes } from './boot.ts';
import { type FaultName, setFault } from './faults.ts';
import { inventories, makeConsoleKey, writeInventories } from './inventory.ts';
import { type Lock, takeLock } from './lock.ts';
import { cableEnds, removeRootLink, startEnds } from './network.ts';
import { runOn } from './node.ts';
import { client, type LabPlan, optionsOfPlan, type PlanOptions, planLab, server } from './plan.ts';
import { startService } from './services.ts';
import { type CommandOptions, type CommandResult, run, until } from './shell.ts';
import { endProcesses, enter, findProcesses, stateFolder } from './spaces.ts';
import { inStep, type NodeStatus, nodeStatus, soleMaster } from './status.ts';
import {
  readTraffic,
  startTraffic,
  stopTraffic,
  type TrafficOptions,
  type TrafficReport,
} from './traffic/traffic.ts';

export interface UpOptions extends PlanOptions {
  /** The user id that alone may read the inventories and the key; the caller's unless told. */
  readonly owner?: number;
  /** Milliseconds to wait while another process uses the lab; ten minutes unless told. */
  readonly patience?: number;
}

export interface Lab {
  readonly plan: LabPlan;
  /** Paths of the inventories: the console as `ops`, as `viewer` (no sudo) and as root. */
  readonly inventory: typeof inventories;
  /** Runs a program on a node as root in all of its namespaces, or in the `client`'s or `server`'s network. */
  exec(where: string, argv: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  fault(name: FaultName, on: boolean, where?: string): Promise<void>;
  status(): Promise<NodeStatus[]>;
  /** The name of the one node that holds the service addresses; undefined when there is none, or more than one. */
  master(): Promise<string | undefined>;
  /** Resolves when `node` is the only master; a failed wait says who was. */
  untilMaster(node: string, timeout?: number): Promise<void>;
  /** Resolves when the master's conntrackd and every other one hold as many entries. */
  untilInStep(timeout?: number): Promise<void>;
  readonly traffic: {
    start(options?: TrafficOptions): Promise<TrafficReport>;
    report(): TrafficReport;
    stop(): Promise<TrafficReport>;
  };
  down(): Promise<void>;
  /** Leaves the lab up for whoever comes next. It happens by itself when this process ends. */
  release(): Promise<void>;
}

const programs = [
  'conntrackd',
  'conntrack',
  'keepalived',
  'sshd',
  'sudo',
  'nft',
  'ip',
  'unshare',
  'nsenter',
  'ssh-keygen',
];
const planFile = `${stateFolder}/plan.json`;

/** Whether this machine can hold a lab; if not, why. */
export function labAvailable(): { ok: true } | { ok: false; reason: string } {
  if (process.platform !== 'linux') return { ok: false, reason: 'the lab needs Linux' };
  if (process.getuid?.() !== 0) return { ok: false, reason: 'the lab needs root' };
  const missing = programs.filter(
    (name) => !['/usr/sbin', '/usr/bin', '/sbin', '/bin'].some((f) => isProgram(`${f}/${name}`)),
  );
  if (missing.length > 0) return { ok: false, reason: `the lab needs the programs ${missing.join(', ')}` };
  const namespaces = spawnSync('unshare', ['--net', '--mount', '--uts', '--ipc', '--pid', '--fork', 'true']);
  if (namespaces.status !== 0)
    return { ok: false, reason: `the lab needs namespaces: ${namespaces.stderr}`.trim() };
  return { ok: true };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Builds the lab anew, whatever was there, and waits until it works: sshd answers, one master, caches in step. */
export async function up(options: UpOptions = {}): Promise<Lab> {
  const available = labAvailable();
  if (!available.ok) throw new Error(available.reason);
  const plan = planLab(options);
  const lock = await takeLock(options.patience ?? 600_000);
  try {
    await clear();
    await build(plan, options.owner ?? process.getuid?.() ?? 0);
    return labOf(plan, lock);
  } catch (error) {
    await clear();
    await lock.release();
    throw error;
  }
}

/** The lab that is up, whoever built it. Taking part needs no lock; taking it down does. */
export function attach(): Lab {
  if (!existsSync(planFile)) throw new Error('the lab is not up');
  return labOf(planLab(JSON.parse(readFileSync(planFile, 'utf8')) as PlanOptions));
}

/** Takes away whatever a lab left on this machine. */
export async function down(patience = 600_000): Promise<void> {
  const lock = await takeLock(patience);
  try {
    await clear();
  } finally {
    await lock.release();
  }
}

export function isLabUp(): boolean {
  return existsSync(planFile) && findProcesses().length > 0;
}

async function clear(): Promise<void> {
  await endProcesses();
  await removeRootLink();
  rmSync(stateFolder, { recursive: true, force: true });
}

async function build(plan: LabPlan, owner: number): Promise<void> {
  mkdirSync(`${stateFolder}/spaces`, { recursive: true });
  mkdirSync(`${stateFolder}/nodes`, { mode: 0o700 });
  await makeConsoleKey();
  await startEnds();
  await cableEnds(plan);
  await bootNodes(plan.nodes, plan);
  await startTakeover(plan);
  await writeInventories(plan, owner);
  writeFileSync(planFile, JSON.stringify(optionsOfPlan(plan)));
  const lab = labOf(plan);
  await lab.untilMaster(plan.nodes[0]?.name ?? '');
  await lab.untilInStep();
}

/** The first node wins the first election by its priority; where nobody preempts, by being the first to stand. */
async function startTakeover(plan: LabPlan): Promise<void> {
  const [first, ...others] = plan.nodes;
  if (first === undefined) return;
  await startService(first.name, 'takeover');
  if (!plan.preempt) await until(`${first.name} to become master`, () => soleMaster(plan));
  await Promise.all(others.map((node) => startService(node.name, 'takeover')));
}

function labOf(plan: LabPlan, lock?: Lock): Lab {
  const master = async (): Promise<string | undefined> => (await soleMaster(plan))?.name;
  return {
    plan,
    inventory: inventories,
    exec: (where, argv, options) =>
      where === client.name || where === server.name
        ? run([...enter(where, 'network'), ...argv], options)
        : runOn(where, argv, options),
    fault: (name, on, where) => setFault(plan, name, on, where),
    status: () => Promise.all(plan.nodes.map((node) => nodeStatus(node, plan))),
    master,
    untilMaster: async (node, timeout) => {
      await until(
        `${node} to be the only master`,
        async () => ((await master()) === node ? true : undefined),
        timeout,
      );
    },
    untilInStep: async (timeout) => {
      await until(
        'the caches to be in step',
        async () => {
          const node = await soleMaster(plan);
          return node !== undefined && (await inStep(plan, node)) ? true : undefined;
        },
        timeout,
        100,
      );
    },
    traffic: { start: startTraffic, report: readTraffic, stop: stopTraffic },
    down: async () => {
      if (lock === undefined) return down();
      await clear();
      await lock.release();
    },
    release: async () => lock?.release(),
  };
}
