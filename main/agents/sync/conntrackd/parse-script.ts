import type { ScriptStep } from '../../../../shared/domain/trap-facts.ts';

/**
 * The commands that a shell script gives conntrackd, by the branch of its `case` that they stand in. The program may be
 * named by a path, a variable or a function (`$CONNTRACKD_BIN -C "$CONNTRACKD_CONFIG" -f`), as long as its name is in it.
 */
export function parseScript(text: string): { steps: ScriptStep[]; checks: ('internal' | 'external')[] } {
  const steps: ScriptStep[] = [];
  let branch: string | undefined;
  const lines = text.split('\n').map((line) => line.replace(/(?:^|\s)#.*$/, ''));
  for (const [index, line] of lines.entries()) {
    for (const part of line.split(';;')) {
      branch = label.exec(part)?.[1] ?? branch;
      for (const [, option = '', argument] of part.matchAll(command)) {
        if (option === '-C') continue;
        const what = argument === undefined ? option : `${option} ${argument}`;
        steps.push({ ...(branch !== undefined && { branch }), option: what, line: index + 1 });
      }
    }
    if (/^\s*esac\b/.test(line)) branch = undefined;
  }
  const looksAt = (pattern: RegExp): boolean => lines.some((line) => pattern.test(line));
  return {
    steps,
    checks: [
      ...(looksAt(/DisableInternalCache|internal bypass/i) ? (['internal'] as const) : []),
      ...(looksAt(/DisableExternalCache|external inject/i) ? (['external'] as const) : []),
    ],
  };
}

/** Where a branch of a `case` begins. */
const label = /^\s*(?:case\b.*?\bin\b)?\s*\(?["']?([\w|*-]+)["']?\)/;
/** Where a command begins; then conntrackd, its `-C FILE` where it has one, its option, and the option's argument. */
const command =
  /(?:^|[;&|()!{]|\b(?:then|do|else|if|exec|sudo)\b)\s*["'$\w/{}.-]*conntrackd(?:_bin)?["'}]*(?:\s+-C\s+\S+)?\s+(-[a-zA-Z])\b(?:[ \t]+([a-z]+))?/gi;
