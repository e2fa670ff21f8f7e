import { describe, expect, test } from 'vitest';
import { joinWrapped, opensEntry } from '../../main/agents/table/conntrack/wrapped.ts';
import fc from '../support/fast-check.ts';
import { fixture } from '../support/fixture.ts';
import { printOf } from '../support/parse-command.ts';

/** Bounded so that it fits every run; raise it by hand to look harder. */
const rounds = { numRuns: Number(process.env.HANDOVER_FUZZ_RUNS ?? 150) };

const perLine = [
  ['conntrack', 'conntrack/1.4.7/L_extended_id_ktimestamp_labels.txt'],
  ['conntrack-events', 'conntrack/1.4.7/E_timestamp_id.txt'],
  ['conntrack', 'conntrackd/1.4.7/e_exp.txt'],
  ['conntrack', 'conntrackd/1.4.7/e.txt'],
  ['conntrack', 'kernel/6.18/proc_net_nf_conntrack.txt'],
  ['conntrackd-log', 'conntrackd/1.4.7/log_trouble.txt'],
  ['keepalived-log', 'keepalived/2.2.7/log.txt'],
] as const;

const perDump = [
  ['conntrack-stats', 'conntrack/1.4.7/S.txt'],
  ['conntrack-stats', 'kernel/6.18/proc_net_stat_nf_conntrack.txt'],
  ['conntrackd-stats', 'conntrackd/1.4.7/s_general_master.txt'],
  ['conntrackd-stats', 'conntrackd/1.4.7/s_cache_master.txt'],
  ['conntrackd-stats', 'conntrackd/1.4.7/s_runtime_master.txt'],
  ['conntrackd-config', 'conntrackd/1.4.9/notrack_udp_tcp.conf'],
  ['keepalived-config', 'keepalived/2.4.3/keepalived.conf'],
  ['keepalived-config', 'keepalived/2.3.4/definitions.conf'],
  ['keepalived-json', 'keepalived/2.2.7/steady_node1.json'],
  ['keepalived-data', 'keepalived/2.2.7/steady_node1.data'],
] as const;

/** What happens to text on its way: bytes are lost, doubled, swapped for others, put in, or cut off at the end. */
const damage = fc.record({
  kind: fc.constantFrom('drop', 'double', 'replace', 'insert', 'cut'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(40),
  text: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom(
      'src=',
      '[',
      ']',
      '=',
      '\n',
      '\r\n',
      '\u001b[0m',
      '\0',
      '9'.repeat(30),
      ':',
      '__proto__=1',
      '"',
      '{',
    ),
  ),
});
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

const damaged = (text: string, all: readonly Damage[]): string =>
  all.reduce((now, { kind, at, length, text: other }) => {
    const start = Math.floor(at * now.length);
    const [before, touched, after] = [
      now.slice(0, start),
      now.slice(start, start + length),
      now.slice(start + length),
    ];
    switch (kind) {
      case 'drop':
        return before + after;
      case 'double':
        return before + touched + touched + after;
      case 'replace':
        return before + other + after;
      case 'insert':
        return before + other + touched + after;
      default:
        return before;
    }
  }, text);

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals colour text with these
const colour = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;

/** Control characters and colours alone are no words of a connection. */
const isBlankEntry = (line: string): boolean =>
  Array.from(line.replace(colour, '')).every((letter) => letter <= ' ' || letter === '\u00a0');
const isEmpty = (line: string): boolean => line.trim() === '';

const isBlank = {
  conntrack: isBlankEntry,
  'conntrack-events': isBlankEntry,
  'conntrackd-log': isEmpty,
  'keepalived-log': isEmpty,
};

/** How many lines of a damaged text look like the rest of an entry that was wrapped, which is what `joinWrapped` promises. */
function continuations(kind: keyof typeof isBlank, text: string): number {
  if (!kind.startsWith('conntrack') || kind === 'conntrackd-log') return 0;
  let held: string | undefined;
  let count = 0;
  for (const line of text.split('\n')) {
    const joined = held === undefined ? undefined : joinWrapped(held, line);
    if (joined !== undefined && !isBlank[kind](line)) count += 1;
    held = joined ?? (opensEntry(line) ? line : undefined);
  }
  return count;
}

const damages = fc.array(damage, { minLength: 1, maxLength: 6 });

const parsedLines = (stdout: string): { error?: unknown }[] =>
  stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));

describe('damaged output of real programs', () => {
  test.for(perLine)(
    '%s of %s: every line that is not blank gives a record or an error, or goes on with the entry before it',
    async ([kind, path]) => {
      const sample = fixture(path);
      await fc.assert(
        fc.asyncProperty(damages, async (all) => {
          const text = damaged(sample, all);
          const { stdout, status } = await printOf([kind], text);
          const objects = parsedLines(stdout);
          const lines = text.split('\n').filter((line) => !isBlank[kind](line));
          expect(objects).toHaveLength(lines.length - continuations(kind, text));
          expect(status).toBe(objects.some(({ error }) => error !== undefined) ? 1 : 0);
        }),
        rounds,
      );
    },
  );

  test.for(perDump)(
    '%s of %s: gives objects and errors, never an exception or a password',
    async ([kind, path]) => {
      const sample = fixture(path);
      await fc.assert(
        fc.asyncProperty(damages, async (all) => {
          const { stdout, status } = await printOf([kind], damaged(sample, all));
          expect(status).toBe(parsedLines(stdout).some(({ error }) => error !== undefined) ? 1 : 0);
          expect(stdout).not.toContain('secret1');
        }),
        rounds,
      );
    },
  );
});
