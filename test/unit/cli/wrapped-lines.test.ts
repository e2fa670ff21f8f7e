import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { parse } from '../../../main/cli/parse.ts';
import fc from '../../support/fast-check.ts';
import { fixture } from '../../support/fixture.ts';
import { collector, printOf } from '../../support/parse-command.ts';

const entriesIn = (path: string): string[] =>
  fixture(path)
    .split('\n')
    .filter((line) => line.includes('src='));

const entries = ['L', 'L_extended', 'L_extended_id_ktimestamp_labels'].flatMap((name) =>
  entriesIn(`conntrack/1.4.7/${name}.txt`),
);

/** As a terminal `width` columns wide shows it: cut anywhere, blanks at the right lost when copied. */
const byTerminal = (line: string, width: number): string[] =>
  Array.from({ length: Math.ceil(line.length / width) }, (_, index) =>
    line.slice(index * width, (index + 1) * width).trimEnd(),
  );

/** As a mail wraps it: between words. */
const byMail = (line: string, width: number): string[] => {
  const lines: string[] = [];
  for (const word of line.split(/ (?=\S)/)) {
    const last = lines.pop();
    if (last === undefined) lines.push(word);
    else if (last.length + 1 + word.length > width) lines.push(last, word);
    else lines.push(`${last} ${word}`);
  }
  return lines;
};

const sameAsWhole = async (lines: readonly string[], wrapped: readonly string[]): Promise<void> => {
  const [asPrinted, asPasted] = await Promise.all([
    printOf(['conntrack'], lines.join('\n')),
    printOf(['conntrack'], wrapped.join('\n')),
  ]);
  expect(asPasted).toEqual(asPrinted);
};

describe('an entry that was wrapped over several lines', () => {
  const some = fc.uniqueArray(fc.constantFrom(...entries), { minLength: 1, maxLength: 6 });

  test('reads as on one line where a terminal of any width has cut it, in the middle of words too', () =>
    fc.assert(
      fc.asyncProperty(some, fc.integer({ min: 42, max: 132 }), (lines, width) =>
        sameAsWhole(
          lines,
          lines.flatMap((line) => byTerminal(line, width)),
        ),
      ),
    ));

  test('reads as on one line where a mail has wrapped, indented or quoted it', () =>
    fc.assert(
      fc.asyncProperty(
        some,
        fc.integer({ min: 60, max: 78 }),
        fc.constantFrom('', '> ', '    ', '\t', '| '),
        (lines, width, indent) =>
          sameAsWhole(
            lines,
            lines.flatMap((line) => {
              const [first = '', ...rest] = byMail(line, width);
              return [`${indent.trim()}${first}`, ...rest.map((each) => `${indent}${each}\r`)];
            }),
          ),
      ),
    ));

  test('keeps what a vendor adds behind the break', async () => {
    const { stdout, status } = await printOf(
      ['conntrack'],
      'tcp 6 1194 ESTABLISHED src=192.168.1.7 dst=198.51.100.1 sport=507\n59 dport=443 src=198.51.100.1 dst=203.0.113.1 sport=443 dport=50759 [ASSURED]\n  [FASTNAT] mark=0 nmark=256 ifw=37 use=2\n',
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      original: { sport: 50759 },
      flags: ['ASSURED', 'FASTNAT'],
      extra: { nmark: 256, ifw: 37 },
      use: 2,
    });
  });

  test.each(['noise', 'root@fw1:~# exit', '--', 'PATH'])(
    'is not joined with a line that is no part of it: %s',
    async (noise) => {
      const entry = 'tcp 6 9 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2';
      const { stdout, status } = await printOf(['conntrack'], `${entry}\n${noise}\n${entry}\n`);
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines).toHaveLength(3);
      expect(lines[1]).toMatchObject({ error: { line: 2, text: noise } });
      expect(status).toBe(1);
    },
  );

  test('names the line that it began on where it cannot be read', async () => {
    const { stdout } = await printOf(['conntrack'], '\ntcp 6 9 ESTABLISHED src=10.0\n.0. dst=10.0.0.2\n');
    expect(JSON.parse(stdout)).toMatchObject({ error: { line: 2 } });
  });
});

test('an event of a live stream is printed when it comes, not when the next one does', async () => {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const done = parse.run(['conntrack-events'], { stdin, stdout, stderr: collector().stderr, env: {} });
  const printed = once(stdout, 'data');
  stdin.write(
    '    [NEW] udp      17 30 src=10.1.0.3 dst=8.8.8.8 sport=5353 dport=53 [UNREPLIED] src=8.8.8.8 dst=10.1.0.3 sport=53 dport=5353\n',
  );
  const [line]: unknown[] = await printed;
  expect(JSON.parse(String(line))).toMatchObject({ event: 'NEW' });
  stdin.end();
  expect(await done).toBe(0);
});

describe('the closing words of conntrack, mixed into its table by `2>&1`', () => {
  const closing = 'conntrack v1.4.7 (conntrack-tools): 18 flow entries have been shown.\n';

  test('leave every entry whole, wherever the block of output before them ended', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom(...entries), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        async (lines, place) => {
          const table = `${lines.join('\n')}\n`;
          const at = place % table.length;
          const mixed = table.slice(0, at) + closing + table.slice(at);
          expect(await printOf(['conntrack'], mixed)).toEqual(await printOf(['conntrack'], table));
        },
      ),
      { numRuns: 300 },
    ));

  test('behind what is no entry are not the end of one', async () => {
    const prompt = `root@fw1:~# ${closing.trim()}`;
    const cut = `tcp 6 4319${closing.trim()}`;
    const printed = await printOf(['conntrack'], `${prompt}\n${cut}\nfirewall\n${entries[0]}\n`);
    const lines = printed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { error?: { text: string } });
    expect(lines.map(({ error }) => error?.text)).toEqual([prompt, cut, 'firewall', undefined]);
  });
});

test('what stands in /proc/net/nf_conntrack_expect, and XML, begin lines of their own behind an entry', async () => {
  const expected = '175 l3proto = 2 proto=6 src=10.1.0.5 dst=10.2.0.5 sport=0 dport=50211 ftp/ftp';
  const printed = await printOf(
    ['conntrack'],
    `${expected}\n${expected}\n${entries[0]}\n<?xml version="1.0"?>\n`,
  );
  const lines = printed.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines).toEqual([
    expect.objectContaining({ expectation: true, timeout: 175, helper: 'ftp' }),
    expect.objectContaining({ expectation: true, timeout: 175, helper: 'ftp' }),
    expect.objectContaining({ family: expect.any(String) }),
    { error: expect.objectContaining({ line: 4 }) },
  ]);
});
