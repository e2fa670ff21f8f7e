import { createHash } from 'node:crypto';
import type { NodeReadings } from '../../shared/domain/cluster-snapshot.ts';
import { type SyncLogFacts, syncLogFacts, type TakeoverHooks } from '../../shared/domain/node-facts.ts';
import type { ParityReadings } from '../../shared/domain/readiness-diff.ts';
import { type Clock, elapsed } from '../../shared/lib/clock.ts';
import { type Failure, type Reading, readingValue } from '../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { Classify, SyncAgent, SyncAgentConfig, SyncCommands } from '../agents/agent.ts';
import { classifyFailure } from '../agents/classify.ts';
import type { Command } from '../agents/command.ts';
import {
  modulesCommand,
  parseHelpers,
  parsePrograms,
  parseSettings,
  programsCommand,
  settingsCommand,
} from '../agents/host/facts.ts';
import { journalCommand, lookLines, stampCommand } from '../agents/logs/commands.ts';
import { parseLogFile, zoneOf } from '../agents/logs/parse-file.ts';
import { journalRefusal, parseJournal } from '../agents/logs/parse-journal.ts';
import { parseStamps } from '../agents/logs/parse-stamps.ts';
import { networkCommands, parseNeighbours, parseRoutes } from '../agents/network/index.ts';
import { redact } from '../agents/redact.ts';
import { normaliseRules, rulesCommand } from '../agents/rules/nftables.ts';
import { type NodeRunner, readingFrom, refusedMs, unreadable } from './node-runner.ts';
import type { HooksReader } from './takeover-config.ts';

const network = networkCommands();
const common: Classify = (command, output, asRoot) => classifyFailure(command, output, asRoot, []);
/** Programs that say with a failure that something is not there: `tolerant` takes that for the answer it is. */
const tolerant: Classify = (command, output, asRoot) =>
  /No such file or directory/.test(output.stderr) ? undefined : common(command, output, asRoot);

export interface ReadinessReader {
  /** What is cheap and moves by itself: settings, routes, neighbours, helpers, the agent's log. */
  readonly facts: () => Promise<NodeReadings>;
  /** What takes long, or changes by an operator's hand: the firewall rules, the hooks of the takeover engine. */
  readonly rules: () => Promise<NodeReadings>;
  /** What must be the same on every node, the rules as text, so that two nodes' can be compared line by line. */
  readonly parity: () => Promise<ParityReadings>;
}

/** The readings that readiness alone rests on. */
export function readinessReader(
  runner: NodeRunner,
  sync: { agent: SyncAgent; commands: SyncCommands; config: () => Promise<SyncAgentConfig | undefined> },
  configured: HooksReader,
  clock: Clock,
): ReadinessReader {
  const read = async <T>(
    command: Command,
    parse: (stdout: string) => Result<T, Failure>,
    { by = runner.poll, classify = common } = {},
  ): Promise<Reading<T>> => readingFrom(runner, command, await by(command), classify, parse, clock());

  const readSettings = () => read(settingsCommand, (text) => ok(parseSettings(text)));
  const readHelpers = () => read(modulesCommand, (text) => ok(parseHelpers(text)), { classify: tolerant });
  /** Of both families; what keeps one from being read keeps the whole from being known. */
  const readRoutes = async () => {
    const parse = (text: string) => unreadable(parseRoutes(text), 'the routes');
    const [four, six] = await Promise.all([read(network.routes, parse), read(network.routes6, parse)]);
    return four.ok && six.ok
      ? { ...four, value: [...four.value, ...six.value], source: `${four.source}; ${six.source}` }
      : four.ok
        ? six
        : four;
  };
  /** Where a flush is due, its moment is told by the log's dates, and their zone by the file's own stamp. */
  const readLog = async (file: string): Promise<Reading<SyncLogFacts>> => {
    const log = await read(sync.commands.log(file), (text) => ok(text));
    if (!log.ok) return log;
    const records = sync.agent.parseLog(log.value);
    const facts = syncLogFacts(records);
    if (facts.flushPending === undefined) return { ...log, value: facts };
    const stamps = await read(stampCommand([file]), (text) => ok(parseStamps(text)));
    const modified = readingValue(stamps)?.get(file)?.modified;
    const zone = modified === undefined ? undefined : zoneOf(parseLogFile(log.value, modified), modified);
    return { ...log, value: syncLogFacts(records, zone) };
  };
  /** What it says to the syslog, where the journal takes that; a journal without a word of it says nothing of a commit. */
  const readJournal = (): Promise<Reading<SyncLogFacts>> => {
    const { isOwn, unit } = sync.agent.log;
    const parse = (stdout: string): Result<SyncLogFacts, Failure> => {
      const own = parseJournal(stdout).filter(({ identifier }) => isOwn(identifier));
      const records = own.flatMap(({ at, text }) =>
        sync.agent.parseLog(text).map((record) => ({ ...record, at })),
      );
      return own.length > 0 ? ok(syncLogFacts(records, 0)) : err(nowhere('the journal holds no line of it'));
    };
    return read(journalCommand([unit], lookLines.file), parse, {
      by: runner.exec,
      classify: (command, output, asRoot) =>
        journalRefusal(command, output) ?? common(command, output, asRoot),
    });
  };
  const nowhere = (message: string): Failure => ({
    kind: 'unreadable',
    message,
    remedy: `Name a LogFile in ${sync.commands.config.argv.at(-1)}: of the syslog only what systemd's journal takes is read.`,
  });
  let refused: (Reading<SyncLogFacts> & { ok: false }) | undefined;
  const syncLog = async (): Promise<Reading<SyncLogFacts>> => {
    const config = await sync.config();
    if (config?.logFile !== undefined) return readLog(config.logFile);
    const isRefused = refused !== undefined && elapsed(refused.observedAt, clock()) < refusedMs;
    const journal = config && (isRefused ? refused : await readJournal());
    refused = journal && !journal.ok && journal.failure.kind === 'no-permission' ? journal : undefined;
    if (journal && (journal.ok || journal.failure.kind !== 'not-installed')) return journal;
    const failure = nowhere(
      config ? 'its configuration names no log file' : 'its configuration cannot be read',
    );
    return { ok: false, failure, observedAt: clock(), source: runner.line(sync.commands.config) };
  };
  const hooks = async (): Promise<Reading<TakeoverHooks>> => {
    const config = await configured();
    if (!config.ok) return config;
    const paths = config.value.programs;
    if (paths.length === 0) return { ...config, value: { ...config.value, programs: [] } };
    const programs = await read(programsCommand(paths), (text) => ok(parsePrograms(text, paths)), {
      classify: tolerant,
    });
    return programs.ok ? { ...programs, value: { ...config.value, programs: programs.value } } : programs;
  };

  return {
    facts: async () => {
      const [settings, routes, neighbours, helpers, log, agentChildren] = await Promise.all([
        readSettings(),
        readRoutes(),
        read(network.neighbours, (text) => unreadable(parseNeighbours(text), 'the neighbours')),
        readHelpers(),
        syncLog(),
        read(sync.commands.children, (text) => ok(sync.agent.parseChildren(text)), {
          classify: sync.agent.classify,
        }),
      ]);
      return { settings, routes, neighbours, helpers, syncLog: log, agentChildren };
    },
    rules: async () => {
      const digest = (text: string) => {
        const rules = normaliseRules(text);
        const hash = createHash('sha256').update(rules).digest('hex');
        return ok({ hash, lines: rules.split('\n').length - 1 });
      };
      return { rules: await read(rulesCommand, digest, { by: runner.exec }), hooks: await hooks() };
    },
    parity: async () => {
      const [rules, settings, helpers, routes] = await Promise.all([
        read(rulesCommand, (text) => ok(redact(normaliseRules(text))), { by: runner.exec }),
        readSettings(),
        readHelpers(),
        readRoutes(),
      ]);
      return { rules, settings, helpers, routes };
    },
  };
}
