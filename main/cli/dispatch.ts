import { exitUsage, type Io } from './command.ts';
import type { CommandEntry } from './commands.ts';

const overview = (commands: readonly CommandEntry[]): string => {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Usage: handover COMMAND [OPTION…]',
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    "Run 'handover COMMAND --help' for a command's options and examples.",
    '',
  ].join('\n');
};

/** `--inventory FILE` belongs to every command, so it may also stand before the command's name. */
const hoistInventory = (argv: readonly string[]): readonly string[] => {
  const [first = '', second, ...rest] = argv;
  if (first === '--inventory' && second !== undefined) {
    const [name, ...options] = rest;
    return name === undefined ? [] : [name, first, second, ...options];
  }
  if (first.startsWith('--inventory=')) return second === undefined ? [] : [second, first, ...rest];
  return argv;
};

/** Finds the command that `argv` names and runs it; answers with the exit status of the process. */
export const dispatch = async (
  argv: readonly string[],
  commands: readonly CommandEntry[],
  io: Io,
): Promise<number> => {
  const [word, ...rest] = hoistInventory(argv);
  if (word === undefined) {
    io.stderr.write(overview(commands));
    return exitUsage;
  }
  const asksHelp = word === 'help' || word === '--help' || word === '-h';
  const name = word === 'help' ? rest[0] : word;
  if (asksHelp && (word !== 'help' || name === undefined)) {
    io.stdout.write(overview(commands));
    return 0;
  }
  const entry = commands.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    io.stderr.write(`handover: there is no command '${name}'\nRun 'handover --help' for the list.\n`);
    return exitUsage;
  }
  const command = await entry.load();
  if (word === 'help' || rest.includes('--help') || rest.includes('-h')) {
    const topic = rest[rest.findIndex((each) => each === '--help' || each === '-h') + 1] ?? '';
    const topics = command.topics ?? {};
    const text = Object.hasOwn(topics, topic) ? topics[topic] : undefined;
    io.stdout.write(`${(text ?? command.help).trim()}\n`);
    return 0;
  }
  return command.run(rest, io);
};
