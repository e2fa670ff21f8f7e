import type { CanaryCommands } from '../../agent.ts';
import { command } from '../../command.ts';

/** Addresses for documentation (RFC 5737): nothing that carries traffic uses them. */
const [source, destination] = ['198.51.100.1', '198.51.100.2'];
const dport = 9;
/** It ends by itself so soon, on both nodes, should nobody delete it. */
export const canarySeconds = 10;
const mark = 4242;

const conntrack = '/usr/sbin/conntrack';

/**
 * One marked entry that no packet belongs to. TCP and established, since a filter of the sync agent may take nothing
 * else; `-m` after `-u`, because conntrack 1.4.7 else stores another mark.
 */
export const canaryCommands = (sport: number): CanaryCommands => {
  const tuple = ['-s', source, '-d', destination, '-p', 'tcp', '--sport', `${sport}`, '--dport', `${dport}`];
  const state = ['--state', 'ESTABLISHED', '-u', 'SEEN_REPLY,ASSURED', '-t', `${canarySeconds}`];
  return {
    entry: `tcp ${source}:${sport} → ${destination}:${dport}, mark ${mark}, ${canarySeconds} s`,
    insert: command([conntrack, '-I', ...tuple, ...state, '-m', `${mark}`], { privileged: true }),
    remove: command([conntrack, '-D', ...tuple], { privileged: true }),
    isIn: (dump) =>
      dump.includes(` src=${source} dst=${destination} sport=${sport} dport=${dport} `) ||
      dump.includes(` src=${source} dst=${destination} sport=${sport} dport=${dport}\n`),
    isGone: ({ exitCode, stderr }) =>
      exitCode === 0 || (exitCode === 1 && stderr.includes(' 0 flow entries have been deleted')),
  };
};
