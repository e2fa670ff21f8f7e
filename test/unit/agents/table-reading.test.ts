import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ReadWay } from '../../../main/agents/agent.ts';
import { tableAgents } from '../../../main/agents/registry.ts';
import { perlText, pythonText } from '../../../main/agents/table/conntrack/dump-texts.ts';
import { installedReader } from '../../../main/agents/table/conntrack/read-ways.ts';

const asset = (name: string) =>
  readFileSync(new URL(`../../../assets/node/${name}`, import.meta.url), 'utf8');
const rules = asset('sudoers-handover');
const ways = tableAgents.flatMap(({ reading }) => reading.ways);
const through = (name: string): ReadWay => {
  const way = ways.find((each) => each.through === name);
  if (!way) throw new Error(`no way through ${name}`);
  return way;
};

describe('the programs that read the table', () => {
  test.each([
    ['conntrack-dump.pl', perlText],
    ['conntrack-dump.py', pythonText],
  ])(
    '%s is what an operator can read in assets/node, and sudo runs it by its checksum alone',
    (name, text) => {
      expect(text).toBe(asset(name));
      const checksum = createHash('sha256').update(text).digest('hex');
      expect(rules).toContain(`    sha256:${checksum} ${installedReader}`);
    },
  );

  test('no rule of sudo names the installed reader without a checksum, nor an interpreter', () => {
    const lines = rules.split('\n').filter((line) => !line.startsWith('#'));
    for (const line of lines.filter((each) => each.includes(installedReader)))
      expect(line).toMatch(/^ {4}sha256:[0-9a-f]{64} /);
    expect(lines.filter((line) => /perl|python/.test(line))).toEqual([]);
  });

  test.each([perlText, pythonText])('their text sends no other message than the one that reads', (text) => {
    const messages = new Set(text.match(/0x01[0-9a-f]{2}\b/g));
    expect([...messages]).toEqual(['0x0101']);
    expect(text).not.toMatch(/\b(?:system|exec|popen|subprocess|eval\()\b|\bopen\s*\(/);
  });
});

describe('the ways to read the table', () => {
  test('begin with the kernel’s own messages and end with conntrack, which needs nothing else', () => {
    expect(ways.map(({ kind }) => kind)).toEqual(['netlink', 'netlink', 'netlink', 'text', 'text']);
    expect(ways.at(-1)?.command({}).argv).toEqual(['/usr/sbin/conntrack', '-L', '-o', 'id']);
    expect(ways.at(-1)?.needs).toEqual([]);
  });

  test('show an operator the file that is run, not its text', () => {
    for (const each of ways) {
      const { argv, typed } = each.command({ gzip: true });
      expect((typed ?? argv.join(' ')).length).toBeLessThan(100);
    }
    expect(through('perl').command({ question: { dport: 443 } }).typed).toBe(
      '/usr/bin/perl conntrack-dump.pl --dport 443',
    );
  });

  test('ask a narrow question of the kernel, or of conntrack in the form that sudo’s rule has', () => {
    const question = {
      src: '10.1.2.3',
      protocol: 'tcp',
      dport: 443,
      mark: 5,
      zone: 3,
      family: 'ipv4',
    } as const;
    expect(through(installedReader).command({ question, gzip: true }).argv.join(' ')).toBe(
      `${installedReader} --src 10.1.2.3 --dport 443 --protocol tcp --mark 5 --zone 3 --family ipv4 --gzip`,
    );
    const [program, ...words] = through('conntrack').command({ question }).argv;
    const pattern =
      /^ {4}\/usr\/sbin\/conntrack (\^-L .*\$)$/m.exec(rules)?.[1]?.replaceAll('\\,', ',') ?? '';
    expect(program).toBe('/usr/sbin/conntrack');
    expect(words.join(' ')).toMatch(new RegExp(pattern));
    expect(`${words.join(' ')} -F`).not.toMatch(new RegExp(pattern));
    expect('-L -o id -s 10.1.2.3 -o xml').not.toMatch(new RegExp(pattern));
  });

  test('leave a port without its protocol to who reads the answer, since conntrack would refuse it', () => {
    expect(through('conntrack').command({ question: { dport: 443 } }).argv).not.toContain('--dport');
  });
});
