import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import type { DumpStamp, LeverOwner } from '../../agent.ts';
import { parseInteger } from '../../integer.ts';
import { type ParseError, parseError } from '../../parse-error.ts';

const parsePositive =
  (expected: string) =>
  (stdout: string): Result<number, ParseError> => {
    const value = parseInteger(stdout.trim());
    return value ? ok(value) : err(parseError(1, stdout.trim(), expected));
  };

export const parsePid = parsePositive('a process id');
export const parseSignalNumber = parsePositive('the number of a signal');

/** What `readlink /proc/PID/exe` prints of a daemon that is still the installed one: an upgrade leaves ` (deleted)`. */
export const isInstalledProgram = (stdout: string): boolean =>
  /^(?:\/usr)?\/sbin\/keepalived$/.test(stdout.trim());

/** `stat -c '%y %s'`: `2026-11-22 15:11:13.124742000 +0000 1947`. */
export const parseDumpStamp = (stdout: string): Result<DumpStamp, ParseError> => {
  const [, modified, size] = /^(.+) (\d+)$/.exec(stdout.trim()) ?? [];
  return modified === undefined
    ? err(parseError(1, stdout.trim(), 'the time of the last change and the size'))
    : ok({ modified, bytes: Number(size) });
};

/** `stat -c '%U %G %a %F'`, a line for each file: `root root 644 regular file`. */
export const parseLeverOwners = (stdout: string): Result<LeverOwner[], ParseError> => {
  const owners: LeverOwner[] = [];
  for (const [index, line] of stdout.trim().split('\n').entries()) {
    const [, user, group, mode, type] = /^(\S+) (\S+) ([0-7]{1,5}) (.+)$/.exec(line.trim()) ?? [];
    if (user === undefined || group === undefined || mode === undefined || type === undefined)
      return err(parseError(index + 1, line, 'user, group, mode and type of a file'));
    owners.push({ user, group, mode, type });
  }
  return ok(owners);
};
