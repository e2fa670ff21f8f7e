import type { Failure } from '../../shared/lib/reading.ts';
import { runOn } from './channel.ts';
import { type Link, tooLong } from './link.ts';
import type { Argv } from './poll-protocol.ts';

const longestLine = 1 << 20;

/**
 * A command that runs until it is told to stop, such as `ip monitor`. `onEnd` is called once, unless stopped: with
 * nothing where the command ended by itself with status 0, else with the reason. Answers with the stop.
 */
export function watchOn(
  link: Link,
  argv: Argv,
  onLine: (line: string) => void,
  onEnd: (failure: Failure | undefined) => void,
): () => void {
  const decoder = new TextDecoder();
  let held = '';
  let errors = '';
  const running = runOn(link, argv, {
    onStdout: (chunk) => {
      const lines = (held + decoder.decode(chunk, { stream: true })).split('\n');
      held = lines.pop() ?? '';
      for (const line of lines) onLine(line);
      if (held.length <= longestLine) return;
      running.stop();
      onEnd(tooLong(argv, link.node, longestLine));
    },
    onStderr: (chunk) => {
      errors = (errors + Buffer.from(chunk).toString('utf8')).slice(-1_000);
    },
    onEnd: (end) => {
      if (!end.ok) return onEnd(end.error);
      if (held) onLine(held);
      onEnd(end.value === 0 ? undefined : endedByItself(argv, link.node, end.value, errors));
    },
  });
  return running.stop;
}

const endedByItself = (argv: Argv, node: string, status: number | undefined, errors: string): Failure => ({
  kind: 'unreadable',
  message: `${argv.join(' ')} on ${node} ended with status ${status ?? 'unknown'}: ${errors.trim() || 'no message'}.`,
});
