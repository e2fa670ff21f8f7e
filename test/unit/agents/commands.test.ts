import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../../main/agents/command.ts';
import { modulesCommand, programsCommand, settingsCommand } from '../../../main/agents/host/facts.ts';
import { networkCommands } from '../../../main/agents/network/index.ts';
import { syncAgents, tableAgents, takeoverEngines } from '../../../main/agents/registry.ts';
import { rulesCommand } from '../../../main/agents/rules/nftables.ts';

const file = '/var/lib/handover/handover';

/** Every command that any agent can ask, built with what the product builds them with. */
const asked: Command[] = [
  ...tableAgents.flatMap(({ commands: { dump, count, limit, statistics } }) => [
    dump(),
    dump({ family: 'ipv6', timestamps: true }),
    count,
    limit,
    statistics,
  ]),
  ...syncAgents.flatMap(({ commands, defaultConfig }) => {
    const { log, state, details, ...rest } = commands(defaultConfig);
    return [...state, ...details, log('/var/log/conntrackd.log'), ...Object.values(rest)];
  }),
  ...takeoverEngines.flatMap(({ commands }) => {
    const { pid, config, alive, runningProgram, signalNumber, requestDump, dumpStamp, readDump, ...lever } =
      commands();
    return [
      ...[
        pid,
        config,
        alive,
        runningProgram(811),
        signalNumber('JSON'),
        signalNumber('DATA'),
        requestDump(36),
      ],
      ...[dumpStamp('JSON'), dumpStamp('DATA'), readDump('JSON'), readDump('DATA')],
      ...[
        lever.leverOwners(file, '/var/lib/handover'),
        lever.readLever(file),
        lever.writeLever(file, '-100\n'),
      ],
    ];
  }),
  ...Object.values(networkCommands()),
  ...[rulesCommand, settingsCommand, modulesCommand, programsCommand(['/etc/conntrackd/primary-backup.sh'])],
];

describe('the commands that a node is asked', () => {
  test('name their program with an absolute path, have a deadline and a cap', () => {
    for (const { argv, deadlineMs, maxBytes } of asked) {
      expect(argv[0]).toMatch(/^\/usr\/s?bin\/[a-z]+$/);
      expect(deadlineMs).toBeGreaterThan(0);
      expect(maxBytes).toBeGreaterThan(0);
    }
  });

  test('never include one that stalls, flushes, commits or starts a daemon', () => {
    const ofAgent = asked.filter(({ argv: [program] }) => program.endsWith('/conntrackd'));
    expect(ofAgent.map(({ argv }) => argv.slice(3).join(' ')).sort()).toEqual(
      ['-s', '-s network', '-s cache', '-s runtime', '-s link', '-s queue', '-s process', '-i', '-e'].sort(),
    );
    for (const { argv } of ofAgent)
      expect(argv.slice(1, 3)).toEqual(['-C', '/etc/conntrackd/conntrackd.conf']);
    for (const { argv } of asked.filter(({ argv: [program] }) => program.endsWith('/conntrack')))
      expect(['-L', '-C', '-S']).toContain(argv[1]);
  });

  test('signal keepalived by name and PID file together, so that a stale PID file hits nobody', () => {
    const signals = asked.filter(({ argv: [program] }) => program.endsWith('/pkill'));
    expect(signals.map(({ argv }) => argv.join(' '))).toEqual([
      '/usr/bin/pkill --signal 36 -x keepalived -F /run/keepalived.pid',
    ]);
  });

  test('never change the firewall rules or a kernel setting', () => {
    const words = asked.map(({ argv }) => argv.join(' '));
    expect(words.filter((each) => each.includes('/nft'))).toEqual(['/usr/sbin/nft list ruleset']);
    expect(words.filter((each) => /sysctl.*(?: -w|=)/.test(each))).toEqual([]);
  });

  test('write to a file in one form alone, with what is written on standard input', () => {
    const writing = asked.filter(({ stdin }) => stdin !== undefined);
    expect(writing.map(({ argv, stdin }) => [argv, stdin])).toEqual([[['/usr/bin/tee', file], '-100\n']]);
  });

  const rules = readFileSync(new URL('../../../assets/node/sudoers-handover', import.meta.url), 'utf8');
  /** The forms that sudo is told as regular expressions, of one alias. */
  const formsOf = (alias: string): RegExp[] => {
    const [, body = ''] = new RegExp(`^Cmnd_Alias ${alias} = (.*?[^\\\\])$`, 'ms').exec(rules) ?? [];
    return [...body.matchAll(/conntrack (\^-[ID] .*?\$),? ?\\?$/gm)].map(
      ([, pattern = '']) => new RegExp(pattern.replaceAll('\\,', ',')),
    );
  };

  test('drop a connection in three forms alone, each of one exact tuple in one zone, which sudo can name', () => {
    const allowed = formsOf('HANDOVER_DROP');
    expect(allowed).toHaveLength(3);
    const matching = (words: string) => allowed.filter((pattern) => pattern.test(words)).length;
    for (const { drop } of tableAgents) {
      for (const connection of [
        {
          protocol: 'tcp',
          protocolNumber: 6,
          original: { src: '10.0.0.1', dst: '10.0.0.2', sport: 1, dport: 2 },
        },
        {
          protocol: 'icmp',
          protocolNumber: 1,
          original: { src: '10.0.0.1', dst: '10.0.0.2', type: 8, code: 0, id: 3 },
        },
      ]) {
        const named = drop({ family: 'ipv4', flags: [], extra: {}, zone: 7, ...connection });
        expect(named.ok && matching(named.value.argv.slice(1).join(' '))).toBe(1);
      }
    }
    for (const broad of [
      '-D',
      '-D -f ipv4 -s 10.0.0.1 -d 10.0.0.2 -p tcp -w 0',
      '-D -f ipv4 -s 10.0.0.1 -d 10.0.0.2 -p tcp --sport 1 --dport 2',
      '-D -f ipv4 -s 10.0.0.0/8 -d 10.0.0.2 -p tcp --sport 1 --dport 2 -w 0',
      '-D -f ipv4 -s 10.0.0.1 -d 10.0.0.2 -p tcp --sport 1 --dport 2 -w 0 -F',
      '-F',
    ])
      expect(matching(broad), broad).toBe(0);
    expect(rules).toMatch(/^ops ALL=\(root\) NOPASSWD: (?!.*HANDOVER_DROP)/m);
  });

  test('write to a table in two forms alone, of an entry between addresses for documentation, which sudo can name', () => {
    const allowed = formsOf('HANDOVER_CANARY');
    expect(allowed).toHaveLength(2);
    for (const { canary } of tableAgents) {
      for (const port of [40_000, 59_999]) {
        const { insert, remove } = canary(port);
        for (const { argv, privileged } of [insert, remove]) {
          expect(privileged).toBe(true);
          expect(argv.slice(2, 6)).toEqual(['-s', '198.51.100.1', '-d', '198.51.100.2']);
          expect(allowed.filter((pattern) => pattern.test(argv.slice(1).join(' ')))).toHaveLength(1);
        }
        // conntrack 1.4.7 stores another mark where -m stands before -u
        expect(insert.argv.indexOf('-m')).toBeGreaterThan(insert.argv.indexOf('-u'));
      }
    }
    expect(rules).toMatch(/^ops ALL=\(root\) NOPASSWD: (?!.*HANDOVER_CANARY)/m);
  });
});
