import process from 'node:process';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Io } from './command.ts';

/**
 * Asks on the terminal for the passphrase of an encrypted key, once a file however many nodes use it, and without
 * showing it. Where there is no terminal there is nobody to ask.
 */
export function passphraseAsker(io: Io): (identityFile: string) => Promise<string | undefined> {
  const asked = new Map<string, Promise<string | undefined>>();
  let last: Promise<unknown> = Promise.resolve();
  return (identityFile) => {
    if (!('isTTY' in io.stdin) || !io.stdin.isTTY) return Promise.resolve(undefined);
    const known = asked.get(identityFile);
    if (known) return known;
    const answer = last.then(() => ask(io, identityFile));
    last = answer;
    asked.set(identityFile, answer);
    return answer;
  };
}

function ask(io: Io, identityFile: string): Promise<string | undefined> {
  io.stderr.write(`Passphrase for ${identityFile}: `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: io.stdin, output: silent, terminal: true });
  return new Promise((resolve) => {
    let answer: string | undefined;
    lines.once('line', (line) => {
      answer = line;
      lines.close();
    });
    lines.once('close', () => {
      io.stderr.write('\n');
      resolve(answer);
    });
    // readline takes Ctrl-C for itself: hand it on, since it means the whole command.
    lines.once('SIGINT', () => {
      lines.close();
      process.kill(process.pid, 'SIGINT');
    });
  });
}
