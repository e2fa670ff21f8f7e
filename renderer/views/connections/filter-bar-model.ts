import type { FilterError } from '../../../shared/domain/connection-query.ts';
import { type Completion, complete } from '../../../shared/domain/filter-completion.ts';

/** What is offered at the cursor; first of all the word that was probably meant, where one is wrong. */
export function offersAt(
  text: string,
  cursor: number,
  error: FilterError | undefined,
  nodes: readonly string[],
): readonly Completion[] {
  const found = complete(text, cursor, { nodes });
  if (error?.suggestion === undefined) return found;
  const { position, length = 0, suggestion } = error;
  const meant = { from: position, to: position + length, insert: suggestion, help: 'probably meant' };
  return [meant, ...found.filter(({ insert }) => insert !== suggestion)];
}

/** The text with an offer taken, and where the cursor stands then: ready for the next word. */
export function taken(text: string, { from, to, insert }: Completion): { text: string; cursor: number } {
  const rest = text.slice(to);
  const gap = rest.startsWith(' ') || /[\w"]$/.test(text.slice(to, to + 1)) ? '' : ' ';
  const before = `${text.slice(0, from)}${insert}${gap}`;
  return { text: before + rest, cursor: before.length + (gap === '' ? 1 : 0) };
}
