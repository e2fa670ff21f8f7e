import { filterExamples, filterReference } from '../../shared/domain/filter-reference.ts';

/** So wide that no line of a terminal of 100 columns is broken by it. */
const wordsWidth = 40;

const row = ([words, help]: readonly [string, string]): string =>
  words.length > wordsWidth
    ? `  ${words}\n  ${' '.repeat(wordsWidth)}  ${help}`
    : `  ${words.padEnd(wordsWidth)}  ${help}`;

/** The words of the filter, as `handover connections --help filter` prints them. */
export const filterHelp = [
  'A filter is text found anywhere in a connection (10.1.2.3:22), or comparisons joined by and, or, not.',
  ...filterReference.flatMap(({ title, rows }) => ['', `${title}:`, ...rows.map(row)]),
  '',
  'Examples:',
  ...filterExamples.flatMap(([filter, finds]) => [`  ${filter}`, `      ${finds}`]),
].join('\n');
