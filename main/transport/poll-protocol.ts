/**
 * What travels over a node's channels, as pure text in both directions.
 *
 * The poll channel is opened once, with `env LC_ALL=C /bin/sh` (`pollShell`). Each line on its stdin is one command,
 * `\n` at the end, in exactly one of two forms (N = nonce of the channel, 32 hex digits; S = sequence number, from 1):
 *
 *     n=$(printf '\n.'); n=${n%.}; printf '\n%s %s %s\n' N 0 0; printf '\n%s %s\n' N 0 >&2
 *     (exec WORDS </dev/null); printf '\n%s %s %s\n' N S $?; printf '\n%s %s\n' N S >&2
 *
 * The first is the greeting, sent once: whatever comes before its reply is noise of the login (a talkative .bashrc).
 * `exec` keeps words such as `exit`, `if` or `A=1` from meaning anything to the shell, the parentheses keep the shell.
 *
 * The answer on stdout is the output, a newline, `N S STATUS`, a newline; on stderr the errors, a newline, `N S`, a
 * newline. The newline before each nonce is the protocol's and not the program's, so output survives byte for byte.
 *
 * A program on the node may take the shell's place where sudo allows it as a whole (`assets/node/status-reader`): a line
 * is `N<tab>S`, then a tab and a word each, without words for the greeting; the answers are the same.
 *
 * A word is written bare where it consists of `A-Z a-z 0-9 _ @ % + : , . / = -`; else in single quotes, with a quote in
 * it as `'\''`, and (in a poll line, which must stay one line) a newline in it as `'"$n"'`.
 *
 * A channel of its own for output (exec, stream) is opened with the line below, newlines as they are, and its output
 * begins behind the marker `\n N 0 0 \n` of a greeting; a watch, whose first words mean nothing, without the `printf`.
 *
 *     printf '\n%s 0 0\n' N; exec env LC_ALL=C WORDS
 */

export type Argv = readonly [string, ...string[]];

export const pollShell = 'env LC_ALL=C /bin/sh';
const execPrefix = 'env LC_ALL=C ';

const greetingHead = `n=$(printf '\\n.'); n=\${n%.}; `;
const commandHead = '(exec ';
const commandTail = ' </dev/null); ';

export type PollLine =
  | { readonly kind: 'greeting'; readonly nonce: string; readonly sequence: 0 }
  | { readonly kind: 'command'; readonly nonce: string; readonly sequence: number; readonly argv: Argv };

/** One line for the poll shell's stdin, with its `\n`. The words must not hold a NUL (no argv can). */
export function encodePollLine(line: PollLine): string {
  const markers = (status: string) =>
    `printf '\\n%s %s %s\\n' ${line.nonce} ${line.sequence} ${status}; printf '\\n%s %s\\n' ${line.nonce} ${line.sequence} >&2\n`;
  if (line.kind === 'greeting') return greetingHead + markers('0');
  const words = line.argv.map((word) => quoteWord(word).replaceAll('\n', `'"$n"'`)).join(' ');
  return commandHead + words + commandTail + markers('$?');
}

/** One line for a program in the shell's place. No word that it knows holds a tab or a newline. */
export function encodeReaderLine(line: PollLine): string {
  const words = line.kind === 'greeting' ? [] : line.argv.map((word) => word.replaceAll(/[\t\n]/g, ' '));
  return `${[line.nonce, line.sequence, ...words].join('\t')}\n`;
}

/** The inverse of `encodePollLine`, with or without the `\n`: for the simulated node. Undefined for anything else. */
export function decodePollLine(text: string): PollLine | undefined {
  const tail = / ([0-9a-f]{32}) (\d+) (?:0|\$\?); printf '\\n%s %s\\n' \1 \2 >&2\n?$/.exec(text);
  const [, nonce, digits] = tail ?? [];
  if (nonce === undefined || digits === undefined) return undefined;
  const sequence = Number(digits);
  if (text.startsWith(greetingHead)) {
    const line: PollLine = { kind: 'greeting', nonce, sequence: 0 };
    return encodePollLine(line).trimEnd() === text.trimEnd() ? line : undefined;
  }
  const end = text.lastIndexOf(commandTail);
  if (!text.startsWith(commandHead) || end < 0) return undefined;
  const argv = decodeWords(text.slice(commandHead.length, end));
  return argv && { kind: 'command', nonce, sequence, argv };
}

/** What a poll shell answers to a line, on its two streams. */
export function encodePollAnswer(
  line: PollLine,
  answer: { readonly stdout: string; readonly stderr: string; readonly exitCode: number },
): { stdout: string; stderr: string } {
  return {
    stdout: `${answer.stdout}\n${line.nonce} ${line.sequence} ${answer.exitCode}\n`,
    stderr: `${answer.stderr}\n${line.nonce} ${line.sequence}\n`,
  };
}

/** The command of a channel of its own, and with a nonce the marker before its output. */
export const encodeExec = (argv: Argv, nonce?: string): string =>
  (nonce === undefined ? '' : `printf '\\n%s 0 0\\n' ${nonce}; exec `) +
  execPrefix +
  argv.map(quoteWord).join(' ');

/** What stands before the output of a command that was sent with this nonce. */
export const execMarker = (nonce: string): string => `\n${nonce} 0 0\n`;

/** The inverse of `encodeExec`; undefined for a command that it would not have written. */
export function decodeExec(command: string): { argv: Argv; nonce?: string } | undefined {
  const [marked = '', nonce] = /^printf '\\n%s 0 0\\n' ([0-9a-f]{32}); exec /.exec(command) ?? [];
  const plain = command.slice(marked.length);
  if (!plain.startsWith(execPrefix) || plain === pollShell) return undefined;
  const argv = decodeWords(plain.slice(execPrefix.length));
  return argv && { argv, ...(nonce !== undefined && { nonce }) };
}

/** A word as any POSIX shell reads it back, unchanged. */
export const quoteWord = (word: string): string =>
  /^[A-Za-z0-9_@%+:,./=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** Reads words as `quoteWord` writes them. */
function decodeWords(text: string): Argv | undefined {
  const piece = /'([^']*)'|\\(')|"(\$n)"|([A-Za-z0-9_@%+:,./=-]+)|( )/y;
  const words: string[] = [];
  let word: string | undefined;
  while (piece.lastIndex < text.length) {
    const match = piece.exec(text);
    if (!match) return undefined;
    const [, quoted, apostrophe, newline, bare, space] = match;
    if (space === undefined) word = (word ?? '') + (quoted ?? apostrophe ?? (newline ? '\n' : bare));
    else if (word === undefined) return undefined;
    else {
      words.push(word);
      word = undefined;
    }
  }
  if (word === undefined) return undefined;
  const [first, ...rest] = [...words, word];
  return first === undefined ? undefined : [first, ...rest];
}
