import type { NarrowQuestion } from '../../../../shared/domain/connection-actions.ts';
import type { ReadWay, TableReading } from '../../agent.ts';
import { type Command, command } from '../../command.ts';
import { perlText, pythonText } from './dump-texts.ts';

/** Where an operator installs one of `assets/node/conntrack-dump.*`, without its ending. */
export const installedReader = '/usr/local/lib/handover/conntrack-dump';

const [perl, python, stdbuf, conntrack] = [
  '/usr/bin/perl',
  '/usr/bin/python3',
  '/usr/bin/stdbuf',
  '/usr/sbin/conntrack',
];

/** Ten minutes: two million entries over a slow line. A dump that stands still is noticed long before. */
const limits = { privileged: true, deadlineMs: 600_000, maxBytes: 2 ** 31 };

/** A question in the words of the raw readers. */
const readerWords = (question: NarrowQuestion, gzip: boolean): string[] => [
  ...wordsOf([
    ['--src', question.src],
    ['--dst', question.dst],
    ['--sport', question.sport],
    ['--dport', question.dport],
    ['--protocol', question.protocol],
    ['--mark', question.mark],
    ['--zone', question.zone],
    ['--family', question.family],
  ]),
  ...(gzip ? ['--gzip'] : []),
];

/** In conntrack's, which takes a port only behind its protocol; without one the port is left to who reads the answer. */
const conntrackWords = ({ protocol, ...question }: NarrowQuestion): string[] =>
  wordsOf([
    ['-f', question.family],
    ['-s', question.src],
    ['-d', question.dst],
    ['-p', protocol],
    ['--sport', protocol === undefined ? undefined : question.sport],
    ['--dport', protocol === undefined ? undefined : question.dport],
    ['-m', question.mark],
    ['-w', question.zone],
  ]);

const wordsOf = (pairs: readonly (readonly [string, string | number | undefined])[]): string[] =>
  pairs.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]));

/** A program's text as an argument; what an operator would type is the file that it stands in. */
const asItIs = (argv: readonly [string, ...string[]], words: readonly string[], file: string): Command => ({
  ...command([...argv, ...words], limits),
  typed: [argv[0], file, ...words].join(' '),
});

/** Without `extended`: each line's addresses tell its family too, and to print it takes a twentieth of conntrack's time. */
const textWay = (through: string, needs: readonly string[], before: readonly string[]): ReadWay => ({
  kind: 'text',
  through,
  needs,
  login: 'any',
  compresses: false,
  command: ({ question = {} }) => {
    const [program, ...rest] = [...before, conntrack, '-L', '-o', 'id', ...conntrackWords(question)];
    return command([program ?? conntrack, ...rest], limits);
  },
});

/** The quickest first: what the kernel says as it says it takes half the time of conntrack's text. */
export const conntrackReading: TableReading = {
  ways: [
    {
      kind: 'netlink',
      through: 'perl',
      needs: [perl],
      login: 'root',
      compresses: true,
      command: ({ question = {}, gzip = false }) =>
        asItIs([perl, '-e', perlText, '--'], readerWords(question, gzip), 'conntrack-dump.pl'),
    },
    {
      kind: 'netlink',
      through: 'python3',
      needs: [python],
      login: 'root',
      compresses: true,
      command: ({ question = {}, gzip = false }) =>
        asItIs([python, '-I', '-c', pythonText], readerWords(question, gzip), 'conntrack-dump.py'),
    },
    {
      kind: 'netlink',
      through: installedReader,
      needs: [installedReader],
      login: 'sudo',
      compresses: true,
      command: ({ question = {}, gzip = false }) =>
        command([installedReader, ...readerWords(question, gzip)], limits),
    },
    textWay('stdbuf', [stdbuf], [stdbuf, '-o64K']),
    textWay('conntrack', [], []),
  ],
  remedy: `install assets/node/conntrack-dump.pl as ${installedReader} and allow it to the login (assets/node/sudoers-handover)`,
};
