import type { Failure } from '../../shared/lib/reading.ts';
import type { Command, CommandOutput } from './command.ts';

/** A rule says what an exit status and the words on stderr mean for one program. */
export interface FailureRule {
  readonly matches: (output: CommandOutput, command: Command) => boolean;
  readonly failure: (program: string, asRoot: boolean) => Failure;
}

const grantSudo = 'Allow this exact command in the sudo rules of the login (assets/node/sudoers-handover).';

const noPermission = (message: string, remedy = grantSudo): Failure => ({
  kind: 'no-permission',
  message,
  remedy,
});

const says = (pattern: RegExp) => (output: CommandOutput) => pattern.test(output.stderr);

/** What the shell, sudo and the C library say on every node; locale C. Order matters: the more exact come first. */
const commonRules: readonly FailureRule[] = [
  {
    matches: says(
      /sudo: (?:a password is required|a terminal is required|no tty present)|may not run sudo|is not in the sudoers file/,
    ),
    failure: (program) => noPermission(`sudo asks for a password before it runs ${program}`),
  },
  {
    matches: says(/not allowed to execute/),
    failure: (program) => noPermission(`sudo does not allow ${program} with these arguments`),
  },
  {
    matches: says(/(?:^|[\s:/])sudo: (?:command not found|not found|No such file or directory)/m),
    failure: (program) =>
      noPermission(
        `${program} needs root, and there is no sudo on the node`,
        'Install sudo, or log in as root.',
      ),
  },
  {
    matches: (output, { argv: [program] }) =>
      output.exitCode === 127 ||
      output.stderr.includes(`sudo: ${program}: command not found`) ||
      output.stderr.includes(`${program}: No such file or directory`),
    failure: (program) => ({ kind: 'not-installed', message: `${program} is not on the node` }),
  },
  {
    matches: ({ exitCode, stderr }) =>
      exitCode === 126 ||
      /permission denied|operation not permitted|must be root|CAP_NET_ADMIN/i.test(stderr),
    failure: (program) => noPermission(`${program} may not read that as this login`),
  },
];

/** sudo grumbles about the node's own name and goes on. */
const withoutHarmless = (stderr: string): string =>
  stderr.replace(/^sudo: unable to resolve host .*\n?/gm, '');

/**
 * Why a command gave nothing; undefined where it worked. `rules` are the program's own and come before those of sudo,
 * the shell and the C library; a failure that nothing explains is `unreadable`, with what the program said.
 */
export const classifyFailure = (
  command: Command,
  output: CommandOutput,
  asRoot: boolean,
  rules: readonly FailureRule[],
): Failure | undefined => {
  if (output.exitCode === 0) return undefined;
  const [program] = command.argv;
  const heard = { ...output, stderr: withoutHarmless(output.stderr) };
  const rule = [...rules, ...commonRules].find(({ matches }) => matches(heard, command));
  if (rule !== undefined) return rule.failure(program, asRoot);
  const said = heard.stderr.trim().split('\n').at(-1) ?? '';
  return {
    kind: 'unreadable',
    message: `${program} ended with exit status ${output.exitCode}${said === '' ? '' : `: ${said.slice(0, 300)}`}`,
  };
};

/** `pgrep -x NAME` with exit status 1 and nothing to say: there is no such process. */
export const noSuchProcess = (daemon: string): FailureRule => ({
  matches: ({ exitCode, stderr }, { argv: [program] }) =>
    exitCode === 1 && stderr.trim() === '' && /\/p(?:grep|kill)$/.test(program),
  failure: () => ({ kind: 'not-running', message: `${daemon} is not running on the node` }),
});
