import type { Command } from '../../../main/agents/command.ts';
import { conntrackdLog } from '../../../main/agents/sync/conntrackd/logged.ts';
import { keepalivedLog } from '../../../main/agents/takeover/keepalived/logged.ts';
import type { NodeRunner } from '../../../main/probe/node-runner.ts';
import { logReader } from '../../../main/probe/read-logs.ts';
import type { LogRecord } from '../../../shared/domain/timeline.ts';
import { ok } from '../../../shared/lib/result.ts';

export const conntrackdFile = '/var/log/conntrackd.log';
export const keepalivedFile = '/var/log/keepalived.log';

interface File {
  lines: string[];
  modified: number;
  inode: number;
  unreadable?: boolean;
}

/** A node that has a clock and log files and nothing else, and a console that reads them, keeps them, and may start anew. */
export function madeUpNode() {
  const files = new Map<string, File>();
  const kept: LogRecord[] = [];
  const asked: string[] = [];
  const journal: { at: number; identifier: string; text: string }[] = [];
  let now = Date.UTC(2026, 10, 22, 15, 0, 0);
  let ahead = 0;
  let journalIs: 'absent' | 'open' | 'closed' = 'absent';

  const answer = ({ argv }: Command): { stdout: string; stderr: string; exitCode: number } => {
    const [program, ...args] = argv;
    const path = args.at(-1) ?? '';
    switch (program) {
      case '/usr/bin/date':
        return { stdout: `${((now + ahead) / 1000).toFixed(3)}000000\n`, stderr: '', exitCode: 0 };
      case '/usr/bin/stat': {
        const there = args.slice(3).flatMap((name) => {
          if (name.startsWith('/run/systemd') && journalIs !== 'absent') return [`${name}\t1\t0\t1.0`];
          const file = files.get(name);
          const bytes = file ? Buffer.byteLength(file.lines.join('\n')) : 0;
          return file ? [`${name}\t${file.inode}\t${bytes}\t${(file.modified / 1000).toFixed(3)}`] : [];
        });
        const stderr = there.length < args.length - 3 ? 'stat: cannot statx: No such file or directory' : '';
        return { stdout: `${there.join('\n')}\n`, stderr, exitCode: stderr === '' ? 0 : 1 };
      }
      case '/usr/bin/tail': {
        const file = files.get(path);
        if (!file || file.unreadable)
          return {
            stdout: '',
            stderr: `tail: cannot open '${path}' for reading: Permission denied`,
            exitCode: 1,
          };
        return {
          stdout: file.lines
            .slice(-Number(args[1]))
            .map((line) => `${line}\n`)
            .join(''),
          stderr: '',
          exitCode: 0,
        };
      }
      default: {
        if (journalIs === 'closed')
          return {
            stdout: '',
            stderr: 'Hint: You are currently not seeing messages from other users',
            exitCode: 0,
          };
        const lines = journal.map(({ at, identifier, text }, index) => ({
          __CURSOR: `c${index}`,
          __REALTIME_TIMESTAMP: String(at * 1000),
          MESSAGE: text,
          SYSLOG_IDENTIFIER: identifier,
          _SYSTEMD_UNIT: identifier === 'systemd' ? 'init.scope' : 'keepalived.service',
        }));
        const stdout = lines
          .slice(-Number(path))
          .map((line) => `${JSON.stringify(line)}\n`)
          .join('');
        return { stdout, stderr: '', exitCode: 0 };
      }
    }
  };
  const run: NodeRunner['poll'] = async (command) => {
    asked.push(command.argv.join(' '));
    const sentAt = now;
    now += 2;
    return ok({ ...answer(command), sentAt, endedAt: now });
  };
  const runner: NodeRunner = {
    node: 'fw1',
    privileged: true,
    poll: run,
    exec: run,
    lane: () => undefined,
    stream: () => Promise.reject(new Error('nothing is streamed here')),
    line: ({ argv }) => argv.join(' '),
  };
  const open = (logFile: string | undefined = conntrackdFile) =>
    logReader(
      runner,
      { sync: conntrackdLog, takeover: keepalivedLog },
      {
        path: '/etc/conntrackd/conntrackd.conf',
        read: async () => ({
          mode: 'ftfw',
          disableInternalCache: false,
          disableExternalCache: false,
          expectationSync: false,
          ...(logFile !== undefined && { logFile }),
        }),
      },
      {
        kept: (_node, place) => kept.filter((record) => record.place === place).slice(-400),
        take: (_node, records) => {
          for (const record of records) {
            const index = kept.findIndex(
              ({ place, number }) => place === record.place && number === record.number,
            );
            if (index < 0) kept.push(record);
            else kept[index] = record;
          }
        },
      },
      () => now,
    );
  let reader = open();

  return {
    look: () => reader.look(),
    states: () => reader.states(),
    clock: () => reader.clock(),
    /** The console starts anew, with what it kept. */
    restart: (logFile?: string) => {
      reader = open(logFile);
    },
    entries: (place = conntrackdFile) =>
      kept.filter((record) => record.place === place).map(({ entry }) => entry),
    kept,
    asked,
    files,
    journal,
    now: () => now,
    pass: (ms: number) => {
      now += ms;
    },
    /** Sets the node's clock so far ahead of ours. */
    set: (ms: number) => {
      ahead = ms;
    },
    hasJournal: (state: typeof journalIs) => {
      journalIs = state;
    },
    clockOfNode: () => now + ahead,
    write: (path: string, line: string) => {
      const file = files.get(path) ?? { lines: [], modified: 0, inode: files.size + 10 };
      files.set(path, file);
      file.lines.push(line);
      file.modified = now + ahead;
    },
    /** As conntrackd writes it. */
    log: (text: string) => {
      const [week, day, month, year, time] = new Date(now + ahead).toUTCString().split(/,? /);
      const file = files.get(conntrackdFile) ?? { lines: [], modified: 0, inode: files.size + 10 };
      files.set(conntrackdFile, file);
      file.lines.push(
        `[${week} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}] (pid=7) [notice] ${text}`,
      );
      file.modified = now + ahead;
    },
  };
}
