import type { ConsoleApi } from '../../../shared/contract/console-api.ts';
import type { CallHandlers } from '../../../shared/contract/contract.ts';
import type { FleetSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { coverageView } from './made-up-coverage.ts';
import { differenceView } from './made-up-difference.ts';
import { seriesOf } from './made-up-series.ts';
import { connectionPage, dropPlan, exportPiece, madeUpGroups, rowOf } from './made-up-table.ts';
import { timelineFile, timelinePage, timelineRow } from './made-up-timeline.ts';
import type { Scene } from './scenes.ts';

const accepted = async () => ({ accepted: true as const });

/** An engine that answers from a scene, whose readings are renewed every second. */
export function createFakeApi(scene: Scene): ConsoleApi {
  let table = scene.table;
  const preferences = new Map<string, string>();
  const handlers: CallHandlers = {
    'app.info': async () => ({
      version: '0.1.0',
      host: 'browser',
      inventoryPath: '/home/ops/.config/handover/clusters.yaml',
    }),
    'inventory.read': async () => ({
      path: '/home/ops/.config/handover/clusters.yaml',
      clusters: [],
      ...(scene.inventoryError ? { error: scene.inventoryError } : {}),
    }),
    'inventory.addCluster': async ({ name }) =>
      name === 'taken'
        ? { accepted: false, reason: 'There is already a cluster named taken.' }
        : { accepted: true },
    'inventory.removeCluster': accepted,
    'inventory.openDemo': accepted,
    'node.reconnect': accepted,
    'node.unlock': async ({ passphrase }) =>
      passphrase === 'right'
        ? { accepted: true }
        : { accepted: false, reason: 'That does not open the key.' },
    'connections.read': async () => {
      table = 'good';
      return { accepted: true };
    },
    'connections.page': async (query) =>
      connectionPage(table === undefined ? scene : { ...scene, table }, query, Date.now()),
    'connections.cancel': accepted,
    'connections.refresh': accepted,
    'connections.groups': async () => madeUpGroups,
    'connections.export': async (query) => exportPiece(query),
    'addresses.names': async ({ addresses }) => ({
      names: addresses.map((address) =>
        address === '10.2.0.1' ? { address, name: 'www.example.org' } : { address },
      ),
    }),
    'connections.ask': async ({ question }) =>
      question.src === undefined
        ? { accepted: false, reason: 'fw1: the kernel refused the question.' }
        : {
            accepted: true,
            observedAt: Date.now(),
            took: 312,
            line: `/usr/bin/sudo -n /usr/local/lib/handover/conntrack-dump --src ${question.src}`,
            matched: 2,
            rows: [rowOf(1), rowOf(2)],
          },
    'connections.dropPlan': async ({ cluster, node, connections }) =>
      node === 'fw1'
        ? { accepted: true, plan: dropPlan(cluster, node, connections) }
        : { accepted: false, reason: `sudo on ${node} does not allow it. Add HANDOVER_DROP.` },
    'connections.drop': async () => ({
      accepted: true,
      results: [
        { command: 'conntrack -D …', outcome: 'dropped' },
        { command: 'conntrack -D …', outcome: 'already-gone' },
      ],
    }),
    'preferences.read': async ({ key }) => ({ value: preferences.get(key) }),
    'preferences.write': async ({ key, value }) => {
      preferences.set(key, value);
      return { accepted: true };
    },
    'coverage.compare': accepted,
    'coverage.cancel': accepted,
    'coverage.report': async (query) => coverageView(scene, query, Date.now()),
    'difference.compare': accepted,
    'difference.cancel': accepted,
    'difference.report': async (query) => differenceView(scene, query, Date.now()),
    'failover.plan': async ({ cluster, to }) =>
      scene.plan
        ? { accepted: true, plan: { ...scene.plan(Date.now()), cluster, to } }
        : { accepted: false, reason: 'No plan can be made: nothing is known of the nodes.' },
    'failover.execute': accepted,
    'failover.abort': accepted,
    'lag.canary': async () => ({ accepted: false, reason: 'No canary here.' }),
    'alerts.acknowledge': async ({ cluster, alert, note }) =>
      note === 'too late'
        ? { accepted: false, reason: `No alert "${alert}" is raised in cluster ${cluster}.` }
        : { accepted: true },
    'history.series': async (wanted) => seriesOf(scene, wanted),
    'readiness.diff': async () =>
      scene.diff
        ? { accepted: true, diff: scene.diff(Date.now()) }
        : { accepted: false, reason: 'Who is master is not known, so there is nothing to compare with.' },
    'timeline.read': async (query) => timelinePage(scene, query, Date.now()),
    'timeline.row': async (query) => timelineRow(scene, query, Date.now()),
    'timeline.export': async ({ filter, format }) => timelineFile(scene, filter, format, Date.now()),
  };
  return {
    call: (name, input) => handlers[name](input as never) as never,
    subscribe: (_name, onValue, onState) => {
      const send = () => onValue(fleetAt(scene, Date.now()) as never);
      send();
      onState(scene.connected ?? true);
      const timer = scene.connected === false ? undefined : setInterval(send, 1000);
      return () => clearInterval(timer);
    },
  };
}

const fleetAt = (scene: Scene, at: number): FleetSnapshot => ({ revision: at, clusters: scene.clusters(at) });
