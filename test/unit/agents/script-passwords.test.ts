import { describe, expect, test } from 'vitest';
import { parseError } from '../../../main/agents/parse-error.ts';
import { redact } from '../../../main/agents/redact.ts';
import { printOf } from '../../support/parse-command.ts';

/** Ways in which a check or notify script gets its password, with what of the line must stay to be read. */
const commands: readonly (readonly [command: string, stays: string])[] = [
  ['/usr/bin/mysql -u root -ps3cr3t -h 10.0.0.1', '-h 10.0.0.1'],
  ['/usr/bin/mysqladmin --user=root -p s3cr3t ping', 'ping'],
  ['mysql --password=s3cr3t --host=db', 'mysql'],
  ['/opt/check --password s3cr3t --host db', '--host db'],
  ["/opt/check --db-password 's3cr3t s3cr3t' --host db", '--host db'],
  ['/opt/check --token s3cr3t --host db', '--host db'],
  ['/opt/check --api-key=s3cr3t', '/opt/check'],
  ['env PASS=s3cr3t /opt/check now', '/opt/check now'],
  ['MYSQL_PWD=s3cr3t /opt/check now', '/opt/check now'],
  ["DB_PASSWORD='s3cr3t s3cr3t' /opt/check now", '/opt/check now'],
  ['/usr/bin/curl -fs http://admin:s3cr3t@10.0.0.9:8080/health', '10.0.0.9:8080/health'],
  ['/usr/bin/curl -u admin:s3cr3t http://10.0.0.9/health', 'http://10.0.0.9/health'],
  ['/usr/bin/rsync admin:s3cr3t@10.0.0.9 x', '10.0.0.9'],
  ['dbpass=s3cr3t /opt/check now', '/opt/check now'],
  ['sshpass -p s3cr3t ssh fw2 true', 'ssh fw2 true'],
  ['/usr/bin/redis-cli -a s3cr3t ping', 'ping'],
  ['ldapsearch -x -D cn=x -w s3cr3t -b dc=x', '-b dc=x'],
  ['ipmitool -H 10.0.0.9 -U admin -P s3cr3t power status', 'power status'],
  ['snmpget -v2c -c s3cr3t 10.0.0.9 sysName', '10.0.0.9 sysName'],
  ['curl -H Authorization:Bearer s3cr3t', 'curl'],
];

describe('a password in the arguments of a script', () => {
  test.each(commands)(
    'stays out of a log line and of an error, and the rest of it is kept: %s',
    (command, stays) => {
      for (const shown of [
        redact(`Script \`${command}\` now returning 1`),
        parseError(1, command, 'x').text,
      ]) {
        expect(shown).not.toContain('s3cr3t');
        expect(shown).toContain(stays);
      }
    },
  );

  test.each(commands)('stays out of the configuration that runs it: %s', async (command) => {
    const config = `vrrp_script chk {\n script "${command}"\n interval 2\n}\nvrrp_instance VI_1 {\n state BACKUP\n interface eth0\n virtual_router_id 5\n priority 100\n notify_master "${command}"\n notify ${command}\n}\n`;
    const { stdout } = await printOf(['keepalived-config'], config);
    expect(stdout).not.toContain('s3cr3t');
    expect(stdout).toContain('"VI_1"');
    expect(stdout).toContain('"priority":100');
  });

  test.each(commands)('stays out of what either program logged: %s', async (command) => {
    for (const [kind, program] of [
      ['keepalived-log', 'Keepalived_vrrp[12]'],
      ['conntrackd-log', 'conntrack-tools[12]'],
    ] as const) {
      const { stdout } = await printOf([kind], `Nov 22 15:03:13 fw1 ${program}: Unable to run ${command}\n`);
      expect(stdout).not.toContain('s3cr3t');
    }
  });

  test('stays out of a line that was cut within its quotes', () => {
    for (const line of ['/opt/check --password "s3cr3t s3c', "PASS='s3cr3t s3c", '"password": "s3cr3t s3c'])
      expect(redact(line)).not.toContain('s3c');
  });

  test('costs no more to look for in each letter of a hostile line of a megabyte than in a short one', () => {
    const cost = (length: number): number => {
      const before = process.cpuUsage();
      for (const piece of ['a://', 'mysql ', 'a-', 'pass', 'curl -u ', 'x:', '--'])
        redact(`${piece.repeat(length / piece.length)}@`);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    cost(100_000);
    // ten times as long: ten times the cost, where looking back from each letter would take a hundred times
    expect(cost(1_000_000) / cost(100_000)).toBeLessThan(40);
  });

  test('is not seen where there is none', () => {
    for (const line of [
      'tcp 6 9 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 srckey=0x1 secctx=a:b:c',
      '[2026-11-22 15:03:13] fw1 (VI_1) Entering MASTER STATE',
      'script "/usr/bin/pgrep -x conntrackd"',
      'notify_master "/etc/conntrackd/primary-backup.sh primary"',
      'mkdir -p /run/handover',
      'Accepted publickey for root from 2001:db8::1 port 5022',
      'vrrp_track_process conntrackd { process conntrackd }',
    ])
      expect(redact(line)).toBe(line);
  });
});
