import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { status } from '../../../main/cli/status.ts';

it.each([
  ['a time to wait that is none', ['--wait', 'long'], '"long"'],
  ['one that is too long', ['--wait', '601'], '0 to 600'],
  ['an empty one', ['--wait', ''], '0 to 600'],
  ['waiting for what never ends', ['--watch', '--wait', '9'], '--watch goes on by itself'],
])('%s is told before anything is contacted', async (_, argv, words) => {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let said = '';
  stderr.on('data', (data: Buffer) => {
    said += data.toString();
  });
  expect(await status.run(argv, { stdin, stdout, stderr, env: {} })).toBe(64);
  expect(said).toContain(words);
});
