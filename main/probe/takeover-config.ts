import { type Clock, elapsed } from '../../shared/lib/clock.ts';
import type { Reading } from '../../shared/lib/reading.ts';
import { ok } from '../../shared/lib/result.ts';
import type { ConfiguredHooks, TakeoverCommands, TakeoverEngine } from '../agents/agent.ts';
import { filesCommand } from '../agents/host/facts.ts';
import { type NodeRunner, readingFrom } from './node-runner.ts';
import { readFileText } from './read-file.ts';

/** How deep includes are followed, and how many files are read at most. */
const deepest = 4;
const most = 32;

/** So long (ms) what was read is good for whoever asks next: what a round reads of it is read once. */
const sharedMs = 2_000;

/** What the takeover engine's configuration runs on a change of role. */
export type HooksReader = () => Promise<Reading<ConfiguredHooks>>;

export function hooksReader(
  runner: NodeRunner,
  takeover: { engine: TakeoverEngine; commands: TakeoverCommands },
  clock: Clock,
): HooksReader {
  let read: Promise<Reading<ConfiguredHooks>> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (!read || elapsed(readAt, clock()) > sharedMs) {
      readAt = clock();
      const mine = readTakeoverConfig(runner, takeover, readAt);
      read = mine;
      // what could not be read may be a moment later
      void mine.then(({ ok }) => {
        if (!ok && read === mine) read = undefined;
      });
    }
    return read;
  };
}

/**
 * The takeover engine's configuration with all that it includes. The text may hold passwords, so it goes to the parser
 * alone; an include that cannot be read stays in it as the line that it is.
 */
async function readTakeoverConfig(
  runner: NodeRunner,
  { engine, commands }: { engine: TakeoverEngine; commands: TakeoverCommands },
  now: number,
): Promise<Reading<ConfiguredHooks>> {
  let left = most;
  const filesAt = async (folder: string, name: string): Promise<string[]> => {
    if (!/[*?[\]]/.test(name)) return [`${folder}/${name}`];
    const found = await runner.poll(filesCommand(folder, name));
    return found.ok && found.value.exitCode === 0
      ? found.value.stdout
          .split('\n')
          .filter((path) => path !== '' && !path.startsWith(`${folder}/.`))
          .sort()
      : [];
  };
  const whole = async (text: string, file: string, depth: number): Promise<string> => {
    const found = new Map<number, string>();
    if (depth >= deepest) return text;
    for (const { line, folder, name } of engine.includesOf(text, file)) {
      const parts: string[] = [];
      for (const path of await filesAt(folder, name)) {
        left -= 1;
        const read = left < 0 ? undefined : await readFileText(runner, path);
        if (!read?.ok) {
          parts.length = 0;
          break;
        }
        parts.push(await whole(read.value.text, path, depth + 1));
      }
      if (parts.length > 0) found.set(line, parts.join('\n'));
    }
    return found.size === 0 ? text : engine.withIncludes(text, found);
  };

  const answer = await runner.poll(commands.config);
  const main = readingFrom(runner, commands.config, answer, engine.classify, (text) => ok(text), now);
  if (!main.ok) return main;
  const file = commands.config.argv.at(-1) ?? '';
  return { ...main, value: engine.parseHooks(await whole(main.value, file, 0)) };
}
