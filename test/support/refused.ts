import { PassThrough } from 'node:stream';
import type { CliCommand } from '../../main/cli/command.ts';

/** What a command says to options that it cannot carry out, and its exit status. */
export async function refused(
  command: CliCommand,
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; said: string }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let said = '';
  stderr.on('data', (data: Buffer) => {
    said += data.toString();
  });
  const code = await command.run([...argv], { stdin, stdout, stderr, env });
  return { code, said };
}
