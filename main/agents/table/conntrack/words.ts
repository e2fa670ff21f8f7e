import { withoutColour } from '../../pasted.ts';

/** A blank-separated word of a line; `[active since 4s]` is one, and begins with its bracket: `[active since 4s`. */
export type Word = string;

const isBlank = (code: number): boolean => code <= 32 || code === 0xa0;
const bracket = 91;
const equals = 61;

/** What a paste leaves around a line: quote marks of mails and shells, prompts, table borders, continuations. */
const before = /^[\s>|#$%*+"'`-]+/;
const behind = /["'`|\\,;]$/;
const plainEnd = /[\w\]]\s*$/;

/** The line without its colours and what a paste left around it; unless there is nothing else. */
export const bare = (pasted: string): string => {
  const plain = withoutColour(pasted);
  // an editor's carriage return
  const line = plain.endsWith('^M') ? plain.slice(0, -2) : plain;
  const last = line.charCodeAt(line.length - 1);
  // a digit or a bracket ends every line that no paste touched
  let kept = line.replace(before, '');
  if (!(last === 93 || (last >= 48 && last <= 57)) && !plainEnd.test(kept.slice(-80)))
    for (kept = kept.trimEnd(); behind.test(kept); ) kept = kept.slice(0, -1).trimEnd();
  return hasWords(kept) ? kept : line;
};

const hasWords = (text: string): boolean => {
  for (let at = 0; at < text.length; at += 1) if (!isBlank(text.charCodeAt(at))) return true;
  return false;
};

export const isBracketed = (word: Word): boolean => word.charCodeAt(0) === bracket;

/** Where the bracket that opens at `start` closes; -1 where it does not, or where another opens or a tuple begins first. */
const closing = (line: string, start: number): number => {
  const end = line.indexOf(']', start);
  const inside = line.slice(start + 1, end === -1 ? undefined : end);
  if (inside.includes('[') || inside.includes('src=')) return -1;
  return end === -1 ? line.length : end;
};

/**
 * Splits on blanks of any kind and number. A bracket needs no blank before it where a value stands there; one cut off
 * by the end of the line still counts, one that holds a tuple is an empty bracket and the tuple's words.
 */
export const words = (pasted: string): Word[] => {
  const line = bare(pasted);
  const found: Word[] = [];
  const { length } = line;
  let position = 0;
  while (position < length) {
    const first = line.charCodeAt(position);
    if (isBlank(first)) {
      position += 1;
      continue;
    }
    if (first === bracket) {
      const end = closing(line, position);
      found.push(line.slice(position, end === -1 ? position + 1 : end));
      position = (end === -1 ? position : end) + 1;
      continue;
    }
    let stop = position + 1;
    let valueAt = length;
    while (stop < length) {
      const code = line.charCodeAt(stop);
      if (isBlank(code) || (code === bracket && stop > valueAt)) break;
      stop += 1;
      if (code === equals) valueAt = stop;
    }
    found.push(line.slice(position, stop));
    position = stop;
  }
  return found;
};
