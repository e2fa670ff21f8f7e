import type { ClusterSnapshot, FleetSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import { worstVerdict } from '../../shared/domain/health.ts';
import type { Engine } from '../engine.ts';
import { endSignals } from '../hosts/end-signals.ts';
import { type CliCommand, usageError } from './command.ts';
import { openEngine } from './open-engine.ts';
import { readOptions } from './options.ts';
import { statusJson } from './status-json.ts';
import { statusText } from './status-text.ts';

/** The answer is due within 5 s, whatever the nodes do: so long (ms) after the start of this process it is given. */
const deadlineMs = 4_500;
/** A node that does not answer is known as such by then, and not as one that is still being connected to. */
const knowsBy = deadlineMs - 300;
/** What is told only when it was seen twice, such as two masters, is by then (ms) after everything was read. */
const certainMs = 3_000;
/** The longest that may be asked for, in seconds. */
const longestWait = 600;

const exitStatus = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;

export const status: CliCommand = {
  help: `
Usage: handover status [--cluster C] [--json] [--watch | --wait S] [--inventory FILE]

Tells for each cluster who is master, whether a slave could take over right now, and why not.
Answers within 5 s; where slow nodes have not told everything by then, --wait gives them up to S seconds.
With --watch it goes on, a line (or an object) for each change, until Ctrl-C.

Exit status: 0 healthy, 1 warning, 2 critical, 3 unknown; of several clusters the worst counts.

Examples:
  handover status
  handover status --cluster edge --json | jq '.clusters[].reasons'
  handover status --watch
`,
  run: async (argv, io) => {
    const options = readOptions(argv, {
      cluster: { type: 'string' },
      inventory: { type: 'string' },
      json: { type: 'boolean' },
      watch: { type: 'boolean' },
      wait: { type: 'string' },
    });
    if (!options.ok) return usageError(io, 'status', options.error);
    const { cluster, inventory, json = false, watch = false, wait = '0' } = options.value;
    const seconds = Number(wait);
    if (!(wait.trim() !== '' && seconds >= 0 && seconds <= longestWait))
      return usageError(io, 'status', `--wait "${wait}" is no number of seconds from 0 to ${longestWait}`);
    if (watch && seconds > 0) return usageError(io, 'status', '--watch goes on by itself: leave --wait out');
    const engine = await openEngine({ cluster, inventory, ...(watch ? { stays: true } : { knowsBy }) }, io);
    if (!engine.ok) return usageError(io, 'status', engine.error);
    const show = (fleet: FleetSnapshot) => {
      io.stdout.write(
        json ? `${JSON.stringify(statusJson(fleet, Date.now()))}\n` : statusText(fleet, Date.now()),
      );
    };
    try {
      const fleet = watch
        ? await showUntilStopped(engine.value, show)
        : await settled(engine.value, 1_000 * seconds);
      if (!watch) show(fleet);
      return exitStatus[worstVerdict(fleet.clusters.map((each) => each.verdict))];
    } finally {
      await engine.value.close();
    }
  },
};

/**
 * Resolves as soon as nothing more can be learned by waiting, at the latest at the deadline; past it, until `waitMs` after
 * the start, only for what has not been read by then.
 */
function settled(engine: Engine, waitMs: number): Promise<FleetSnapshot> {
  return new Promise((resolve) => {
    let newest: FleetSnapshot | undefined;
    let isAllRead = false;
    const finish = () => {
      clearTimeout(timer);
      unsubscribe();
      if (newest) resolve(newest);
    };
    const left = (ms: number) => Math.max(0, ms - performance.now());
    const latest = Math.max(deadlineMs, waitMs);
    let timer = setTimeout(finish, left(latest));
    const unsubscribe = engine.subscribe('fleet', (fleet) => {
      newest = fleet;
      if (fleet.clusters.every(isSettled)) queueMicrotask(finish);
      if (isAllRead || !fleet.clusters.every(isRead)) return;
      isAllRead = true;
      clearTimeout(timer);
      timer = setTimeout(finish, Math.min(left(latest), Math.max(left(deadlineMs), certainMs)));
    });
  });
}

/** Healthy, with every figure there is: what is wrong or unknown deserves the whole time. */
const isSettled = (cluster: ClusterSnapshot): boolean => cluster.verdict === 'ok' && isRead(cluster);

/** Every node that answers has told everything. */
const isRead = ({ traps, nodes }: ClusterSnapshot): boolean =>
  traps !== undefined &&
  nodes.every(
    ({ reachable, failure, readings, gates = [] }) =>
      (!reachable && failure !== undefined) ||
      // the addresses and a peer tell who is master before its own daemon does
      (readings.takeover &&
        readings.syncSetup &&
        readings.hookScripts &&
        readings.hooks &&
        gates.every((gate) => gate.observedAt !== undefined)),
  );

function showUntilStopped(engine: Engine, show: (fleet: FleetSnapshot) => void): Promise<FleetSnapshot> {
  return new Promise((resolve) => {
    let shown = '';
    let newest: FleetSnapshot | undefined;
    const unsubscribe = engine.subscribe('fleet', (fleet) => {
      newest = fleet;
      const essence = JSON.stringify(
        fleet.clusters.map(({ verdict, reasons, master, nodes, traps }) => [
          verdict,
          reasons.map((reason) => [reason.code, reason.node]),
          master,
          traps?.map(({ code, node, state }) => [code, node, state]),
          nodes.map((node) => [
            node.role,
            node.reachable,
            node.failure?.kind,
            node.replication?.phase,
            node.replication?.direction?.toMaster,
          ]),
        ]),
      );
      if (essence === shown) return;
      shown = essence;
      show(fleet);
    });
    endSignals().addEventListener('abort', () => {
      unsubscribe();
      if (newest) resolve(newest);
    });
  });
}
