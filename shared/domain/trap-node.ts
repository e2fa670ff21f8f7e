import { readingValue } from '../lib/reading.ts';
import { seen, unjudged } from './trap.ts';
import type { NodeTrap } from './trap-config.ts';

const setting = 'net.netfilter.nf_conntrack_events';
const autoEvents =
  "With 2 (auto, the default since Linux 5.19) the kernel tells of changes only for connections that began while somebody listened: those older than conntrackd's start send no updates and no end. Their replica grows stale, and what ended lives on there.";

/** 2: events only for connections younger than the listener. 0: none at all. */
export const kernelEvents: NodeTrap = ({ name, readings: { settings } }) => {
  const code = 'events';
  const value = readingValue(settings)?.[setting];
  if (!settings || value === undefined)
    return unjudged(
      code,
      name,
      `Whether the kernel of ${name} tells of every connection is not known`,
      settings,
      autoEvents,
    );
  if (value === '1') return undefined;
  return {
    code,
    node: name,
    state: 'present',
    sentence:
      value === '0'
        ? `The kernel of ${name} tells of no connection at all: nothing is replicated from it.`
        : `The kernel of ${name} is silent about connections older than conntrackd's start.`,
    why:
      value === '0'
        ? "conntrackd learns of connections by the kernel's events alone, and they are switched off."
        : autoEvents,
    evidence: [seen(name, `${setting} = ${value}`, settings)],
    remedy:
      'Set it to 1, and make conntrackd read the table anew (conntrackd -R) so that it knows what began before.',
    sideEffects:
      'Each new connection carries a little more memory; those that exist keep as they are until they end. conntrackd -R stops the daemon while it reads (2.4 s for 400,000 entries).',
    snippet: { where: '/etc/sysctl.d/90-conntrackd.conf, then sysctl --system', text: `${setting} = 1` },
  };
};

const lockKeeps =
  'A daemon that was killed leaves its lock file behind, and conntrackd does not start while it lies there: systemd tries again and again, and the node stays without protection.';

export const staleLock: NodeTrap = ({ name, readings: { agent, lockFile } }) => {
  const code = 'stale-lock';
  if (!agent)
    return unjudged(code, name, `Whether conntrackd runs on ${name} is not known`, agent, lockKeeps);
  if (agent.ok) return undefined;
  if (agent.failure.kind !== 'not-running') {
    // a daemon that hangs, or may not be asked, is there all the same
    return lockFile?.ok && lockFile.value.agentRuns
      ? undefined
      : unjudged(code, name, `Whether conntrackd runs on ${name} is not known`, agent, lockKeeps);
  }
  if (!lockFile?.ok)
    return unjudged(
      code,
      name,
      `Whether a lock file keeps conntrackd on ${name} from starting is not known`,
      lockFile,
      lockKeeps,
    );
  const { path, exists, agentRuns } = lockFile.value;
  if (!exists || agentRuns) return undefined;
  return {
    code,
    node: name,
    state: 'present',
    sentence: `A lock file keeps conntrackd on ${name} from starting.`,
    why: lockKeeps,
    evidence: [
      seen(name, `${path} exists, and no conntrackd runs`, lockFile),
      seen(name, agent.failure.message, agent),
    ],
    remedy: 'Make sure that no conntrackd runs, remove the file, start the daemon and ask for a full sync.',
    sideEffects:
      'Every peer sends all that it has. Removing the lock of a daemon that runs would let a second one start.',
    snippet: {
      where: `a shell on ${name}, as root`,
      text: `pgrep -x conntrackd || { rm ${path} && systemctl start conntrackd && conntrackd -n; }`,
    },
  };
};

const nothingCommitted =
  'The addresses move all the same: keepalived does not wait for the script. But nothing is committed, so every connection that moves with them breaks.';

export const hookNotExecutable: NodeTrap = ({ name, readings: { hooks } }) => {
  const code = 'hook-not-executable';
  const value = readingValue(hooks);
  if (!hooks || !value)
    return unjudged(
      code,
      name,
      `Whether the takeover script of ${name} can be run is not known`,
      hooks,
      nothingCommitted,
    );
  const broken = value.programs.find(({ state }) => state !== 'executable');
  if (broken === undefined) {
    return value.complete || value.programs.length > 0
      ? undefined
      : unjudged(
          code,
          name,
          `The takeover engine of ${name} may run scripts that were not seen`,
          hooks,
          nothingCommitted,
        );
  }
  const missing = broken.state === 'missing';
  return {
    code,
    node: name,
    state: 'present',
    sentence: missing
      ? `The takeover script of ${name} does not exist: ${broken.path}.`
      : `The takeover script of ${name} cannot be run: ${broken.path} is not executable.`,
    why: nothingCommitted,
    evidence: [seen(name, `${broken.path} is ${missing ? 'missing' : 'not executable'}`, hooks)],
    remedy: missing
      ? 'Put the script where keepalived.conf names it, executable and owned by root.'
      : 'Make it executable.',
    sideEffects:
      'None until the next change of role. keepalived looks at its scripts when it starts: see in its log whether it has switched this one off.',
    ...(!missing && {
      snippet: {
        where: `a shell on ${name}, as root`,
        text: `chmod 755 ${broken.path} && chown root:root ${broken.path}`,
      },
    }),
  };
};
