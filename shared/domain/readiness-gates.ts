import { elapsed } from '../lib/clock.ts';
import { type Reading, readingValue } from '../lib/reading.ts';
import { list } from './cluster-health.ts';
import type { NodeSnapshot } from './cluster-snapshot.ts';
import { formatClock, formatSpan } from './format.ts';
import { expectedCommit, type Gate, type GateCode, readinessOf } from './readiness.ts';
import { gate, type ReadinessEvidence, unread } from './readiness-evidence.ts';
import { dataPlane, sameRules } from './readiness-parity.ts';
import { type LossCounters, lossesSince } from './sync-losses.ts';

/** All eleven gates of a slave, its readiness, and how long a commit would take. */
export function assessReadiness(
  evidence: ReadinessEvidence,
): Pick<NodeSnapshot, 'readiness' | 'gates' | 'expectedCommit'> {
  const { node } = evidence;
  const gates = node.reachable
    ? [
        freshData(evidence),
        agentAnswers(evidence),
        linkRunning(evidence),
        inStep(evidence),
        noLosses(evidence),
        room(evidence),
        takeoverStandby(evidence),
        oneMaster(evidence),
        nothingPending(evidence),
        sameRules(evidence),
        dataPlane(evidence),
      ]
    : darkGates(node);
  const held = node.reachable ? node.replication?.replicated : undefined;
  return {
    readiness: readinessOf(gates),
    gates,
    ...(held !== undefined && {
      expectedCommit: expectedCommit(held, readingValue(node.readings.syncLog)?.lastCommit),
    }),
  };
}

const codes: readonly GateCode[] = [
  ...(['fresh-data', 'agent-answers', 'link-running', 'in-step', 'no-losses', 'room'] as const),
  ...(['takeover-standby', 'one-master', 'nothing-pending', 'same-rules', 'data-plane'] as const),
];

const darkGates = (node: NodeSnapshot): Gate[] =>
  codes.map((code) =>
    gate(
      code,
      'unknown',
      node.failure?.message ?? `${node.name} has not been read yet`,
      node.observedAt > 0 ? { observedAt: node.observedAt, source: `ssh ${node.host}` } : undefined,
    ),
  );

/** How old (ms) a reading may be: three times its slowest interval. */
const freshMs = 6_500;

function freshData({ node, now }: ReadinessEvidence): Gate {
  const { agent, addresses, takeover } = node.readings;
  const parts = { 'the sync agent': agent, 'the addresses': addresses, 'the takeover engine': takeover };
  const read = Object.entries(parts).toSorted(([, a], [, b]) => (a?.observedAt ?? 0) - (b?.observedAt ?? 0));
  const [oldest] = read;
  if (!oldest) throw new Error('there are three readings');
  for (const [what, reading] of read) {
    if (!reading || (!reading.ok && !ended(reading))) return unread('fresh-data', what, reading);
  }
  const [what, reading] = oldest;
  const age = Math.round((now - (reading?.observedAt ?? 0)) / 1000);
  return elapsed(reading?.observedAt ?? 0, now) > freshMs
    ? gate('fresh-data', 'fail', `what was read of ${what} is ${age} s old`, reading)
    : gate('fresh-data', 'pass', 'the node answers, and nothing that moves is older than 6 s', reading);
}

/** The program is not there or not running: that is known, and not for want of a reading. */
const ended = (reading: Reading<unknown>): boolean =>
  !reading.ok && ['not-running', 'not-installed'].includes(reading.failure.kind);

function agentAnswers({ node, master }: ReadinessEvidence): Gate {
  const { agent } = node.readings;
  const code = 'agent-answers';
  if (!agent) return unread(code, 'the sync agent', agent);
  if (!agent.ok) {
    const silent = agent.failure.kind === 'timed-out' || ended(agent);
    return silent ? gate(code, 'fail', agent.failure.message, agent) : unread(code, 'the sync agent', agent);
  }
  const { mode } = agent.value;
  const theirs = readingValue(master?.readings.agent)?.mode;
  if (mode === 'stats') return gate(code, 'fail', 'it gathers statistics and replicates nothing', agent);
  if (mode === 'unknown' || theirs === undefined || theirs === 'unknown') {
    const whose = mode === 'unknown' ? 'its' : "the master's";
    return gate(code, 'unknown', `it answers; ${whose} mode is not known`, agent);
  }
  return mode === theirs
    ? gate(code, 'pass', `it answers within 2 s, in ${mode.toUpperCase()} as ${master?.name}`, agent)
    : gate(
        code,
        'fail',
        `it runs in ${mode.toUpperCase()}, ${master?.name} in ${theirs.toUpperCase()}`,
        agent,
      );
}

function linkRunning({ node }: ReadinessEvidence): Gate {
  const { agent } = node.readings;
  const code = 'link-running';
  if (!agent?.ok) return unread(code, 'the sync link', agent);
  const { channels } = agent.value;
  const chosen = channels.find((each) => each.active) ?? channels[0];
  if (!chosen) return gate(code, 'fail', 'it has no sync link', agent);
  const dead = chosen.status !== 'RUNNING' && chosen.status !== 'unknown';
  const channel = (dead ? channels.find((each) => each.status === 'RUNNING') : undefined) ?? chosen;
  const link =
    channel === chosen
      ? `${channel.device} is ${channel.status}`
      : `${channel.device} is RUNNING and stands in for ${chosen.device}, which is ${chosen.status}`;
  if (channel.status !== 'RUNNING' && channel.status !== 'unknown') return gate(code, 'fail', link, agent);
  const phase = node.replication?.phase;
  if (phase === 'silent') return gate(code, 'fail', node.replication?.evidence ?? link, agent);
  if (channel.status === 'unknown')
    return gate(code, 'unknown', `whether ${channel.device} is up is not known`, agent);
  return phase === undefined || phase === 'unknown'
    ? gate(code, 'unknown', `${link}; whether messages arrive is not known yet`, agent)
    : gate(code, 'pass', `${link}, and the master's messages arrive`, agent);
}

function inStep({ node, master }: ReadinessEvidence): Gate {
  const { agent } = node.readings;
  const code = 'in-step';
  if (!agent?.ok) return unread(code, 'the sync agent', agent);
  const { phase = 'unknown', evidence = 'the master is not known' } = node.replication ?? {};
  if (phase === 'in-step') return gate(code, 'pass', `in step with ${master?.name}: ${evidence}`, agent);
  return gate(code, phase === 'unknown' ? 'unknown' : 'fail', `${phase}: ${evidence}`, agent);
}

const lossWords: readonly (readonly [keyof LossCounters, string, 'slave' | 'master'])[] = [
  ['failed', 'entries that its cache could not take', 'slave'],
  ['malformed', 'malformed messages', 'slave'],
  ['overflowed', 'messages that did not fit the resend queue', 'master'],
  ['overruns', 'overruns of the kernel’s events', 'master'],
];

function noLosses({ node, master, losses, masterLosses }: ReadinessEvidence): Gate {
  const { agent } = node.readings;
  const code = 'no-losses';
  if (!agent?.ok || !losses) return unread(code, 'the sync agent', agent);
  const theirs = master?.readings.agent;
  if (!theirs?.ok || !masterLosses) return unread(code, "the master's sync agent", theirs);
  if (losses.restarted) {
    return gate(code, 'fail', 'its sync agent was restarted, and no full sync has been seen since', agent);
  }
  const counted = (kind: 'all' | 'new') =>
    lossWords.flatMap(([field, words, side]) => {
      const [baseline, state] = side === 'slave' ? [losses, agent.value] : [masterLosses, theirs.value];
      const lost =
        lossesSince(baseline, state)[field] +
        (kind === 'all' && !baseline.whole ? baseline.counters[field] : 0);
      return lost > 0 ? [`${lost} ${words}${side === 'master' ? ` on ${master?.name}` : ''}`] : [];
    });
  const fresh = counted('new');
  if (fresh.length > 0) return gate(code, 'fail', `since the last full sync: ${list(fresh)}`, agent);
  const old = counted('all');
  return old.length > 0
    ? gate(
        code,
        'unknown',
        `${list(old)}: whether before or after the last full sync is not known. A full sync from the master settles it`,
        agent,
      )
    : gate(code, 'pass', 'no entry refused, no message malformed or dropped, no event overrun', agent);
}

function room({ node }: ReadinessEvidence): Gate {
  const { connections, connectionsMax } = node.readings;
  const code = 'room';
  if (!connections?.ok) return unread(code, 'the number of connections', connections);
  if (!connectionsMax?.ok) return unread(code, 'the size of the table', connectionsMax);
  const wanted = connections.value + (node.replication?.replicated ?? 0);
  const share = wanted / connectionsMax.value;
  const figures = `its own ${connections.value} and the replicated ${node.replication?.replicated ?? 0} fill ${(100 * share).toFixed(share < 0.1 ? 1 : 0)} % of ${connectionsMax.value}`;
  return gate(code, share <= 0.9 ? 'pass' : 'fail', figures, connections);
}

function takeoverStandby({ node }: ReadinessEvidence): Gate {
  const { agent, takeover, hooks } = node.readings;
  const code = 'takeover-standby';
  if (!takeover) return unread(code, 'the takeover engine', takeover);
  if (!takeover.ok) {
    return ended(takeover)
      ? gate(code, 'fail', takeover.failure.message, takeover)
      : unread(code, 'the takeover engine', takeover);
  }
  if (['fault', 'init', 'stopped', 'conflict'].includes(node.role)) {
    return gate(code, 'fail', `the takeover engine is ${node.engineState}`, takeover);
  }
  if (!hooks?.ok) return unread(code, `${node.engineState}; what it runs when it becomes master`, hooks);
  const { programs, without, complete } = hooks.value;
  const broken = programs.find((program) => program.state !== 'executable');
  if (broken) {
    const fault = broken.state === 'missing' ? 'does not exist' : 'is not executable';
    return gate(code, 'fail', `${broken.path}, which commits on a takeover, ${fault}`, hooks);
  }
  // what a peer sends is in the kernel already: there is nothing to commit
  const injects = agent?.ok === true && agent.value.external.kind === 'inject';
  if (without.length > 0 && !injects) {
    const what = `nothing is run when it becomes master of ${list(without)}`;
    return complete
      ? gate(code, 'fail', `${what}, so nothing would be committed`, hooks)
      : gate(code, 'unknown', `${what}, unless a file that is included says so`, hooks);
  }
  return node.role === 'unknown'
    ? gate(code, 'unknown', 'its role is not certain at this moment', takeover)
    : gate(
        code,
        'pass',
        programs.length === 0
          ? `${node.engineState}, and nothing has to be committed`
          : `${node.engineState}, and ${list(programs.map((program) => program.path))} can be run`,
        hooks,
      );
}

function oneMaster({ node, nodes, splitBrain, masterless }: ReadinessEvidence): Gate {
  const origin = node.readings.addresses ?? node.readings.takeover;
  const code = 'one-master';
  if (splitBrain.length > 0) return gate(code, 'fail', `more than one master of ${list(splitBrain)}`, origin);
  if (masterless.length > 0) return gate(code, 'fail', `no master of ${list(masterless)}`, origin);
  const dark = nodes.filter((each) => !each.reachable).map((each) => each.name);
  if (dark.length > 0) {
    return gate(code, 'unknown', `whether ${list(dark)} is master too cannot be seen`, origin);
  }
  const holders = node.instances.map(({ name, addresses }) => ({
    name,
    addresses,
    by: nodes.filter((each) =>
      each.instances.some((instance) => instance.name === name && instance.role === 'master'),
    ),
  }));
  if (holders.length === 0 || holders.some(({ by }) => by.length !== 1)) {
    return gate(code, 'unknown', 'who is master is not certain at this moment', origin);
  }
  const said = holders.map(
    ({ name, addresses, by }) => `${by[0]?.name} of ${name} (${addresses.join(', ')})`,
  );
  return gate(code, 'pass', `one master: ${list(said)}`, origin);
}

/** After the moment at which a flush is due, so long (ms) its line may take: a date of a second, and the next look. */
const flushGraceMs = 5_000;

function nothingPending({ node, now }: ReadinessEvidence): Gate {
  const { syncLog, agentChildren, clockOffset } = node.readings;
  const code = 'nothing-pending';
  const children = (readingValue(agentChildren) ?? []).filter((type) => type !== 'any');
  if (children.length > 0) return gate(code, 'fail', `a ${list(children)} is running`, agentChildren);
  if (!syncLog?.ok) return unread(code, "the sync agent's log", syncLog);
  const { commitRunning, flushPending, flushAskedAt } = syncLog.value;
  if (commitRunning) return gate(code, 'fail', 'a commit is running', syncLog);
  if (flushPending === undefined) {
    return gate(code, 'pass', 'no commit is running, and no flush of the table is due', syncLog);
  }
  const waits = 'it still holds what it carried, and empties its kernel table of it';
  const span = `PurgeTimeout, ${formatSpan(flushPending)}`;
  const offset = readingValue(clockOffset);
  if (flushAskedAt === undefined || offset === undefined) {
    return gate(
      code,
      'fail',
      `${waits} ${span}, after that was asked for; when that was is not known`,
      syncLog,
    );
  }
  const dueAt = flushAskedAt - offset + 1_000 * flushPending;
  return now <= dueAt + flushGraceMs
    ? gate(code, 'fail', `${waits} at ${formatClock(dueAt)} (${span}, after its change of role)`, syncLog)
    : gate(
        code,
        'unknown',
        `it was to empty its kernel table at ${formatClock(dueAt)}, and its log does not say that it did`,
        syncLog,
      );
}
