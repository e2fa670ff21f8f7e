import { redact } from './redact.ts';

/** Why a piece of a program's output could not be understood. */
export interface ParseError {
  /** Counted from 1 within the text that was parsed. */
  readonly line: number;
  /** The line as it stood, cut after `shownCharacters`, without any VRRP password. */
  readonly text: string;
  /** What would have been readable there, in words. */
  readonly expected: string;
}

const shownCharacters = 2_000;

/** A hostile or broken line may be a megabyte long; nobody reads more than its beginning. */
export const parseError = (line: number, text: string, expected: string): ParseError => {
  const shown = redact(text);
  return {
    line,
    text: shown.length > shownCharacters ? `${shown.slice(0, shownCharacters)}…` : shown,
    expected,
  };
};
