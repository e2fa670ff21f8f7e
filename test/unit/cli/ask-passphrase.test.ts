import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { passphraseAsker } from '../../../main/cli/ask-passphrase.ts';

function terminal(isTTY: boolean) {
  const stdin = Object.assign(new PassThrough(), { isTTY, setRawMode: () => undefined });
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const shown = () => `${stdout.read() ?? ''}${stderr.read() ?? ''}`;
  return { io: { stdin, stdout, stderr, env: {} }, stdin, shown };
}

it('asks once a key file, however many nodes use it, and never shows what is typed', async () => {
  const { io, stdin, shown } = terminal(true);
  const ask = passphraseAsker(io);
  const both = Promise.all([ask('/keys/a'), ask('/keys/a')]);
  stdin.write('correct horse\n');
  expect(await both).toEqual(['correct horse', 'correct horse']);
  expect(shown()).toBe('Passphrase for /keys/a: \n');
});

it('takes the end of the input for no answer', async () => {
  const { io, stdin } = terminal(true);
  const answer = passphraseAsker(io)('/keys/a');
  stdin.end();
  expect(await answer).toBeUndefined();
});

it('asks nobody where there is no terminal', async () => {
  const { io, shown } = terminal(false);
  expect(await passphraseAsker(io)('/keys/a')).toBeUndefined();
  expect(shown()).toBe('');
});
