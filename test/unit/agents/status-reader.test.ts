import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Command, command } from '../../../main/agents/command.ts';
import { clockCommand } from '../../../main/agents/host/commands.ts';
import { lookLines, tailCommand } from '../../../main/agents/logs/commands.ts';
import { installedStatusReader, isForStatusReader } from '../../../main/agents/status-reader.ts';
import { conntrackd } from '../../../main/agents/sync/conntrackd/index.ts';
import { keepalivedCommands } from '../../../main/agents/takeover/keepalived/commands.ts';
import { encodePollAnswer, encodeReaderLine, type PollLine } from '../../../main/transport/poll-protocol.ts';
import fc from '../../support/fast-check.ts';

const asset = (name: string) =>
  readFileSync(new URL(`../../../assets/node/${name}`, import.meta.url), 'utf8');
const text = asset('status-reader');
const nonce = '0123456789abcdef0123456789abcdef';
const sync = conntrackd.commands('/etc/conntrackd/conntrackd.conf');
const takeover = keepalivedCommands();
const [data, json] = [10, 36];

const everySecond: readonly Command[] = [
  ...sync.state,
  ...sync.details,
  sync.children,
  ...['conntrackd.log', 'keepalived.log', 'syslog', 'messages'].map((name) =>
    tailCommand(`/var/log/${name}`, lookLines.file),
  ),
  takeover.dumpStamp('JSON'),
  takeover.requestDump(json),
  takeover.readDump('JSON'),
  takeover.dumpStamp('DATA'),
  takeover.requestDump(data),
  takeover.readDump('DATA'),
  clockCommand,
];

let folder: string;
/** The reader as it is, but for the programs: they lie in a folder of the test and say what they were asked. */
let reader: string;
const moved = (line: string) => line.replaceAll(/\/usr\/s?bin\/(?=\w)/g, `${folder}/`);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'handover-status-reader-'));
  reader = join(folder, 'reader.sh');
  writeFileSync(reader, moved(text));
  const program = (name: string, script: string) =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  for (const name of ['conntrackd', 'stat', 'pkill', 'cat', 'tail', 'date', 'nft'])
    program(name, `printf '%s|' "\${0##*/}" "$@"; read -r line || printf 'no input'; exit 3`);
  program('keepalived', `case $1 in --signum=DATA) echo ${data};; --signum=JSON) echo ${json};; esac`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const told = (input: string) => spawnSync('/bin/sh', [reader], { input: moved(input) });
const line = (argv: Command['argv'], sequence = 1): PollLine => ({ kind: 'command', nonce, sequence, argv });
const greeting: PollLine = { kind: 'greeting', nonce, sequence: 0 };

describe('the status reader, which sudo starts once a session', () => {
  test('is allowed by its checksum and without a word, and reads as what it is', () => {
    const checksum = createHash('sha256').update(text).digest('hex');
    expect(asset('sudoers-handover')).toContain(`sha256:${checksum} ${installedStatusReader} ""\n`);
    expect(text.replaceAll(/^#.*$/gm, '')).not.toMatch(/\beval\b|`|\bsource\b|\bexec\b/);
  });

  test('runs what is asked each second, word for word and without input, and answers as a shell would', () => {
    const lines = [greeting, ...everySecond.map(({ argv }, at) => line(argv, at + 1))];
    const { stdout, stderr, status } = told(lines.map(encodeReaderLine).join(''));
    const answers = lines.map((each) =>
      encodePollAnswer(
        each,
        each.kind === 'greeting'
          ? { stdout: '', stderr: '', exitCode: 0 }
          : {
              stdout: `${[basename(each.argv[0]), ...each.argv.slice(1)].map((word) => `${moved(word)}|`).join('')}no input`,
              stderr: '',
              exitCode: 3,
            },
      ),
    );
    expect(stdout.toString()).toBe(answers.map((answer) => answer.stdout).join(''));
    expect(stderr.toString()).toBe(answers.map((answer) => answer.stderr).join(''));
    expect(status).toBe(0);
    for (const each of everySecond) expect(isForStatusReader(each), each.argv.join(' ')).toBe(true);
  });

  const refused = (argv: Command['argv']) => {
    const { stdout, stderr } = told(encodeReaderLine(line(argv)));
    return stdout.toString() === `\n${nonce} 1 126\n` && stderr.toString().includes('not one of those');
  };

  test.each([
    ['what changes something', ['/usr/sbin/conntrackd', '-C', '/etc/conntrackd/conntrackd.conf', '-f']],
    ['the dangerous form of the statistics', [...(sync.state[0]?.argv ?? ['']), 'rsqueue']],
    ['another configuration', ['/usr/sbin/conntrackd', '-C', '/tmp/mine.conf', '-s']],
    ['a signal that keepalived did not name, which could end it', takeover.requestDump(9).argv],
    ['another file', ['/usr/bin/cat', '/etc/shadow']],
    ['a file beside', ['/usr/bin/cat', '/tmp/../etc/shadow']],
    ['one word more', [...clockCommand.argv, '-s']],
    ['a shell', ['sh', '-c', 'id']],
    ['words that a shell would split', ['/usr/bin/cat /tmp/keepalived.json']],
    ['a second line in a word', ['/usr/bin/date', '+%s.%N\n/usr/sbin/nft']],
    ['a pattern', ['/usr/bin/cat', '/tmp/keepalived.*']],
  ] as const)('refuses %s, and runs nothing', (_, argv) => {
    expect(refused(argv as unknown as Command['argv'])).toBe(true);
  });

  test('refuses whatever the console does not ask it', () => {
    const words = fc.constantFrom(
      ...new Set([...everySecond.flatMap(({ argv }) => argv), '-k', '$(id)', '*', ';', '-i', 'expect', '-e']),
    );
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 6 }), ([first = '', ...rest]) => {
        const argv: Command['argv'] = [first, ...rest];
        fc.pre(!everySecond.some((each) => each.argv.join('\t') === argv.join('\t')));
        expect(refused(argv)).toBe(true);
        expect(isForStatusReader(command(argv))).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test('ends where its lines are no requests, and where they end', () => {
    expect(told('rm -rf /\n')).toMatchObject({ status: 2, stdout: Buffer.alloc(0) });
    const cut = encodeReaderLine(line(clockCommand.argv)).trimEnd();
    expect(told(cut)).toMatchObject({ status: 0, stdout: Buffer.alloc(0) });
  });

  test('is not asked where a question comes with input or another configuration', () => {
    expect(isForStatusReader({ ...clockCommand, stdin: '' })).toBe(false);
    expect(conntrackd.commands('/etc/mine.conf').state.some(isForStatusReader)).toBe(false);
  });
});
