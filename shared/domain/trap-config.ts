import { readingValue } from '../lib/reading.ts';
import type { NodeSnapshot } from './cluster-snapshot.ts';
import { seen, type Trap, unjudged } from './trap.ts';
import type { ScriptStep } from './trap-facts.ts';

/** Traps in how one node is configured. Each answers with the trap, or undefined where it is known not to be there. */
export type NodeTrap = (node: NodeSnapshot) => Trap | undefined;

const fullCache =
  'conntrackd refuses what goes beyond HashLimit in each of its caches ("no space left in cache"): a fuller table is replicated only in part, and a commit brings back only that part.';

export const hashLimit: NodeTrap = ({ name, readings }) => {
  const { syncSetup, connectionsMax } = readings;
  const [setup, max] = [readingValue(syncSetup), readingValue(connectionsMax)];
  const code = 'hash-limit';
  if (!syncSetup || !setup)
    return unjudged(code, name, `The HashLimit of ${name} is not known`, syncSetup, fullCache);
  if (!connectionsMax || max === undefined)
    return unjudged(code, name, `The size of the table of ${name} is not known`, connectionsMax, fullCache);
  if (setup.hashLimit >= max) return undefined;
  const [limit, table, wanted] = [setup.hashLimit, max, 2 * max].map((each) => each.toLocaleString('en'));
  return {
    code,
    node: name,
    state: 'present',
    sentence: `${name} replicates at most ${limit} connections, and its kernel may hold ${table}.`,
    why: fullCache,
    evidence: [
      seen(name, `HashLimit ${setup.hashLimit}`, syncSetup),
      seen(name, `nf_conntrack_max ${max}`, connectionsMax),
    ],
    remedy: `Set HashLimit to twice nf_conntrack_max (${wanted}) on every node, and restart conntrackd, on the slaves first.`,
    sideEffects: restartEffects,
    snippet: { where: `General { … } of ${setup.file}`, text: `HashLimit ${2 * max}` },
  };
};

const restartEffects =
  'A slave that restarts loses its external cache until a full sync (conntrackd -n) has arrived. Memory grows with the entries held, not with the limit.';

const noResync =
  'A daemon that is restarted alone, by an upgrade or after a crash, comes up with an empty external cache. It fills only as connections change, so a failover in the meantime loses all that were idle.';

export const startupResync: NodeTrap = ({ name, readings: { syncSetup } }) => {
  const code = 'no-startup-resync';
  const setup = readingValue(syncSetup);
  if (!syncSetup || !setup)
    return unjudged(
      code,
      name,
      `Whether ${name} asks for a full sync at its start is not known`,
      syncSetup,
      noResync,
    );
  // ALARM repeats every entry by itself
  if (setup.startupResync || setup.mode === 'alarm' || setup.mode === 'stats') return undefined;
  return {
    code,
    node: name,
    state: 'present',
    sentence: `conntrackd on ${name} asks for no full sync when it starts.`,
    why: `${noResync} The takeover script asks for one when keepalived starts, not when conntrackd does.`,
    evidence: [seen(name, 'StartupResync is off, as it is unless it is set', syncSetup)],
    remedy: "Set StartupResync in the mode's block, or run conntrackd -n after each start.",
    sideEffects: 'At each start of this daemon every peer sends all that it has.',
    snippet: { where: `Mode … { … } of ${setup.file}`, text: 'StartupResync yes' },
  };
};

const flushesKernel =
  "Without an internal cache, conntrackd -f empties the kernel's table. The stock primary-backup.sh runs it right after its commit: a failover ends what it has just carried over.";

export const internalCacheOff: NodeTrap = (node) => {
  const { agent, syncSetup, hookScripts } = node.readings;
  const { name } = node;
  const code = 'internal-cache-off-with-flush';
  const running = readingValue(agent)?.internal.kind;
  const off =
    running === undefined || running === 'absent'
      ? readingValue(syncSetup)?.disableInternalCache
      : running === 'bypass';
  if (off === undefined)
    return unjudged(
      code,
      name,
      `Whether ${name} keeps an internal cache is not known`,
      agent?.ok ? syncSetup : agent,
      flushesKernel,
    );
  if (!off) return undefined;
  return scriptTrap(node, code, flushesKernel, {
    isHarm: ({ branch, option }) =>
      /^-f(?: internal| ct)?$/.test(option) && branch !== 'backup' && branch !== 'fault',
    sentence: `A takeover by ${name} would empty its kernel's table: conntrackd -f, with DisableInternalCache.`,
    evidence: [
      ...(agent?.ok && running === 'bypass'
        ? [seen(name, 'internal bypass: it keeps no internal cache', agent)]
        : []),
      ...(syncSetup?.ok
        ? [
            seen(
              name,
              `DisableInternalCache ${syncSetup.value.disableInternalCache ? 'On' : 'Off'}`,
              syncSetup,
            ),
          ]
        : []),
    ],
    remedy: 'Flush the external cache alone in the script, and leave out -R, which this mode does not have.',
    sideEffects: 'None until the next change of role.',
    text: 'conntrackd -f external',
    hasScripts: hookScripts,
  });
};

const scheduledFlush =
  "With DisableExternalCache the peers' connections are in the kernel's table at once. The stock primary-backup.sh schedules a flush of that table (conntrackd -t) whenever the node becomes backup: it would take them all. In a trial TCP connections broke at each failover.";

export const externalCacheOff: NodeTrap = (node) => {
  const { agent, syncSetup, hookScripts } = node.readings;
  const { name } = node;
  const code = 'external-cache-off-with-script';
  const running = readingValue(agent)?.external.kind;
  const off =
    running === undefined || running === 'absent'
      ? readingValue(syncSetup)?.disableExternalCache
      : running === 'inject';
  if (off === undefined)
    return unjudged(
      code,
      name,
      `Whether ${name} keeps an external cache is not known`,
      agent?.ok ? syncSetup : agent,
      scheduledFlush,
    );
  if (!off) return undefined;
  return scriptTrap(node, code, scheduledFlush, {
    isHarm: ({ option }) => option === '-t' || option === '-F',
    sentence: `The takeover script of ${name} flushes the kernel's table, which with DisableExternalCache holds the peers' connections.`,
    evidence: [
      ...(agent?.ok && running === 'inject'
        ? [seen(name, 'external inject: what the peers send goes into the kernel', agent)]
        : []),
      ...(syncSetup?.ok
        ? [
            seen(
              name,
              `DisableExternalCache ${syncSetup.value.disableExternalCache ? 'On' : 'Off'}`,
              syncSetup,
            ),
          ]
        : []),
    ],
    remedy:
      'Take the notify scripts out of keepalived.conf, since nothing has to be committed, or turn the external cache on.',
    sideEffects:
      'Turning the cache on takes a restart of conntrackd on every node, the slaves first, and a full sync after it.',
    text: 'DisableExternalCache Off',
    hasScripts: hookScripts,
  });
};

interface ScriptTrap extends Pick<Trap, 'sentence' | 'evidence' | 'remedy' | 'sideEffects'> {
  readonly isHarm: (step: ScriptStep) => boolean;
  readonly text: string;
  readonly hasScripts: NodeSnapshot['readings']['hookScripts'];
}

/** A trap that is open only where a script does the harmful thing without looking at the caches first. */
function scriptTrap(
  node: NodeSnapshot,
  code: Trap['code'],
  why: string,
  { isHarm, text, hasScripts, ...told }: ScriptTrap,
): Trap | undefined {
  const { name } = node;
  const hooks = readingValue(hasScripts);
  if (!hasScripts || !hooks)
    return unjudged(code, name, `What the takeover scripts of ${name} do is not known`, hasScripts, why);
  const cache = code === 'internal-cache-off-with-flush' ? 'internal' : 'external';
  for (const { path, steps = [], checks } of hooks.scripts) {
    const harm = steps.find(isHarm);
    if (harm === undefined || checks.includes(cache)) continue;
    const branch = harm.branch === undefined ? '' : ` for ${harm.branch}`;
    const line = `${path} line ${harm.line} runs conntrackd ${harm.option}${branch}`;
    const where =
      cache === 'internal' ? `line ${harm.line} of ${path}` : readingValue(node.readings.syncSetup)?.file;
    return {
      code,
      node: name,
      state: 'present',
      why,
      ...told,
      evidence: [...told.evidence, seen(name, line, hasScripts)],
      snippet: { where: where ?? 'conntrackd.conf', text },
    };
  }
  const unread = hooks.scripts.find(({ steps }) => steps === undefined || steps.length === 0);
  if (unread !== undefined) {
    const whose = unread.unread ?? 'no command of conntrackd was recognised in it';
    return unjudged(
      code,
      name,
      `What ${unread.path} on ${name} does is not known (${whose})`,
      hasScripts,
      why,
    );
  }
  return hooks.complete
    ? undefined
    : unjudged(
        code,
        name,
        `The takeover engine of ${name} may run scripts that were not seen`,
        hasScripts,
        why,
      );
}
