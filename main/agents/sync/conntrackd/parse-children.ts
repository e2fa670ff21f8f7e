/** `conntrackd -s process`: a line `PID=n type=any|flush|commit` for each child, nothing where there is none. */
export const parseChildren = (stdout: string): string[] =>
  [...stdout.matchAll(/\bPID=\d+\s+type=(\w+)/g)].map((match) => match[1] ?? '');
