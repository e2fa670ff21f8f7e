import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { CallHandlers, StreamName, StreamValue } from '../shared/contract/contract.ts';
import { keptOf, restored } from '../shared/domain/alert-kept.ts';
import type { ClusterDefinition } from '../shared/domain/cluster.ts';
import type { CoverageRefusal } from '../shared/domain/coverage.ts';
import { summaryOf } from '../shared/domain/fleet-summary.ts';
import { type Clock, systemClock } from '../shared/lib/clock.ts';
import { openAlertFile } from './alerts/alert-file.ts';
import { agentsOf } from './cluster/cluster-agents.ts';
import { watchCluster } from './cluster/cluster-watch.ts';
import { compareNodes } from './cluster/compare-nodes.ts';
import { type Fleet, openFleet } from './cluster/fleet.ts';
import { burstGate } from './cluster/lag-schedule.ts';
import { pollPace } from './cluster/poll-pace.ts';
import { openHook } from './compose/alert-hook.ts';
import { connectionSource } from './compose/connection-source.ts';
import { coverageSource } from './compose/coverage-source.ts';
import { dropHandlers } from './compose/drop-handlers.ts';
import { canaryPorts, failoverPorts } from './compose/failover-ports.ts';
import { logsOf, watchedAudit } from './compose/followed-logs.ts';
import { reconnectWaiting, target } from './compose/logins.ts';
import { cachePace } from './connections/cache-pace.ts';
import { openConnections } from './connections/connections.ts';
import { openCoverage } from './connections/coverage/coverage.ts';
import { openDifference } from './connections/coverage/difference.ts';
import { dumpTurns } from './connections/dump-turns.ts';
import { openNames } from './connections/names.ts';
import { openTableStore } from './connections/store/open-table-store.ts';
import { startDemo } from './demo/demo.ts';
import { openAuditLog } from './failover/audit-log.ts';
import { createCanaries } from './failover/canary.ts';
import { createFailover } from './failover/failover.ts';
import { auditReader } from './failover/read-audit.ts';
import { runLocks } from './failover/run-lock.ts';
import { openHistory } from './history/history.ts';
import { addCluster, clusterEntry, removeCluster } from './inventory/edit.ts';
import { inventoryErrorText, loadInventory } from './inventory/load.ts';
import { openPreferences } from './preferences/preferences.ts';
import type { LogKeeper } from './probe/read-logs.ts';
import { openTimeline } from './timeline/timeline.ts';
import { type SessionPool, sessionPool } from './transport/pool.ts';

/**
 * The engine as its hosts (Electron's utility process, the browser host, the command line) see it.
 * `subscribe` delivers the newest value at once and after each change; it returns the unsubscriber.
 */
export interface Engine {
  readonly handlers: CallHandlers;
  subscribe<N extends StreamName>(name: N, onValue: (value: StreamValue<N>) => void): () => void;
  close(): Promise<void>;
}

/** What the engine needs from whoever hosts it. */
export interface Host {
  readonly kind: 'electron' | 'browser';
  readonly version: string;
  /** The inventory file, as chosen by `--inventory` or the platform's default. */
  readonly inventoryPath: string;
  /** Folder for the audit log and the history; created on demand. */
  readonly stateDir: string;
  /** Asks the operator for the passphrase of a key; undefined: there is nobody to ask, or they declined. */
  readonly passphrase?: (identityFile: string) => Promise<string | undefined>;
  /** Whether what is seen is written to `stateDir`; a command that is soon over only keeps it in memory. */
  readonly keepsHistory?: boolean;
  /** Whether the inventory's command for alerts is run: by what watches all day, not by a command that asks once. */
  readonly tellsAlerts?: boolean;
  /** Whether the nodes' logs are followed: by what shows a timeline. */
  readonly followsLogs?: boolean;
  /** Whether lag is sampled once a minute: by what stays, not by a command that asks once and may be run often. */
  readonly samplesLag?: boolean;
  /** Whether nothing is read of a node but its role and its tables: by a command about a table that is soon over. */
  readonly isBrief?: boolean;
  /** Watch this cluster of the inventory alone: for a command that asks about one. */
  readonly only?: string;
  /** How long (ms) a node may take to show its key, where a command has to answer before the usual 3.3 s are over. */
  readonly connectTimeoutMs?: number;
}

/** How far back (ms) the events of earlier sessions are shown. */
const shownPastMs = 30 * 86_400_000;

const mostPastEvents = 20_000;

const usualConnectTimeoutMs = 3_300;

/** Builds the engine out of its rooms; wires, and does nothing else. */
export async function createEngine(host: Host, clock: Clock = systemClock): Promise<Engine> {
  // Else V8 lets what a fleet's readings leave behind grow to four times what is in use, for days.
  setFlagsFromString('--heap-growing-percent=100');
  const passphrases = new Map<string, string>();
  const pool = sessionPool({
    connectTimeoutMs: Math.min(usualConnectTimeoutMs, host.connectTimeoutMs ?? usualConnectTimeoutMs),
    passphrase: async (file) => passphrases.get(file) ?? (await host.passphrase?.(file)),
  });
  const history = openHistory(host.keepsHistory ? join(host.stateDir, 'history.db') : undefined, clock);
  const preferences = openPreferences(join(host.stateDir, 'preferences.json'));
  const told = openAlertFile(host.keepsHistory ? join(host.stateDir, 'alerts.json') : undefined, clock);
  const past = (cluster: string) => history.events(cluster, clock() - shownPastMs, clock());
  const logKeeper = (cluster: string): LogKeeper => ({
    kept: (node, place) => history.logTail(cluster, node, place),
    take: (node, records) => {
      history.recordLogs(cluster, node, records);
      timeline.onLogs(cluster, records);
    },
  });
  const timeline = openTimeline({
    past: {
      events: (cluster) => history.events(cluster, 0, Number.MAX_SAFE_INTEGER, mostPastEvents),
      logs: history.logs,
    },
    audit: auditReader(host.stateDir),
    nodes: (cluster) => logsOf(fleet.get(cluster)),
  });
  const bursts = host.samplesLag ? burstGate() : undefined;
  const fleet = openFleet(
    (definition, place) =>
      watchCluster(
        definition,
        agentsOf(definition),
        (node) => pool.open(target(node)),
        clock,
        () => ({
          ...pollPace(fleet.all().reduce((sum, each) => sum + each.definition.nodes.length, 0)),
          isBrief: host.isBrief ?? false,
        }),
        place,
        past(definition.name),
        host.followsLogs ? logKeeper(definition.name) : undefined,
        bursts,
        restored(told.of(definition.name)),
      ),
    (snapshot) => {
      timeline.onEvents(snapshot.name, history.record(snapshot));
      hook?.observe(snapshot);
      const watch = fleet.get(snapshot.name);
      if (watch) told.keep(snapshot.name, keptOf(watch.alerts()));
    },
  );
  const hook = host.tellsAlerts ? openHook(host.inventoryPath, fleet, told, clock) : undefined;
  const watched = (definition: ClusterDefinition) => host.only === undefined || definition.name === host.only;
  const inventory = loadInventory(host.inventoryPath);
  if (inventory.ok) for (const definition of inventory.value.filter(watched)) fleet.add(definition);

  const turns = dumpTurns(({ cluster, node }, dump) => fleet.get(cluster)?.probe(node)?.spare(dump));
  const connections = openConnections(
    (cluster, node) => connectionSource(fleet, cluster, node, clock),
    turns,
    openTableStore(),
    clock,
  );
  const names = openNames(clock);
  const pace = cachePace(host.stateDir, clock);
  const tables = (cluster: string) => coverageSource(fleet.get(cluster));
  const coverage = openCoverage(tables, { turns, pace, clock, onMarks: connections.mark });
  const difference = openDifference(tables, { turns, pace, clock });
  const audit = watchedAudit(openAuditLog(host.stateDir, clock), fleet);
  const failover = createFailover(failoverPorts(fleet, clock), audit, runLocks(host.stateDir));
  const canaries = createCanaries(canaryPorts(fleet, pace, clock), audit, runLocks(host.stateDir));
  const forget = (cluster: string) => {
    history.forget(cluster);
    timeline.forget(cluster);
    told.forget(cluster);
    coverage.forget(cluster);
    difference.forget(cluster);
    connections.forget(cluster);
  };
  const demos: { close(): Promise<void> }[] = [];
  const sources: { [N in StreamName]: (onValue: (value: StreamValue<N>) => void) => () => void } = {
    fleet: (onValue) =>
      fleet.onSnapshot((value) => onValue({ ...value, notices: [...history.notices(), ...told.notices()] })),
    summary: (onValue) => {
      let said = '';
      return fleet.onSnapshot((value) => {
        const summary = summaryOf(value);
        const text = JSON.stringify(summary);
        if (text !== said) onValue(summary);
        said = text;
      });
    },
  };

  return {
    handlers: {
      'app.info': async () => ({
        version: host.version,
        host: host.kind,
        inventoryPath: host.inventoryPath,
      }),
      ...inventoryHandlers(host, fleet, forget, demos),
      ...timeline.handlers,
      ...connections.handlers,
      'addresses.names': async ({ addresses }) => ({ names: await names.look(addresses) }),
      'node.reconnect': async ({ cluster, node }) => {
        const probe = fleet.get(cluster)?.probe(node);
        if (!probe) return refused(`There is no node ${node} in cluster ${cluster}.`);
        probe.session.reconnect();
        return accepted;
      },
      'node.unlock': async ({ cluster, node, passphrase }) => {
        const probe = fleet.get(cluster)?.probe(node);
        const state = probe?.session.state;
        const file = state && 'failure' in state ? state.failure.lockedKey : undefined;
        if (!probe || file === undefined) return refused(`No key waits for a passphrase on ${node}.`);
        passphrases.set(file, passphrase);
        reconnectWaiting(fleet, file);
        return accepted;
      },
      ...dropHandlers(fleet, audit, clock),
      'preferences.read': async ({ key }) => ({ value: preferences.read(key) }),
      'preferences.write': async ({ key, value }) => {
        const written = preferences.write(key, value);
        return written.ok ? accepted : refused(written.error);
      },
      'coverage.compare': async ({ cluster }) => answerOf(await coverage.compare(cluster)),
      'coverage.cancel': async ({ cluster }) => (coverage.cancel(cluster) ? accepted : refused(noneUnderWay)),
      'coverage.report': coverage.report,
      'difference.compare': async (wanted) => answerOf(await difference.compare(wanted)),
      'difference.cancel': async ({ cluster }) =>
        difference.cancel(cluster) ? accepted : refused(noneUnderWay),
      'difference.report': difference.report,
      'lag.canary': canaries.send,
      'failover.plan': failover.plan,
      'failover.execute': failover.execute,
      'failover.abort': failover.abort,
      'alerts.acknowledge': async ({ cluster, alert, note }) =>
        fleet.get(cluster)?.acknowledge(alert, note)
          ? accepted
          : refused(`No alert "${alert}" is raised in cluster ${cluster}.`),
      'readiness.diff': async ({ cluster, node }) => {
        const watch = fleet.get(cluster);
        return watch ? compareNodes(watch, node) : refused(`There is no cluster ${cluster}.`);
      },
      'history.series': async ({ cluster, ...wanted }) => {
        const watch = fleet.get(cluster);
        return watch ? history.series(watch.snapshot(), wanted) : { times: [], nodes: [], marks: [] };
      },
    },
    subscribe: (name, onValue) => sources[name](onValue),
    close: async () => {
      await failover.close();
      await canaries.close();
      await hook?.close();
      coverage.close();
      difference.close();
      await connections.close();
      await closeAll(fleet, pool, demos);
      history.close();
      told.close();
    },
  };
}

const accepted = { accepted: true } as const;
const refused = (reason: string) => ({ accepted: false, reason }) as const;
const answerOf = (refusal: CoverageRefusal | undefined) =>
  refusal ? ({ accepted: false, ...refusal } as const) : accepted;
const noneUnderWay = 'No comparison is under way.';

function inventoryHandlers(
  host: Host,
  fleet: Fleet,
  forget: (cluster: string) => void,
  demos: { close(): Promise<void> }[],
): Pick<
  CallHandlers,
  'inventory.read' | 'inventory.addCluster' | 'inventory.removeCluster' | 'inventory.openDemo'
> {
  const { inventoryPath: path, stateDir } = host;
  return {
    'inventory.read': async () => {
      const loaded = loadInventory(path);
      return loaded.ok ? { path, clusters: loaded.value } : { path, clusters: [], error: loaded.error };
    },
    'inventory.addCluster': async (draft) => {
      if (fleet.get(draft.name)) return refused(`There is a cluster ${draft.name} already.`);
      const written = addCluster(path, clusterEntry(draft));
      if (!written.ok) return refused(inventoryErrorText(written.error));
      const loaded = loadInventory(path);
      if (!loaded.ok) return refused(inventoryErrorText(loaded.error));
      for (const definition of loaded.value) if (!fleet.get(definition.name)) fleet.add(definition);
      return accepted;
    },
    'inventory.removeCluster': async ({ cluster }) => {
      const watch = fleet.get(cluster);
      if (!watch) return refused(`There is no cluster ${cluster}.`);
      const removed = watch.definition.demo ? undefined : removeCluster(path, cluster);
      if (removed && !removed.ok) return refused(inventoryErrorText(removed.error));
      fleet.remove(cluster);
      forget(cluster);
      return accepted;
    },
    'inventory.openDemo': async () => {
      if (fleet.all().some(({ definition }) => definition.demo)) return accepted;
      const demo = await startDemo(stateDir);
      demos.push(demo);
      fleet.add(demo.definition);
      return accepted;
    },
  };
}

async function closeAll(fleet: Fleet, pool: SessionPool, demos: { close(): Promise<void> }[]): Promise<void> {
  fleet.close();
  pool.closeAll();
  await Promise.all(demos.map((demo) => demo.close()));
}
