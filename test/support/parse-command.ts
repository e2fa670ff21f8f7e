import { Readable, Writable } from 'node:stream';
import { parse } from '../../main/cli/parse.ts';

class Collected extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Streams that keep what is written to them. */
export const collector = (): { stdout: Collected; stderr: Collected } => ({
  stdout: new Collected(),
  stderr: new Collected(),
});

/** Runs `handover parse` in this process; `input` is its standard input. */
export const printOf = async (
  argv: readonly string[],
  input: string | Iterable<string | Uint8Array> = '',
): Promise<{ status: number; stdout: string; stderr: string }> => {
  const { stdout, stderr } = collector();
  const stdin = Readable.from(typeof input === 'string' ? [input] : input);
  const status = await parse.run(argv, { stdin, stdout, stderr, env: {} });
  return { status, stdout: stdout.text, stderr: stderr.text };
};
