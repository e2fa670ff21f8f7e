import { type ParseError, parseError } from './parse-error.ts';
import { withoutColour } from './pasted.ts';

/** A line of a configuration: its words, and what stands between the braces behind them. */
export interface Statement {
  /** Counted from 1 within the file. */
  readonly line: number;
  readonly words: readonly string[];
  /** `@id` or `@^id` before it: keepalived takes the statement only where its configuration id matches, or does not. */
  readonly condition?: string;
  readonly block?: readonly Statement[];
}

/** A piece of a file and the line that it stands in; several may stand in one, where a definition was spelt out. */
export interface SourceLine {
  readonly line: number;
  readonly text: string;
}

export const numbered = (lines: readonly string[]): SourceLine[] =>
  lines.map((text, index) => ({ line: index + 1, text }));

type Draft = { -readonly [Key in keyof Statement]: Statement[Key] } & { words: string[]; block?: Draft[] };

export interface Syntax {
  /** Characters that begin a comment, to the end of the line. */
  readonly comments: string;
  /** Do quote marks hold blanks, braces and comments together? */
  readonly quotes: boolean;
}

const pastedPrefixes = [/^\s*\d+[\t:|](?:.*)$/, /^\s*>/] as const;

/** The lines of a pasted file, without what every one of them has before it: a number, or a mail's quote mark. */
export const configLines = (text: string): string[] => {
  const lines = withoutColour(text)
    .replace(/^\ufeff/, '')
    .replaceAll('\u00a0', ' ')
    .split('\n')
    .map((line) => line.trimEnd());
  const filled = lines.filter((line) => line !== '');
  if (filled.length > 1 && filled.every((line) => pastedPrefixes[0].test(line) || /^\s*\d+$/.test(line)))
    return lines.map((line) => line.replace(/^\s*\d+[\t:|]?/, ''));
  if (filled.length > 1 && filled.every((line) => pastedPrefixes[1].test(line)))
    return lines.map((line) => line.replace(/^\s*>/, ''));
  return lines;
};

/** `${NAME}`, `~SEQ(…)` and `~LST(…)` hold braces that are no block's. */
const verbatim = /\$\{[^}]*\}|~(?:SEQx?|LST)\([^)]*\)/y;
/** A single quote holds words together where it is closed; alone it is an apostrophe. */
const quoted = /"(?:[^"\\]|\\.)*(?:"|$)|'[^']*'/y;
const escaped = /\\[#!]/y;

const matchAt = (pattern: RegExp, line: string, at: number): string | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0];
};

/** What stands together at `at`, whatever it holds; undefined for a lone letter. */
const pieceAt = (line: string, at: number, quotes: boolean, isFirst: boolean): string | undefined => {
  switch (line[at]) {
    case '$':
    case '~':
      return matchAt(verbatim, line, at);
    case '"':
      return quotes ? matchAt(quoted, line, at) : undefined;
    case "'":
      return quotes && isFirst ? matchAt(quoted, line, at) : undefined;
    case '\\':
      return quotes ? matchAt(escaped, line, at) : undefined;
    default:
      return undefined;
  }
};

/** The words and braces of a line. A brace ends a word, unless the word is a path: `/etc/conf.d/{a,b}.conf`. */
const tokens = (line: string, { comments, quotes }: Syntax): string[] => {
  const found: string[] = [];
  let word = '';
  const end = (): void => {
    if (word !== '') found.push(word);
    word = '';
  };
  for (let at = 0; at < line.length; ) {
    const letter = line[at] ?? '';
    const piece = pieceAt(line, at, quotes, word === '');
    if (piece !== undefined) {
      word += letter === '\\' ? piece.slice(1) : piece;
      at += piece.length;
      continue;
    }
    if (comments.includes(letter)) break;
    const isBrace = letter === '{' ? !word.startsWith('/') : letter === '}' && !word.includes('{');
    if (isBrace || letter.trim() === '') {
      end();
      if (isBrace) found.push(letter);
    } else word += letter;
    at += 1;
  }
  end();
  return found;
};

/**
 * Blocks within blocks, and what is broken about them. A statement ends with its line or a brace; a brace on a line of
 * its own opens the block of the statement before. What is left open at the end of the text stays readable.
 */
export const readBlocks = (
  lines: readonly SourceLine[],
  syntax: Syntax,
): { statements: readonly Statement[]; errors: readonly ParseError[] } => {
  const root: Draft[] = [];
  const errors: ParseError[] = [];
  const open: { statement: Draft; siblings: Draft[] }[] = [];
  let siblings = root;
  const textOf = new Map<number, string>();
  for (const { line, text } of lines) {
    textOf.set(line, text);
    let current: Draft | undefined;
    for (const token of tokens(text, syntax)) {
      if (token === '{') {
        const last = siblings.at(-1);
        const statement = current ?? (last?.block === undefined ? last : undefined);
        if (statement === undefined) errors.push(parseError(line, text, 'the name of a block before {'));
        const owner: Draft = statement ?? { line, words: [] };
        if (statement === undefined) siblings.push(owner);
        const block: Draft[] = [];
        owner.block = block;
        open.push({ statement: owner, siblings });
        siblings = block;
        current = undefined;
      } else if (token === '}') {
        const closed = open.pop();
        if (closed === undefined) errors.push(parseError(line, text, 'no }, since no block is open'));
        siblings = closed?.siblings ?? root;
        current = undefined;
      } else if (current === undefined) {
        const isCondition = syntax.quotes && /^@\^?\S/.test(token);
        current = { line, words: isCondition ? [] : [token], ...(isCondition && { condition: token }) };
        siblings.push(current);
      } else current.words.push(token);
    }
  }
  for (const { statement } of open)
    errors.push(parseError(statement.line, textOf.get(statement.line) ?? '', 'a } that closes this block'));
  return { statements: root, errors };
};
