import { describe, expect, it } from 'vitest';
import type { GateCode } from '../../../shared/domain/readiness.ts';
import { agent, bad, good, instance, type NodeRound, takeover, vip } from './build.ts';
import { gateOf, masterRound, overflowing, slaveRound, steady, type Told, tell } from './readiness-story.ts';

const lossy = (kind: 'failed' | 'malformed') => (second: number) => {
  const state = agent({ external: 500, received: 10 * second });
  const lost = second > 3 ? 7 : 0;
  const counters = {
    created: 500,
    updated: 0,
    destroyed: 0,
    failed: kind === 'failed' ? lost : 0,
    active: 500,
  };
  const agentState = {
    ...state,
    malformed: kind === 'malformed' ? lost : 0,
    external: { kind: 'cache' as const, counters },
  };
  return { fw1: masterRound, fw2: slaveRound(second, { agent: agentState }) };
};
const noPermission = (at: number) => bad('no-permission', at);
const hooksWith = (at: number, state: 'executable' | 'not-executable' | 'missing') =>
  good(
    { programs: [{ path: '/etc/hook.sh', state }], without: [], complete: true, trackedInterfaces: [] },
    at,
  );

interface Case extends Told {
  readonly code: GateCode;
  readonly what: string;
  readonly result: 'fail' | 'unknown';
  readonly says: RegExp;
}

const cases: readonly Case[] = [
  {
    code: 'fresh-data',
    what: 'the addresses are old although the node answers',
    result: 'fail',
    says: /addresses is \d+ s old/,
    seconds: 14,
    rounds: (second) => ({
      fw1: masterRound,
      fw2:
        second > 4
          ? { agent: agent({ external: 500, received: second }), state: 'BACKUP' }
          : slaveRound(second),
    }),
    slave: (at) => ({
      addresses: good([{ device: 'eth0', address: '10.0.0.12', prefixLength: 24 }], Math.min(at, 1_003_000)),
    }),
  },
  {
    code: 'fresh-data',
    what: 'the statistics may not be read',
    result: 'unknown',
    says: /no-permission/,
    rounds: (second) => ({
      fw1: masterRound,
      fw2: slaveRound(second, { agent: noPermission(1_000_000 + second * 1000) }),
    }),
  },
  {
    code: 'agent-answers',
    what: 'the daemon does not answer in time',
    result: 'fail',
    says: /timed-out/,
    rounds: (second) => ({
      fw1: masterRound,
      fw2: slaveRound(second, { agent: bad('timed-out', 1_000_000 + second * 1000) }),
    }),
  },
  {
    code: 'agent-answers',
    what: 'it replicates in another mode than the master',
    result: 'fail',
    says: /NOTRACK, fw1 in FTFW/,
    rounds: (second) => ({
      fw1: masterRound,
      fw2: slaveRound(second, { agent: agent({ external: 500, received: 10 * second, mode: 'notrack' }) }),
    }),
  },
  {
    code: 'agent-answers',
    what: 'its mode is not known',
    result: 'unknown',
    says: /mode is not known/,
    rounds: (second) => ({
      fw1: masterRound,
      fw2: slaveRound(second, { agent: agent({ external: 500, received: 10 * second, mode: 'unknown' }) }),
    }),
  },
  {
    code: 'link-running',
    what: 'its sync link is dead',
    result: 'fail',
    says: /sync0 is NO-CARRIER/,
    rounds: (second) => ({
      fw1: masterRound,
      fw2: slaveRound(second, { agent: agent({ external: 500, received: 60, status: 'NO-CARRIER' }) }),
    }),
  },
  {
    code: 'link-running',
    what: 'nothing arrives although the link is up',
    result: 'fail',
    says: /nothing has arrived/,
    seconds: 8,
    rounds: (second) => ({
      fw1: masterRound,
      fw2: slaveRound(second, { agent: agent({ external: 500, received: 60 }) }),
    }),
  },
  {
    code: 'link-running',
    what: 'too few readings were taken to tell',
    result: 'unknown',
    says: /not known yet/,
    seconds: 1,
  },
  {
    code: 'in-step',
    what: 'it holds nothing of the master',
    result: 'fail',
    says: /never: it has received none/,
    rounds: (second) => ({
      fw1: masterRound,
      fw2: slaveRound(second, { agent: agent({ received: 10 * second }) }),
    }),
  },
  {
    code: 'in-step',
    what: 'it is too early to tell',
    result: 'unknown',
    says: /too few readings/,
    seconds: 1,
  },
  {
    code: 'no-losses',
    what: 'its cache refused entries',
    result: 'fail',
    says: /7 entries that its cache could not take/,
    rounds: lossy('failed'),
  },
  {
    code: 'no-losses',
    what: 'malformed messages came',
    result: 'fail',
    says: /7 malformed/,
    rounds: lossy('malformed'),
  },
  {
    code: 'no-losses',
    what: "the master's resend queue overflows",
    result: 'fail',
    says: /9 messages .* on fw1/,
    rounds: overflowing(4),
  },
  {
    code: 'no-losses',
    what: "the master's resend queue overflowed before anyone looked",
    result: 'unknown',
    says: /whether before or after the last full sync is not known/,
    rounds: overflowing(1),
  },
  {
    code: 'no-losses',
    what: 'its daemon was restarted and took no full sync',
    result: 'fail',
    says: /restarted, and no full sync/,
    seconds: 12,
    rounds: (second) => ({
      fw1: masterRound,
      fw2: slaveRound(second, {
        agent:
          second === 4
            ? bad('not-running', 1_000_000 + second * 1000)
            : agent({ external: 500, received: second < 4 ? 1000 + second : second }),
      }),
    }),
    slave: (at) => ({ syncLog: good({ commitRunning: false, bulkSinceStart: false }, at) }),
  },
  {
    code: 'room',
    what: 'its table could not hold both its own and the replicated',
    result: 'fail',
    says: /fill 109 % of 550/,
    slave: (at) => ({ connectionsMax: good(550, at) }),
  },
  {
    code: 'room',
    what: 'the size of its table cannot be read',
    result: 'unknown',
    says: /size of the table cannot/,
    slave: (at) => ({ connectionsMax: noPermission(at) }),
  },
  {
    code: 'takeover-standby',
    what: 'its engine is in FAULT',
    result: 'fail',
    says: /FAULT/,
    rounds: (second) => ({ fw1: masterRound, fw2: slaveRound(second, { state: 'FAULT' }) }),
  },
  {
    code: 'takeover-standby',
    what: 'its notify script cannot be run',
    result: 'fail',
    says: /hook\.sh.* is not executable/,
    slave: (at) => ({ hooks: hooksWith(at, 'not-executable') }),
  },
  {
    code: 'takeover-standby',
    what: 'its notify script is gone',
    result: 'fail',
    says: /hook\.sh.* does not exist/,
    slave: (at) => ({ hooks: hooksWith(at, 'missing') }),
  },
  {
    code: 'takeover-standby',
    what: 'nothing is run for an instance',
    result: 'fail',
    says: /nothing is run .* VI_1/,
    slave: (at) => ({
      hooks: good({ programs: [], without: ['VI_1'], complete: true, trackedInterfaces: [] }, at),
    }),
  },
  {
    code: 'takeover-standby',
    what: 'its configuration may not be read',
    result: 'unknown',
    says: /no-permission/,
    slave: (at) => ({ hooks: noPermission(at) }),
  },
  {
    code: 'one-master',
    what: 'nobody is master',
    result: 'fail',
    says: /no master of VI_1/,
    rounds: (second) => ({ fw1: { ...slaveRound(second), hears: 'fw3' }, fw2: slaveRound(second) }),
  },
  {
    code: 'one-master',
    what: 'the other node cannot be seen',
    result: 'unknown',
    says: /whether fw1 is master too cannot be seen/,
    seconds: 12,
    rounds: (second) => (second > 4 ? { fw2: slaveRound(second) } : steady(second)),
  },
  {
    code: 'nothing-pending',
    what: 'a commit is running',
    result: 'fail',
    says: /a commit is running/,
    slave: (at) => ({ syncLog: good({ commitRunning: true, bulkSinceStart: true }, at) }),
  },
  {
    code: 'nothing-pending',
    what: 'a flush of its kernel table is scheduled',
    result: 'fail',
    says: /empties its kernel table of it PurgeTimeout, 1 min, after that was asked for; when that was is not known/,
    slave: (at) => ({ syncLog: good({ commitRunning: false, flushPending: 60, bulkSinceStart: true }, at) }),
  },
  {
    code: 'nothing-pending',
    what: 'its log may not be read',
    result: 'unknown',
    says: /log cannot be read/,
    slave: (at) => ({ syncLog: noPermission(at) }),
  },
  {
    code: 'same-rules',
    what: 'its rules differ',
    result: 'fail',
    says: /its rules differ/,
    slave: (at) => ({ rules: good({ hash: 'b', lines: 13 }, at) }),
  },
  {
    code: 'same-rules',
    what: 'a kernel setting differs',
    result: 'fail',
    says: /ip_forward is 0, there 1/,
    slave: (at) => ({ settings: good({ 'net.ipv4.ip_forward': '0' }, at) }),
  },
  {
    code: 'same-rules',
    what: 'a helper of the master is not loaded',
    result: 'fail',
    says: /nf_conntrack_ftp is not loaded/,
    master: (at) => ({ helpers: good(['nf_conntrack_ftp'], at) }),
  },
  {
    code: 'same-rules',
    what: "the master's rules may not be read",
    result: 'unknown',
    says: /master's firewall rules cannot be read/,
    master: (at) => ({ rules: noPermission(at) }),
  },
  {
    code: 'data-plane',
    what: 'a service interface has no carrier',
    result: 'fail',
    says: /no carrier on eth0/,
    slave: (at) => ({
      addresses: good([{ device: 'eth0', address: '10.0.0.12', prefixLength: 24, carrier: false }], at),
    }),
  },
  {
    code: 'data-plane',
    what: 'a route of the master is missing',
    result: 'fail',
    says: /no route default via 10\.0\.0\.254 dev eth0/,
    slave: (at) => ({ routes: good([], at) }),
  },
  {
    code: 'data-plane',
    what: 'its gateway does not answer',
    result: 'fail',
    says: /gateway 10\.0\.0\.254 does not answer/,
    slave: (at) => ({ neighbours: good([{ address: '10.0.0.254', device: 'eth0', state: 'FAILED' }], at) }),
  },
  {
    code: 'data-plane',
    what: 'nobody ever asked its gateway',
    result: 'unknown',
    says: /nothing was sent to it/,
    slave: (at) => ({ neighbours: good([], at) }),
  },
];

describe('a gate', () => {
  it.each(cases)('$code is $result when $what', (told) => {
    const gate = gateOf(tell(told), told.code);
    expect(gate).toMatchObject({ code: told.code, result: told.result });
    expect(gate.message).toMatch(told.says);
  });

  it('ignores routes that belong to one node alone: connected ones, and those of its service addresses', () => {
    const connected = { destination: `${vip}/32`, gateways: [], device: 'eth0', origin: 'kernel' };
    const story = tell({
      master: (at) => ({
        routes: good([{ destination: 'default', gateways: ['10.0.0.254'], device: 'eth0' }, connected], at),
      }),
    });
    expect(gateOf(story, 'data-plane').result).toBe('pass');
  });

  it('says more than one master when both say so, seen twice, and then there is no slave to ask', () => {
    const both: NodeRound = { state: good(takeover(instance('MASTER')), 1_000_000), holds: true };
    const story = tell({ rounds: () => ({ fw1: masterRound, fw2: { ...both, state: 'MASTER' } }) });
    expect(story.codes()).toContain('split-brain');
    expect(story.node('fw2').gates).toBeUndefined();
  });
});
