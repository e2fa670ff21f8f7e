import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { AnswerReader } from '../../../main/transport/poll-answers.ts';
import {
  type Argv,
  decodeExec,
  decodePollLine,
  encodeExec,
  encodePollAnswer,
  encodePollLine,
  execMarker,
  pollShell,
} from '../../../main/transport/poll-protocol.ts';
import fc from '../../support/fast-check.ts';

const nonce = '0123456789abcdef0123456789abcdef';
const word = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom("'", '"', '\\', '\n', '$', '`', ' ', '!', '~', '#', '\r', '|', 'n', '\x81'),
    }),
    fc.constantFrom('', '-n', 'if', 'exit', 'A=1', '</dev/null); ', '"$n"', "'\\''", '$?', '~root', '*'),
  )
  .map((text) => text.replaceAll('\0', ''));
const argvOf = (first: fc.Arbitrary<string>): fc.Arbitrary<Argv> =>
  fc.tuple(first, fc.array(word, { maxLength: 5 })).map(([head, rest]) => [head, ...rest]);

const sh = (input: string) => spawnSync('/bin/sh', [], { input, env: { PATH: process.env.PATH ?? '' } });

describe('a command line for a node', () => {
  it('reaches the program word for word, through a real /bin/sh, whatever the words are', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        const argv: Argv = ['printf', '%s\\0', 'first', ...words];
        const sent: string[] = ['first', ...words];
        const poll = sh(
          encodePollLine({ kind: 'greeting', nonce, sequence: 0 }) +
            encodePollLine({ kind: 'command', nonce, sequence: 1, argv }),
        );
        expect(poll.stdout.toString()).toBe(
          `\n${nonce} 0 0\n${sent.map((text) => `${text}\0`).join('')}\n${nonce} 1 0\n`,
        );
        expect(poll.stderr.toString()).toBe(`\n${nonce} 0\n\n${nonce} 1\n`);
        const output = sent.map((text) => `${text}\0`).join('');
        expect(sh(encodeExec(argv)).stdout.toString()).toBe(output);
        expect(sh(encodeExec(argv, nonce)).stdout.toString()).toBe(execMarker(nonce) + output);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it.each(['exit', 'cd', 'if', '{', 'A=1', '!', 'exec', 'set'])(
    'a first word %j is a program that is not there, and the shell lives on',
    (first) => {
      const poll = sh(
        encodePollLine({ kind: 'command', nonce, sequence: 1, argv: [first, '/handover-none'] }) +
          encodePollLine({ kind: 'command', nonce, sequence: 2, argv: ['echo', 'alive'] }),
      );
      expect(poll.stdout.toString()).toBe(`\n${nonce} 1 127\nalive\n\n${nonce} 2 0\n`);
    },
  );

  it('is read back by the simulated node as it was written', () => {
    fc.assert(
      fc.property(argvOf(word), fc.nat(), (argv, sequence) => {
        expect(decodePollLine(encodePollLine({ kind: 'command', nonce, sequence, argv }))).toEqual({
          kind: 'command',
          nonce,
          sequence,
          argv,
        });
        expect(encodePollLine({ kind: 'command', nonce, sequence, argv }).split('\n')).toHaveLength(2);
        expect(decodeExec(encodeExec(argv))).toEqual({ argv });
        expect(decodeExec(encodeExec(argv, nonce))).toEqual({ argv, nonce });
      }),
    );
    const greeting = { kind: 'greeting', nonce, sequence: 0 } as const;
    expect(decodePollLine(encodePollLine(greeting))).toEqual(greeting);
  });

  it('is answered by the simulated node exactly as by a shell', () => {
    const line = {
      kind: 'command',
      nonce,
      sequence: 7,
      argv: ['sh', '-c', 'printf out; printf err >&2; exit 3'],
    } as const;
    const real = sh(encodePollLine(line));
    expect(encodePollAnswer(line, { stdout: 'out', stderr: 'err', exitCode: 3 })).toEqual({
      stdout: real.stdout.toString(),
      stderr: real.stderr.toString(),
    });
  });

  it.each([
    '',
    'ls',
    'ls; reboot',
    '(exec ls',
    `(exec ls; reboot </dev/null); printf '\\n%s %s %s\\n' ${nonce} 1 $?; printf '\\n%s %s\\n' ${nonce} 1 >&2`,
  ])('is refused by the simulated node when it is anything else: %j', (text) =>
    expect(decodePollLine(text)).toBeUndefined(),
  );

  it('never takes the poll shell itself for a command of its own', () => {
    expect(decodeExec(pollShell)).toBeUndefined();
    expect(decodeExec('sh -c reboot')).toBeUndefined();
  });
});

describe('what a poll shell answers', () => {
  it('is cut at its markers, in whatever pieces the bytes arrive', () => {
    const output = fc.string({ unit: fc.constantFrom('a', '\n', ' ', nonce.slice(0, 16), nonce, '7', 'ü') });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(output, fc.nat(255))),
        fc.array(fc.integer({ min: 1, max: 60 })),
        (outputs, cuts) => {
          const told = outputs.filter(([text]) => !`\n${text}`.includes(`\n${nonce} `));
          const noise = 'welcome\n';
          const stream = Buffer.from(
            noise +
              ['', ...told.map(([text]) => text)]
                .map((text, n) => `${text}\n${nonce} ${n} ${n === 0 ? 0 : told[n - 1]?.[1]}\n`)
                .join(''),
          );
          const reader = new AnswerReader(nonce);
          const answers = [];
          let at = 0;
          for (const length of [...cuts, stream.length]) {
            answers.push(...reader.push(stream.subarray(at, at + length)));
            at += length;
          }
          expect(answers.map(({ bytes, ...rest }) => ({ ...rest, text: bytes.toString() }))).toEqual([
            { sequence: 0, status: 0, text: noise },
            ...told.map(([text, status], n) => ({ sequence: n + 1, status, text })),
          ]);
          expect(reader.held).toHaveLength(0);
        },
      ),
    );
  });
});
