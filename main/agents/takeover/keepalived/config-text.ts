import { isIP } from 'node:net';
import { configLines, numbered, type SourceLine } from '../../config-blocks.ts';
import { type ParseError, parseError } from '../../parse-error.ts';
import { redact } from '../../redact.ts';
import { readLoop } from './config-loops.ts';
import type { KeepalivedConfig } from './config-model.ts';
import { namesIn, secretNames, usedNames, withoutPasswords } from './config-secrets.ts';

type Listed<Key extends 'definitions' | 'includes'> = KeepalivedConfig[Key][number];

/** A file as keepalived reads it: definitions put in their places, `~SEQ` and `~LST` spelt out, includes taken out. */
export interface ConfigText {
  readonly lines: readonly SourceLine[];
  /** The file's own lines, without passwords: what an error shows. */
  readonly shown: readonly string[];
  readonly includes: readonly Listed<'includes'>[];
  readonly definitions: readonly Listed<'definitions'>[];
  readonly errors: readonly ParseError[];
}

/** The value of a definition. Several lines stand only where `$NAME` ends the line. */
type Value = readonly [SourceLine, ...SourceLine[]];

const conditional = /^(@\^?\S+)\s+(.*)$/;
const definition = /^\$([A-Za-z_]\w*)=\s*(.*)$/;
const include = /^(include[rmwba]?)\s+(\S.*)$/;
const use = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*)(?=[\s,)]|$))/g;
const lastUse = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))$/;
const loop = /^~(?:SEQ|LST)/;
const loopBehindBrace = /[{}]\s*(?=~(?:SEQ|LST))/;

/** The values of a list may be passwords, and which of them is told by lines that may be missing. */
const listed = /(~LST\s*\(\s*(?:\{[^}]*\}|[^,{]*),)[^)]*/g;

/** A hostile file spells itself out without end. */
const limits = { lines: 50_000, depth: 20, letters: 4_000, allLetters: 3_000_000 };

/** As keepalived takes comments off: within `"` they are none, and a backslash makes a mark an ordinary letter. */
const withoutComment = (text: string): string => {
  const kept = /[#!]/.test(text) ? (/^(?:"[^"]*(?:"|$)|\\.|[^"#!])*/.exec(text)?.[0] ?? '') : text;
  return kept.trim();
};

const continued = /\s*\\$/;
const lacksValue =
  /^\s*(?:state|interface|priority|virtual_router_id|advert_int|\w+_(?:src|dst)_ip|notify\w*|script|file|auth_\w+)\s*\\$/;

/** Lines that were wrapped within a quoted text, or before a keyword's value. Elsewhere keepalived joins none. */
const unwrapped = (lines: readonly SourceLine[]): SourceLine[] => {
  const joined: SourceLine[] = [];
  let open: SourceLine | undefined;
  for (const next of lines) {
    const { line, text }: SourceLine =
      open === undefined
        ? next
        : { line: open.line, text: `${open.text.replace(continued, '')} ${next.text.trim()}` };
    const isOpen = continued.test(text) && (lacksValue.test(text) || (text.split('"').length - 1) % 2 === 1);
    open = isOpen ? { line, text } : undefined;
    if (!isOpen) joined.push({ line, text });
  }
  return open === undefined ? joined : [...joined, open];
};

export const readConfigText = (text: string): ConfigText => {
  const pasted = configLines(text);
  const source = unwrapped(numbered(pasted)).map(({ line, text: each }) => ({
    line,
    text: withoutPasswords(each),
  }));
  const secret = secretNames(pasted);
  const used = usedNames(pasted);
  const shown = pasted.map((line) => withoutPasswords(line).replace(listed, '$1 …'));
  const lines: SourceLine[] = [];
  const includes: Listed<'includes'>[] = [];
  const definitions: Listed<'definitions'>[] = [];
  const errors: ParseError[] = [];
  const values = new Map<string, Value>();
  /** Values that hold only for some configuration ids, by the condition. */
  const choices = new Map<string, Map<string, string>>();

  const fail = (line: number, expected: string): void => {
    errors.push(parseError(line, shown[line - 1] ?? '', expected));
  };
  const hide = (line: number): void => {
    shown[line - 1] = (shown[line - 1] ?? '').replace(/\S.*/, '…');
  };

  const list = (name: string, value: Value, condition: string | undefined): void => {
    const printed = value.map((each) => each.text).join('\n');
    // what only an included file uses may be used as a password there
    const isSecret = secret.has(name) || !(used.has(name) || isIP(printed.replace(/\/\d+$/, '')) !== 0);
    definitions.push({
      line: value[0].line,
      name,
      ...(!isSecret && { value: redact(printed) }),
      ...(condition !== undefined && { condition }),
    });
  };

  const define = (name: string, value: Value, condition: string | undefined): void => {
    if (condition === undefined) {
      values.set(name, value);
      choices.delete(name);
    } else if (value.length === 1) {
      const known = choices.get(name) ?? new Map<string, string>();
      choices.set(name, known.set(condition, value[0].text));
    }
  };

  /** A block of its own lines holds its passwords where they are known for what they are, and those are gone. */
  const valueFor = (name: string): Value | undefined => {
    const value = values.get(name);
    const isBlock =
      value !== undefined && /auth(?:entication|_)/.test(value.map((each) => each.text).join(' '));
    return secret.has(name) && !isBlock ? undefined : value;
  };

  const substituted = (line: string, of: (name: string) => string | undefined): string =>
    line.replace(
      use,
      (whole, braced: string | undefined, bare: string | undefined) => of(braced ?? bare ?? '') ?? whole,
    );
  const short = (name: string): string | undefined => {
    const value = choices.has(name) ? undefined : valueFor(name);
    return value?.length === 1 ? value[0].text : undefined;
  };

  let letters = 0;
  let isFull = false;
  const spend = (line: number, more: number): void => {
    letters += more;
    if (isFull || (lines.length < limits.lines && letters < limits.allLetters)) return;
    isFull = true;
    fail(line, `at most ${limits.lines} lines, once definitions, ~SEQ and ~LST are spelt out`);
  };

  const emit = (line: number, printed: string): void => {
    const plain = withoutPasswords(printed);
    if (plain !== printed) hide(line);
    lines.push({ line, text: plain.replace(continued, '') });
    spend(line, plain.length);
  };

  /** A line for each configuration id for which its definitions have a value; the default's where they are two. */
  const emitChoices = (line: number, printed: string, condition: string): void => {
    const names = namesIn(printed).filter((name) => choices.has(name) && !secret.has(name));
    const [known] = names.flatMap((name) => choices.get(name) ?? []);
    const conditions = [...(known?.keys() ?? [])].filter((each) => condition === '' || each === condition);
    if (known === undefined || conditions.length === 0 || /[{}]/.test(printed.replace(use, ''))) {
      emit(line, condition === '' ? printed : `${condition} ${printed}`);
      return;
    }
    for (const each of conditions)
      emit(line, `${each} ${substituted(printed, (name) => choices.get(name)?.get(each) ?? short(name))}`);
    const [only = '', ...others] = conditions;
    const isDefined = names.every((name) => valueFor(name)?.length === 1);
    if (condition === '' && others.length === 0 && isDefined)
      emit(
        line,
        `${only.startsWith('@^') ? only.replace('^', '') : only.replace('@', '@^')} ${substituted(printed, (name) => valueFor(name)?.[0].text)}`,
      );
  };

  const spellLoop = (line: number, printed: string, condition: string, depth: number): void => {
    const found = readLoop(printed, (each) => substituted(each, short));
    if (found === undefined) {
      fail(line, '~SEQ(name, [start, [step,]] end), or ~LST(name, value, …), and what to repeat');
      return;
    }
    for (const turn of found.turns) {
      if (isFull) return;
      spend(line, found.rest.length);
      for (const [name, value] of turn) define(name, [{ line, text: value }], undefined);
      spell({ line, text: `${condition} ${found.rest}`.trim() }, depth + 1);
    }
  };

  /** Puts in what is defined, and the lines behind a definition of several behind this one. */
  const spell = ({ line, text: printed }: SourceLine, depth = 0): void => {
    if (isFull || depth > limits.depth) return;
    const [, condition = '', bare = printed] = conditional.exec(printed) ?? [];
    const [, name, value = ''] = definition.exec(bare) ?? [];
    if (name !== undefined) {
      if (depth === 0) list(name, [{ line, text: value }], condition || undefined);
      define(name, [{ line, text: value }], condition || undefined);
      return;
    }
    if (loop.test(bare)) {
      spellLoop(line, bare, condition, depth);
      return;
    }
    const brace = loopBehindBrace.exec(bare);
    if (brace !== null) {
      const behind = brace.index + brace[0].length;
      spell({ line, text: `${condition} ${bare.slice(0, behind)}`.trim() }, depth + 1);
      spell({ line, text: bare.slice(behind) }, depth + 1);
      return;
    }
    let now = bare;
    let at = line;
    let following: SourceLine[] = [];
    for (
      let round = 0;
      round < limits.depth && now.includes('$') && now.length < limits.letters;
      round += 1
    ) {
      const [whole = '', braced, plain] = lastUse.exec(now) ?? [];
      const [first, ...others] = valueFor(braced ?? plain ?? '') ?? [];
      const next =
        first !== undefined && others.length > 0
          ? now.slice(0, -whole.length) + first.text
          : substituted(now, short);
      if (first !== undefined && others.length > 0) {
        following = [...others, ...following];
        if (whole === now) at = first.line;
      }
      spend(line, next.length);
      // what follows a loop belongs into each of its turns
      const isSettled = next === now || loop.test(next);
      now = next;
      if (isSettled) break;
    }
    const isDirective = now !== bare && /^[@~$]/.test(now);
    const [, directive, pattern = ''] = include.exec(now) ?? [];
    if (isDirective) spell({ line: at, text: `${condition} ${now}`.trim() }, depth + 1);
    else if (directive !== undefined) {
      const file = pattern.replace(/^(["'])(.*)\1$/, '$2');
      includes.push({
        line,
        directive,
        pattern: redact(file.replace(/\$\w+=.*/, '…')),
        ...(condition !== '' && { condition }),
      });
    } else if (now !== '') emitChoices(at, now, condition);
    for (const each of following) spell(each, depth + 1);
  };

  for (let index = 0; index < source.length; index += 1) {
    const { line, text: printed = '' } = source[index] ?? { line: 0 };
    const bare = withoutComment(printed);
    const [, condition, rest = bare] = conditional.exec(bare) ?? [];
    const [, name, begun = ''] = definition.exec(rest) ?? [];
    if (name === undefined || !continued.test(rest)) {
      spell({ line, text: bare });
      continue;
    }
    const body: SourceLine[] = [{ line, text: begun }];
    // a comment does not end it, a blank line does
    while (continued.test(body.at(-1)?.text ?? '') && source[index + 1]?.text.trim()) {
      index += 1;
      const next = { line: source[index]?.line ?? line, text: withoutComment(source[index]?.text ?? '') };
      if (next.text !== '') body.push(next);
    }
    const [first, ...others] = body
      .map((each) => ({ line: each.line, text: each.text.replace(continued, '') }))
      .filter((each) => each.text !== '');
    const value: Value = [first ?? { line, text: '' }, ...others];
    list(name, [{ line, text: value[0].text }, ...others], condition);
    define(name, value, condition);
  }
  return { lines, shown, includes, definitions, errors };
};
