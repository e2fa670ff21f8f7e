import type { ClusterDefinition, NodeDefinition } from '../../shared/domain/cluster.ts';
import type { NodeReadings, SessionSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { ParityReadings } from '../../shared/domain/readiness-diff.ts';
import { type Clock, elapsed } from '../../shared/lib/clock.ts';
import type { Failure, Reading } from '../../shared/lib/reading.ts';
import { readingValue } from '../../shared/lib/reading.ts';
import type { SyncAgent, TableAgent, TakeoverEngine } from '../agents/agent.ts';
import { networkCommands } from '../agents/network/index.ts';
import type { NodeSession, SessionState } from '../transport/session.ts';
import { followLogs, type LogFollower } from './follow-logs.ts';
import { type NodeRunner, nodeRunner } from './node-runner.ts';
import { agentReader } from './read-agent.ts';
import { hostReader } from './read-host.ts';
import { type LogKeeper, logReader } from './read-logs.ts';
import { readinessReader } from './read-readiness.ts';
import { takeoverReader } from './read-takeover.ts';
import { trapReader } from './read-traps.ts';
import { roundTimer } from './round-time.ts';
import { statusRunner } from './status-runner.ts';
import { hooksReader } from './takeover-config.ts';

/** Intervals in ms; the limits are those of the programs asked, which all run on a firewall in service. */
const takeoverMs = 2_000;
const slowMs = 10_000;
const rulesMs = 30_000;
const trapsMs = 60_000;
/** So much later (ms) is read what can wait while a dump of the node's table is under way. */
const patienceMs = 20_000;
/** Several addresses move in one transition: wait for the last of them before asking for a dump. */
const settleMs = 40;

export interface ProbeListener {
  readonly onReadings: (node: string, readings: NodeReadings) => void;
  readonly onSession: (node: string, session: SessionSnapshot, failure: Failure | undefined) => void;
}

export interface NodeAgents {
  readonly table: TableAgent;
  readonly sync: SyncAgent;
  readonly takeover: TakeoverEngine;
}

/** When a node is read, and how much of it. */
export interface Turns {
  /** Only what changes each second is read, not what tells whether the node is ready to take over. */
  readonly isBrief: boolean;
  /** How often, ms. */
  readonly pollMs: () => number;
  /** How long (ms) it is from `now` to the next time; of a node that is busy with being read, to a later one. */
  readonly wait: (now: number, isBusy: boolean) => number;
}

/** Keeps reading one node as long as its session stands; nothing that happens here reaches another node. */
export interface NodeProbe {
  readonly runner: NodeRunner;
  readonly session: NodeSession;
  /** Reads now what must be the same on every node. Takes as long as the node's rules take to print. */
  readonly parity: () => Promise<ParityReadings>;
  /** Undefined where nobody keeps what the logs say. */
  readonly logs: LogFollower | undefined;
  /** Reads everything now, the takeover engine's full dump included. */
  readonly refresh: () => Promise<void>;
  /** The node has other work of ours until this has ended: it is read less often, and what can wait a little does. */
  readonly spare: (work: Promise<unknown>) => void;
  readonly isSpared: () => boolean;
  readonly close: () => void;
}

export function startProbe(
  cluster: ClusterDefinition,
  node: NodeDefinition,
  session: NodeSession,
  agents: NodeAgents,
  listener: ProbeListener,
  clock: Clock,
  turns: Turns,
  keeper?: LogKeeper,
): NodeProbe {
  const status = statusRunner(nodeRunner(node, session));
  const { runner } = status;
  const { pidFile, handoverFile } = cluster.takeover;
  const takeoverCommands = agents.takeover.commands({ pidFile });
  const round = roundTimer(runner);
  const host = hostReader(round.runner, agents.table, takeoverCommands, clock);
  const syncCommands = agents.sync.commands(cluster.agent.config);
  const agent = agentReader(round.runner, agents.sync, syncCommands, clock);
  const engine = takeoverReader(runner, agents.takeover, takeoverCommands, clock);
  const hooks = hooksReader(runner, { engine: agents.takeover, commands: takeoverCommands }, clock);
  const readiness = readinessReader(
    runner,
    { agent: agents.sync, commands: syncCommands, config: agent.config },
    hooks,
    clock,
  );
  const logs =
    keeper &&
    followLogs(
      session,
      logReader(
        runner,
        { sync: agents.sync.log, takeover: agents.takeover.log },
        { path: cluster.agent.config, read: agent.config },
        keeper,
        clock,
      ),
    );
  const traps = trapReader(runner, { agent: agents.sync, commands: syncCommands }, hooks, clock);
  const tell = (readings: NodeReadings) => {
    if (!closed) listener.onReadings(node.name, readings);
  };

  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let settling: NodeJS.Timeout | undefined;
  let stopWatch: (() => void) | undefined;
  let takeoverAt = Number.NEGATIVE_INFINITY;
  let slowAt = Number.NEGATIVE_INFINITY;
  let rulesAt = Number.NEGATIVE_INFINITY;
  let trapsAt = Number.NEGATIVE_INFINITY;
  let agentStopped = false;
  let wholeWanted = false;
  let pending = false;
  let spared = 0;
  const isSpared = () => spared > 0;

  const enginePause = pause();
  const readTakeover = oneAtATime(async () => {
    if (!wholeWanted && !enginePause.over()) return;
    takeoverAt = clock();
    const whole = wholeWanted;
    wholeWanted = false;
    tell({ takeover: enginePause.after(await engine.read({ whole })) });
  });
  const agentPause = pause();
  const readFast = oneAtATime(async () => {
    const quick = Promise.all([host.clockOffset(), host.addresses(), host.connections()]).then(
      ([clockOffset, addresses, connections]) => tell({ clockOffset, addresses, connections }),
    );
    const readAgent = async () => {
      if (!agentPause.over()) return;
      const reading = agentPause.after(await agent.read());
      tell({ agent: reading });
      const stopped = !reading.ok && reading.failure.kind === 'not-running';
      // a daemon that has just ended may have left its lock behind
      if (stopped && !agentStopped) trapsAt = Number.NEGATIVE_INFINITY;
      agentStopped = stopped;
    };
    await Promise.all([quick, readAgent()]);
  });
  const readSlow = oneAtATime(async () => {
    slowAt = clock();
    const [connectionsMax, lever] = await Promise.all([
      host.connectionsMax(),
      handoverFile === undefined ? undefined : host.handoverFile(handoverFile),
    ]);
    tell({ connectionsMax, ...(lever && { handoverFile: lever }) });
    const facts = await readiness.facts();
    const log = readingValue(facts.syncLog);
    pending = log !== undefined && (log.commitRunning || log.flushPending !== undefined);
    tell(facts);
  });
  const readRules = oneAtATime(async () => {
    rulesAt = clock();
    tell(await readiness.rules());
  });
  const readTraps = oneAtATime(async () => {
    trapsAt = clock();
    tell(await traps.facts());
  });
  const readAddresses = oneAtATime(async () => {
    tell({ addresses: await host.addresses() });
  });

  const cycle = async () => {
    const startedAt = clock();
    const due = (at: number, everyMs: number) => elapsed(at, startedAt) >= everyMs - turns.pollMs() / 2;
    // The engine's dump takes its time to be written: nothing else waits for it.
    if (due(takeoverAt, takeoverMs)) void readTakeover();
    // What keeps a slave from being ready for a moment is seen to end when it does.
    if (!turns.isBrief) {
      const patience = isSpared() ? patienceMs : 0;
      if (due(slowAt, pending ? takeoverMs : slowMs + patience)) void readSlow();
      if (due(rulesAt, rulesMs + patience)) void readRules();
      if (due(trapsAt, trapsMs + patience)) void readTraps();
    }
    await readFast();
    if (session.state.kind !== 'connected' || closed) return;
    clearTimeout(timer);
    timer = setTimeout(run, turns.wait(clock(), round.isBusy() || isSpared()));
  };
  const run = () => void cycle();
  const onAddressChange = () => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      // a node answers in order: who is master is told before what else has changed with it
      void Promise.all([readAddresses(), readTakeover()]).then(() => {
        if (closed) return;
        logs?.lookNow();
        void readSlow();
      });
    }, settleMs);
  };
  const onState = (state: SessionState) => {
    if (closed) return;
    const { snapshot, failure } = describe(state);
    listener.onSession(node.name, snapshot, failure);
    clearTimeout(timer);
    stopWatch?.();
    stopWatch = undefined;
    status.close();
    if (state.kind !== 'connected') return;
    void status.open();
    takeoverAt = slowAt = rulesAt = trapsAt = Number.NEGATIVE_INFINITY;
    // Where the watcher cannot run, the poll alone notices a change, a second later at most.
    stopWatch = session.watch({ argv: networkCommands().watch.argv }, onAddressChange, () => undefined);
    run();
  };
  const forget = session.onState(onState);
  onState(session.state);

  return {
    runner,
    session,
    parity: readiness.parity,
    logs,
    refresh: async () => {
      wholeWanted = true;
      await Promise.all([readFast(), readTakeover(), readSlow()]);
    },
    spare: (work) => {
      spared += 1;
      const over = () => {
        spared -= 1;
      };
      work.then(over, over);
    },
    isSpared,
    close: () => {
      closed = true;
      logs?.close();
      status.close();
      clearTimeout(timer);
      clearTimeout(settling);
      stopWatch?.();
      forget();
    },
  };
}

/** Never runs the work twice at once: who asks meanwhile waits for one more run, shared by all who asked. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    const mine = work().finally(() => {
      if (running === mine) running = undefined;
    });
    running = mine;
    return mine;
  };
  return () => {
    if (!running) return start();
    next ??= running.then(() => {
      next = undefined;
      return start();
    });
    return next;
  };
}

/**
 * A daemon that does not answer in time leaves a process on the node, which the login cannot end when it runs as root:
 * each time-out in a row doubles the number of polls that are left out, up to 15.
 */
function pause() {
  let timeouts = 0;
  let left = 0;
  return {
    over: (): boolean => {
      left -= 1;
      return left < 0;
    },
    after: <R extends Reading<unknown>>(reading: R): R => {
      timeouts = !reading.ok && reading.failure.kind === 'timed-out' ? Math.min(timeouts + 1, 4) : 0;
      left = 2 ** timeouts - 1;
      return reading;
    },
  };
}

function describe(state: SessionState): { snapshot: SessionSnapshot; failure: Failure | undefined } {
  switch (state.kind) {
    case 'connected':
      return { snapshot: { kind: 'connected', since: state.since }, failure: undefined };
    case 'waiting':
      return { snapshot: { kind: 'waiting', retryAt: state.retryAt }, failure: state.failure };
    case 'stopped':
      return { snapshot: { kind: 'stopped' }, failure: state.failure };
    default:
      return { snapshot: { kind: 'connecting' }, failure: undefined };
  }
}
