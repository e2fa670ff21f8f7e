import { describe, expect, test } from 'vitest';
import { parseHelpers, parsePrograms, parseSettings } from '../../../main/agents/host/facts.ts';
import { parseNeighbours, parseRoutes } from '../../../main/agents/network/index.ts';
import { normaliseRules } from '../../../main/agents/rules/nftables.ts';
import { parseChildren } from '../../../main/agents/sync/conntrackd/parse-children.ts';
import { keepalived } from '../../../main/agents/takeover/keepalived/index.ts';
import { fixture } from '../../support/fixture.ts';

describe('the rules of two nodes', () => {
  const rules = fixture('nftables/1.0.6/ruleset.txt');
  const changed = (from: string, to: string) => {
    expect(rules).toContain(from);
    return normaliseRules(rules.replace(from, to));
  };

  test('are the same whatever was counted, learned or loaded first', () => {
    const same = normaliseRules(rules);
    expect(changed('counter packets 0 bytes 0 accept', 'counter packets 81 bytes 9120 accept')).toBe(same);
    expect(changed('\t\tpackets 0 bytes 0', '\t\tpackets 4 bytes 160')).toBe(same);
    expect(changed('over 100 mbytes', 'over 100 mbytes used 12 kbytes')).toBe(same);
    expect(changed('1.2.3.4 expires 59s996ms, ', '')).toBe(same);
    expect(changed('{ 1.1.1.1, 2.2.2.2,', '{ 2.2.2.2, 1.1.1.1,')).toBe(same);
    const second = rules.indexOf('table ip a');
    expect(normaliseRules(rules.slice(second) + rules.slice(0, second))).toBe(same);
  });

  test('differ by a rule, its place, a policy, an element, a limit', () => {
    const same = normaliseRules(rules);
    for (const [from, to] of [
      ['policy drop', 'policy accept'],
      ['10.0.0.0/8', '10.0.0.0/9'],
      ['limit rate 5/second', 'limit rate 6/second'],
      ['over 100 mbytes', 'over 200 mbytes'],
      ['comment "x y"\n', 'comment "x y"\n\t\tdrop\n'],
      ['timeout 1m', 'timeout 2m'],
    ] as const) {
      expect(changed(from, to), to).not.toBe(same);
    }
    const [before, after] = [
      '\t\ttcp dport vmap { 22 : accept, 80 : drop }\n',
      '\t\tadd @d { ip saddr timeout 10s }\n',
    ];
    expect(changed(before + after, after + before)).not.toBe(same);
  });
});

test('kernel settings are read by name, with values of several words', () => {
  expect(parseSettings('net.ipv4.ip_forward = 1\nnet.ipv4.ip_local_port_range = 32768\t60999\n')).toEqual({
    'net.ipv4.ip_forward': '1',
    'net.ipv4.ip_local_port_range': '32768\t60999',
  });
});

test('of the loaded modules the connection-tracking helpers are told, and nothing else', () => {
  const line = (name: string) => `${name} 20480 0 - Live 0x0000000000000000\n`;
  const loaded = ['nf_conntrack_netlink', 'nf_nat_ftp', 'nf_conntrack_ftp', 'e1000', 'nf_conntrack'];
  expect(parseHelpers(loaded.map(line).join(''))).toEqual(['nf_conntrack_ftp', 'nf_nat_ftp']);
});

test('a program is executable, not executable or missing', () => {
  const paths = ['/etc/a.sh', '/etc/b.sh', '/etc/c', '/etc/gone.sh'];
  const printed = '/etc/a.sh\t755\tregular file\n/etc/b.sh\t644\tregular file\n/etc/c\t755\tdirectory\n';
  expect(parsePrograms(printed, paths).map(({ state }) => state)).toEqual([
    ...['executable', 'not-executable', 'not-executable', 'missing'],
  ]);
});

test('a route names all of its gateways and who made it', () => {
  const routes = parseRoutes(
    '[{"dst":"default","gateway":"192.0.2.1","dev":"eth0","flags":[]},{"dst":"10.0.0.0/8","protocol":"bgp","metric":20,"flags":[],"nexthops":[{"gateway":"192.0.2.2","dev":"eth0","weight":1,"flags":[]},{"gateway":"192.0.2.3","dev":"eth1","weight":1,"flags":[]}]},{"dst":"192.0.2.0/24","dev":"eth0","protocol":"kernel","scope":"link","prefsrc":"192.0.2.2","flags":[]}]',
  );
  expect(routes).toEqual({
    ok: true,
    value: [
      { destination: 'default', gateways: ['192.0.2.1'], device: 'eth0' },
      { destination: '10.0.0.0/8', gateways: ['192.0.2.2', '192.0.2.3'], metric: 20, origin: 'bgp' },
      { destination: '192.0.2.0/24', gateways: [], device: 'eth0', origin: 'kernel' },
    ],
  });
  expect(parseRoutes('')).toEqual({ ok: true, value: [] });
  expect(parseRoutes('default via 192.0.2.1').ok).toBe(false);
});

test('a neighbour tells whether it answered, and when', () => {
  expect(
    parseNeighbours(
      '[{"dst":"192.0.2.1","dev":"eth0","lladdr":"02:fc:00:00:00:05","refcnt":1,"used":23,"confirmed":21,"updated":23,"probes":1,"state":["REACHABLE"]},{"dst":"fd00::1","dev":"eth0","used":7092,"updated":50,"probes":6,"state":["FAILED"]}]',
    ),
  ).toEqual({
    ok: true,
    value: [
      { address: '192.0.2.1', device: 'eth0', state: 'REACHABLE', confirmedSeconds: 21 },
      { address: 'fd00::1', device: 'eth0', state: 'FAILED' },
    ],
  });
});

test("the sync agent's children are told by kind", () => {
  expect(parseChildren('')).toEqual([]);
  expect(parseChildren('PID=812 type=commit\nPID=813 type=any\n')).toEqual(['commit', 'any']);
});

describe('what keepalived runs when an instance becomes master', () => {
  const instance = (name: string, more = '') =>
    `vrrp_instance ${name} {\n interface lan0\n virtual_router_id 7\n track_interface {\n wan0\n }\n${more}}\n`;

  test("is its own script or its group's; a script for another state does not count", () => {
    const group = 'vrrp_sync_group FW {\n group {\n A\n }\n notify_master "/etc/hook.sh primary"\n}\n';
    const own = ' notify_backup "/etc/other.sh"\n';
    expect(keepalived.parseHooks(group + instance('A') + instance('B', own))).toEqual({
      programs: ['/etc/hook.sh'],
      without: ['B'],
      complete: true,
      trackedInterfaces: ['wan0'],
    });
  });

  test('is not surely nothing where another file is included', () => {
    expect(keepalived.parseHooks(`include /etc/keepalived/conf.d/*.conf\n${instance('A')}`)).toMatchObject({
      without: ['A'],
      complete: false,
    });
  });
});
