import { expect, it } from 'vitest';
import { status } from '../../../main/cli/status.ts';
import { refused } from '../../support/refused.ts';

it.each([
  ['a time to wait that is none', ['--wait', 'long'], '"long"'],
  ['one that is too long', ['--wait', '601'], '0 to 600'],
  ['an empty one', ['--wait', ''], '0 to 600'],
  ['waiting for what never ends', ['--watch', '--wait', '9'], '--watch goes on by itself'],
])('%s is told before anything is contacted', async (_, argv, words) => {
  const { code, said } = await refused(status, argv);
  expect(code).toBe(64);
  expect(said).toContain(words);
});
