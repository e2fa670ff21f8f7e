import { describe, expect, test } from 'vitest';
import { parseScript } from '../../../main/agents/sync/conntrackd/parse-script.ts';
import { parseSetup } from '../../../main/agents/sync/conntrackd/parse-setup.ts';
import { includesOf, withIncludes } from '../../../main/agents/takeover/keepalived/includes.ts';
import { parseHooks } from '../../../main/agents/takeover/keepalived/parse-hooks.ts';
import { fixture } from '../../support/fixture.ts';

const options = (text: string) =>
  parseScript(text).steps.map(({ branch = '', option }) => `${branch} ${option}`.trim());

describe('a takeover script', () => {
  test('as conntrack-tools ships it is read step by step, and looks at no switch before it flushes', () => {
    const read = parseScript(fixture('conntrackd/1.4.7/primary-backup.sh'));
    expect(read.steps.map(({ branch = '', option }) => `${branch} ${option}`)).toEqual([
      'primary -c',
      'primary -f',
      'primary -R',
      'primary -B',
      'backup -s',
      'backup -d',
      'backup -t',
      'backup -n',
      'fault -t',
    ]);
    expect(read.steps[1]?.line).toBe(40);
    expect(read.checks).toEqual([]);
  });

  test('is read by whatever name it calls the program, and not from what it only says', () => {
    expect(options('conntrackd -f external && sudo /usr/sbin/conntrackd -R\n')).toEqual([
      '-f external',
      '-R',
    ]);
    expect(options('"$CONNTRACKD_BIN" -C "$CONFIG" -f internal')).toEqual(['-f internal']);
    expect(options('case $1 in primary) conntrackd -c;; backup) conntrackd -t;; esac')).toEqual([
      'primary -c',
      'backup -t',
    ]);
    expect(options('logger "failed to run conntrackd -f" # conntrackd -F')).toEqual([]);
  });

  test('that looks at the caches first is told as such', () => {
    expect(parseScript('grep -q "DisableInternalCache On" x || conntrackd -f').checks).toEqual(['internal']);
    expect(parseScript('conntrackd -s | grep "internal bypass" || conntrackd -f').checks).toEqual([
      'internal',
    ]);
  });
});

test('what a configuration does not set stands at the default of conntrackd, which asks for nothing at its start', () => {
  const text = `Sync {
  Mode NOTRACK { DisableInternalCache On }
  Multicast { IPv4_address 225.0.0.50 Group 3780 IPv4_interface 10.0.0.1 Interface eth2 }
}
General { LockFile /run/x.lock }`;
  expect(parseSetup(text, '/etc/x.conf')).toEqual({
    file: '/etc/x.conf',
    mode: 'notrack',
    channels: [
      {
        transport: 'multicast',
        address: '225.0.0.50',
        interfaceAddress: '10.0.0.1',
        device: 'eth2',
        port: 3780,
      },
    ],
    disableInternalCache: true,
    disableExternalCache: false,
    hashLimit: 262_144,
    startupResync: false,
    lockFile: '/run/x.lock',
  });
});

describe('what a keepalived.conf includes', () => {
  const main = `global_defs { router_id a }
include conf.d/*.conf
include /etc/keepalived/extra.conf
include {a,b}/x.conf`;

  test('is looked for beside the file itself, and alternatives are left alone', () => {
    expect(includesOf(main, '/etc/keepalived/keepalived.conf')).toEqual([
      { line: 2, folder: '/etc/keepalived/conf.d', name: '*.conf' },
      { line: 3, folder: '/etc/keepalived', name: 'extra.conf' },
    ]);
  });

  test('counts as if it stood there, its script too; what could not be read keeps the answer incomplete', () => {
    const instance = 'vrrp_instance A {\n  notify_master "/etc/x.sh primary"\n}';
    const some = withIncludes(main, new Map([[2, instance]]));
    expect(parseHooks(some)).toMatchObject({ programs: ['/etc/x.sh'], without: [], complete: false });
    const all = withIncludes('include a.conf', new Map([[1, instance]]));
    expect(parseHooks(all)).toMatchObject({ programs: ['/etc/x.sh'], complete: true });
  });
});
