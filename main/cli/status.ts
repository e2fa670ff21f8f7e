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

const exitStatus = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;

export const status: CliCommand = {
  help: `
Usage: handover status [--cluster C] [--json] [--watch] [--inventory FILE]

Tells for each cluster who is master, whether a slave could take over right now, and why not.
Answers within 5 s. With --watch it goes on, a line (or an object) for each change, until Ctrl-C.

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
    });
    if (!options.ok) return usageError(io, 'status', options.error);
    const { cluster, inventory, json = false, watch = false } = options.value;
    const engine = await openEngine({ cluster, inventory, ...(watch ? { stays: true } : { knowsBy }) }, io);
    if (!engine.ok) return usageError(io, 'status', engine.error);
    const show = (fleet: FleetSnapshot) => {
      io.stdout.write(
        json ? `${JSON.stringify(statusJson(fleet, Date.now()))}\n` : statusText(fleet, Date.now()),
      );
    };
    try {
      const fleet = watch ? await showUntilStopped(engine.value, show) : await settled(engine.value);
      if (!watch) show(fleet);
      return exitStatus[worstVerdict(fleet.clusters.map((each) => each.verdict))];
    } finally {
      await engine.value.close();
    }
  },
};

/** Resolves as soon as nothing more can be learned by waiting, at the latest at the deadline. */
function settled(engine: Engine): Promise<FleetSnapshot> {
  return new Promise((resolve) => {
    let newest: FleetSnapshot | undefined;
    const finish = () => {
      clearTimeout(timer);
      unsubscribe();
      if (newest) resolve(newest);
    };
    const timer = setTimeout(finish, Math.max(0, deadlineMs - performance.now()));
    const unsubscribe = engine.subscribe('fleet', (fleet) => {
      newest = fleet;
      if (fleet.clusters.every(isSettled)) queueMicrotask(finish);
    });
  });
}

/** Healthy, with every figure there is: what is wrong or unknown deserves the whole time. */
const isSettled = (cluster: ClusterSnapshot): boolean =>
  cluster.verdict === 'ok' &&
  cluster.traps !== undefined &&
  cluster.nodes.every(({ readings }) => readings.syncSetup && readings.hookScripts && readings.hooks) &&
  cluster.nodes.every(({ gates = [] }) => gates.every((gate) => gate.observedAt !== undefined));

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
