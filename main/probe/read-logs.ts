import { type ClockSample, lastStep, type NodeClock, observeClock } from '../../shared/domain/node-clock.ts';
import type { LogRecord } from '../../shared/domain/timeline.ts';
import type { LogState, NodeClockState } from '../../shared/domain/timeline-page.ts';
import { type Clock, elapsed } from '../../shared/lib/clock.ts';
import type { Failure } from '../../shared/lib/reading.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import type { ProgramLog, SyncAgentConfig } from '../agents/agent.ts';
import { classifyFailure } from '../agents/classify.ts';
import type { Command } from '../agents/command.ts';
import { clockCommand, parseSeconds } from '../agents/host/commands.ts';
import {
  journalCommand,
  journalSocket,
  lookLines,
  stampCommand,
  syslogFiles,
  tailCommand,
} from '../agents/logs/commands.ts';
import { parseLogFile, zoneOf } from '../agents/logs/parse-file.ts';
import { journalRefusal, parseJournal } from '../agents/logs/parse-journal.ts';
import { type FileStamp, parseStamps } from '../agents/logs/parse-stamps.ts';
import { type LogIntake, type Look, logIntake, type SeenLine } from './log-intake.ts';
import { type Answer, instantOf, type NodeRunner, refusedMs } from './node-runner.ts';

const journal = 'journal';

/** How often (ms) a log is read that changes by our own asking, while nothing moves. */
const busyMs = 5_500;

export interface LogKeeper {
  /** The newest records of a place from earlier sessions, oldest first. */
  readonly kept: (node: string, place: string) => LogRecord[];
  readonly take: (node: string, records: readonly LogRecord[]) => void;
}

/** Follows the logs of one node's programs. */
export interface LogReader {
  /** One look at every log; what did not change since the last one is not read again. `hurry`: something has moved. */
  readonly look: (hurry?: boolean) => Promise<void>;
  /** The session is down: nothing can be read. */
  readonly lost: (failure: Failure) => void;
  readonly states: () => LogState[];
  readonly clock: () => NodeClockState;
}

interface Place {
  readonly path: string;
  readonly intake: LogIntake;
  /** As it was when it was last read whole. */
  stamp: FileStamp | undefined;
  zone: number;
  /** It held no more than what is known, at this instant of our clock. */
  seenAt: number | undefined;
  lastMark: string | undefined;
  failure: { readonly failure: Failure; readonly at: number } | undefined;
}

export function logReader(
  runner: NodeRunner,
  logs: { readonly sync: ProgramLog; readonly takeover: ProgramLog },
  syncConfig: { readonly path: string; readonly read: () => Promise<SyncAgentConfig | undefined> },
  keeper: LogKeeper,
  now: Clock,
): LogReader {
  const places = new Map<string, Place>();
  const programs = [logs.sync, logs.takeover];
  let clock: NodeClock = [];
  let newest: ClockSample | undefined;
  /** Which place each program writes to, or why none is known. */
  let found = new Map<ProgramLog, Result<string, Failure>>();
  let lost: Failure | undefined;
  /** How the last lines of a file are asked for. */
  let near = runner.poll;

  const placeAt = (path: string): Place => {
    const known = places.get(path);
    if (known) return known;
    const intake = logIntake(runner.node, path, keeper.kept(runner.node, path));
    const place: Place = {
      ...{ path, intake, stamp: undefined, zone: 0 },
      ...{ seenAt: undefined, lastMark: undefined, failure: undefined },
    };
    places.set(path, place);
    return place;
  };

  const readClock = async () => {
    const answer = await runner.poll(clockCommand);
    const theirs = answer.ok ? parseSeconds(answer.value.stdout) : undefined;
    if (!answer.ok || theirs === undefined) return;
    const at = instantOf(answer.value);
    // The engine's own clock counts whole milliseconds.
    newest = { at, offset: theirs - at, uncertainty: (answer.value.endedAt - answer.value.sentAt) / 2 + 1 };
    clock = observeClock(clock, newest);
  };

  const stamps = async (files: readonly string[]) => {
    const command = stampCommand(files);
    const answer = await runner.poll(command);
    if (!answer.ok) return answer;
    // A file that is not there makes the exit status 1, and the others are told all the same.
    const failure = classifyFailure(command, answer.value, runner.privileged, []);
    const isMissing = /No such file or directory/.test(answer.value.stderr);
    if (failure && failure.kind !== 'unreadable' && !isMissing) return err(failure);
    return ok({ at: answer.value.sentAt, files: parseStamps(answer.value.stdout) });
  };

  const find = async (): Promise<Result<{ at: number; files: ReadonlyMap<string, FileStamp> }, Failure>> => {
    const config = await syncConfig.read();
    const own = config ? config.logFile : logs.sync.defaultFile;
    const candidates = [
      journalSocket,
      ...(own === undefined ? [] : [own]),
      logs.takeover.defaultFile,
      ...syslogFiles,
    ];
    const seen = await stamps(candidates);
    if (!seen.ok) return seen;
    const { files } = seen.value;
    const shared = files.has(journalSocket) ? journal : syslogFiles.find((file) => files.has(file));
    const sync = own !== undefined && files.has(own) ? own : shared;
    const takeover =
      shared !== journal && files.has(logs.takeover.defaultFile) ? logs.takeover.defaultFile : shared;
    found = new Map([
      [logs.sync, sync === undefined ? err(noLog(logs.sync, own, syncConfig.path)) : ok(sync)],
      [
        logs.takeover,
        takeover === undefined ? err(noLog(logs.takeover, undefined, syncConfig.path)) : ok(takeover),
      ],
    ]);
    return seen;
  };

  const run = async (command: Command, by = runner.exec): Promise<Result<Answer, Failure>> => {
    const answer = await by(command);
    if (!answer.ok) return answer;
    const failure =
      classifyFailure(command, answer.value, runner.privileged, []) ?? journalRefusal(command, answer.value);
    return failure ? err(failure) : answer;
  };

  /** The programs whose lines are to be taken from this place. */
  const writersOf = (path: string) => programs.filter((log) => pathOf(found.get(log)) === path);

  const readFile = async (place: Place, count: number): Promise<Result<Look, Failure>> => {
    const before = place.stamp;
    // a channel of its own costs the node a login; what once held up the polls has one until it answers again
    const answer = await run(tailCommand(place.path, count), count === lookLines.far ? runner.exec : near);
    near = !answer.ok && answer.error.kind === 'timed-out' ? runner.exec : runner.poll;
    if (!answer.ok) return answer;
    const again = await stamps([place.path]);
    const after = again.ok ? again.value.files.get(place.path) : undefined;
    const isStill = after !== undefined && before !== undefined && sameStamp(before, after);
    const lines = parseLogFile(answer.value.stdout, (after ?? before)?.modified ?? now());
    if (after) place.zone = zoneOf(lines, after.modified) ?? place.zone;
    const writers = writersOf(place.path);
    const shared = syslogFiles.includes(place.path);
    const owned = lines.flatMap((line): SeenLine[] => {
      const log = shared ? writers.find(({ isOwn }) => isOwn(line.program ?? '')) : writers[0];
      if (!log) return [];
      const said = line.continues
        ? { kind: 'other', level: 'info' as const, text: line.raw }
        : log.read(line.raw);
      if (said.kind === 'asked') return [];
      return [
        {
          mark: line.raw,
          program: log.program,
          ...(line.wall !== undefined && { at: line.wall - (line.hasZone ? 0 : place.zone) }),
          span: line.isExact ? 0 : 1_000,
          continues: line.continues && !shared,
          said,
        },
      ];
    });
    return ok({
      lines: owned,
      reaches: (mark) => lines.some(({ raw }) => raw === mark),
      isFull: lines.length >= count,
      lastMark: lines.at(-1)?.raw,
      ...windowOf(place, answer.value),
      ...(isStill && { modified: after.modified }),
    });
  };

  const readJournal = async (place: Place, count: number): Promise<Result<Look, Failure>> => {
    const units = programs.map(({ unit }) => unit);
    const fromFile = programs.filter((log) => pathOf(found.get(log)) !== journal);
    const answer = await run(journalCommand(units, count));
    if (!answer.ok) return answer;
    const all = parseJournal(answer.value.stdout);
    const lines = all.flatMap(({ cursor, at, identifier, unit, priority, text }): SeenLine[] => {
      const log =
        programs.find(({ isOwn }) => isOwn(identifier)) ?? programs.find((each) => each.unit === unit);
      // What stands in a file of its own is read there; what systemd says of the unit stands here alone.
      if (!log || (fromFile.includes(log) && log.isOwn(identifier))) return [];
      const said = log.isOwn(identifier) ? log.read(text) : { kind: 'other', level: 'info' as const, text };
      const level = said.level === 'info' && priority <= 4 ? 'warning' : said.level;
      const words = log.isOwn(identifier) ? said.text : `${identifier}: ${text}`;
      return [
        {
          mark: cursor,
          program: log.program,
          at,
          span: 0,
          continues: false,
          said: { ...said, level, text: words },
        },
      ];
    });
    return ok({
      lines,
      reaches: (mark) => all.some(({ cursor }) => cursor === mark),
      isFull: all.length >= count,
      lastMark: all.at(-1)?.cursor,
      ...windowOf(place, answer.value),
    });
  };

  /** As little as reaches back to what is known. */
  const read = async (place: Place): Promise<Result<Look, Failure>> => {
    const from = place.path === journal ? readJournal : readFile;
    const { lastMark } = place;
    const lookNear = () => from(place, place.path === journal ? lookLines.journal : lookLines.file);
    if (lastMark !== undefined) {
      const look = await lookNear();
      if (!look.ok || !look.value.isFull || look.value.reaches(lastMark)) return look;
    }
    const far = await from(place, lookLines.far);
    return far.ok || far.error.kind !== 'no-permission' ? far : lookNear();
  };

  const lookAt = async (
    path: string,
    stamp: FileStamp | undefined,
    sentAt: number,
    hurry: boolean,
  ): Promise<void> => {
    const place = placeAt(path);
    // The takeover engine logs each dump that it is asked for, so its log never stands still.
    const isBusy = writersOf(path).includes(logs.takeover);
    if (isBusy && !hurry && place.seenAt !== undefined && elapsed(place.seenAt, now()) < busyMs) return;
    const refused = place.failure?.failure.kind === 'no-permission';
    if (refused && elapsed(place.failure?.at ?? 0, now()) < refusedMs) return;
    if (stamp && place.stamp && !place.failure && sameStamp(stamp, place.stamp)) {
      place.seenAt = sentAt;
      return;
    }
    const former = place.stamp;
    place.stamp = stamp;
    const look = await read(place);
    if (!look.ok) {
      place.stamp = former;
      place.failure = { failure: withRemedy(look.error, path), at: now() };
      return;
    }
    place.failure = undefined;
    place.lastMark = look.value.lastMark ?? place.lastMark;
    const records = place.intake.take(look.value, clock);
    place.seenAt = look.value.sentAt;
    if (records.length > 0) keeper.take(runner.node, records);
  };

  return {
    look: async (hurry = false) => {
      await readClock();
      const seen = await find();
      if (!seen.ok) {
        lost = seen.error;
        return;
      }
      lost = undefined;
      const paths = new Set([...found.values()].flatMap((each) => (each.ok ? [each.value] : [])));
      await Promise.all(
        [...paths].map((path) => lookAt(path, seen.value.files.get(path), seen.value.at, hurry)),
      );
    },
    lost: (failure) => {
      lost = failure;
      // Whoever logs in next may be allowed what the last one was not.
      for (const place of places.values()) place.failure = undefined;
    },
    states: () =>
      programs.map((log): LogState => {
        const where = found.get(log);
        const place = where?.ok ? places.get(where.value) : undefined;
        const failure = lost ?? (where && !where.ok ? where.error : undefined) ?? place?.failure?.failure;
        return {
          node: runner.node,
          program: log.program,
          ...(where?.ok && { place: where.value }),
          ...(place?.seenAt !== undefined && { readAt: place.seenAt }),
          ...(failure && { failure }),
        };
      }),
    clock: () => {
      const step = lastStep(clock);
      const best = clock.at(-1)?.best;
      return {
        node: runner.node,
        ...(newest && best && { observedAt: newest.at, offset: best.offset, uncertainty: best.uncertainty }),
        ...(step && { step }),
      };
    },
  };
}

const pathOf = (result: Result<string, Failure> | undefined) => (result?.ok ? result.value : undefined);
const sameStamp = (a: FileStamp, b: FileStamp) =>
  a.inode === b.inode && a.bytes === b.bytes && a.modified === b.modified;

/** What came since the last look came after that one was asked for. */
const windowOf = ({ seenAt }: Place, { sentAt, endedAt }: Answer) => ({
  sentAt,
  window: { by: endedAt, ...(seenAt !== undefined && { after: seenAt }) },
});

const mayRead = 'allow this exact command in the sudo rules of the login (assets/node/sudoers-handover)';

/** What helps a login that may not read a log. */
const withRemedy = (failure: Failure, path: string): Failure =>
  failure.kind === 'no-permission'
    ? {
        ...failure,
        message: path === journal ? failure.message : `${failure.message}: ${path}`,
        remedy: `Put the login into the group ${path === journal ? 'systemd-journal' : 'adm'}, or ${mayRead} and set sudo: true for the node.`,
      }
    : failure;

function noLog({ program, defaultFile }: ProgramLog, named: string | undefined, config: string): Failure {
  const looked = [...(named === undefined ? [] : [named]), defaultFile, ...syslogFiles];
  return {
    kind: 'unreadable',
    message: `no log of ${program} was found: there is no systemd journal, and none of ${[...new Set(looked)].join(', ')}`,
    remedy:
      program === 'conntrackd'
        ? `Set LogFile in ${config}.`
        : `Let ${program} log to syslog, or to ${defaultFile}.`,
  };
}
