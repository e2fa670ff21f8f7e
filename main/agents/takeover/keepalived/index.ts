import type { TakeoverEngine } from '../../agent.ts';
import { classifyFailure, type FailureRule, noSuchProcess } from '../../classify.ts';
import { defaultPidFile, keepalivedCommands } from './commands.ts';
import { includesOf, withIncludes } from './includes.ts';
import { keepalivedLog } from './logged.ts';
import {
  isInstalledProgram,
  parseDumpStamp,
  parseLeverOwners,
  parsePid,
  parseSignalNumber,
} from './parse-files.ts';
import { parseHooks } from './parse-hooks.ts';
import { parseKeepalivedState } from './parse-state.ts';

const rules: readonly FailureRule[] = [
  {
    // keepalived removes its PID file when it ends; the kernel removes /proc/PID
    matches: ({ stderr }) =>
      /(?:\/proc\/\d+\/exe|\.pid\S*): No such file or directory|pidfile not (?:valid|found)|failed to (?:open|read) pidfile/i.test(
        stderr,
      ),
    failure: () => ({
      kind: 'not-running',
      message: 'keepalived is not running on the node: its PID file names no process',
    }),
  },
  {
    // readlink fails without a word, for a process that is gone as for one of another user
    matches: ({ exitCode, stderr }, { argv: [program] }) =>
      exitCode === 1 && stderr.trim() === '' && program.endsWith('/readlink'),
    failure: (program, asRoot) =>
      asRoot
        ? {
            kind: 'not-running',
            message: 'keepalived is not running on the node: its PID file names no process',
          }
        : {
            kind: 'no-permission',
            message: `${program} needs root to name the program of keepalived's process`,
          },
  },
  noSuchProcess('keepalived'),
];

/** keepalived's VRRP: https://www.keepalived.org/ */
export const keepalived: TakeoverEngine = {
  kind: 'keepalived',
  defaultPidFile,
  commands: keepalivedCommands,
  parseState: parseKeepalivedState,
  parsePid,
  parseSignalNumber,
  isInstalledProgram,
  parseDumpStamp,
  parseHooks,
  includesOf,
  withIncludes,
  parseLeverOwners,
  log: keepalivedLog,
  classify: (command, output, asRoot) => classifyFailure(command, output, asRoot, rules),
};
