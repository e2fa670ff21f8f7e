import * as z from 'zod/mini';
import { diffLines } from '../lib/line-diff.ts';
import { type Reading, readingValue } from '../lib/reading.ts';
import type { KernelSettings, Route } from './node-facts.ts';
import { routeLines } from './readiness-parity.ts';

/** What a slave must have as its master has it. */
export const ComparedPart = z.enum(['rules', 'settings', 'helpers', 'routes']);
export type ComparedPart = z.infer<typeof ComparedPart>;

/** A line of a unified diff. `@`: `text` says how many lines that are the same were left out here. */
export const ComparedLine = z.object({ mark: z.enum([' ', '-', '+', '@']), text: z.string() });
export type ComparedLine = z.infer<typeof ComparedLine>;

/** One kind of facts of two nodes, read just now. */
export const Comparison = z.object({
  what: ComparedPart,
  /** The command, as it ran on the node. */
  source: z.string(),
  observedAt: z.number(),
  /** Why it cannot be compared: one of the two could not be read. */
  failure: z.optional(z.string()),
  /** `-`: only the master has it, `+`: only the node. Empty where both are the same. */
  lines: z.array(ComparedLine),
  /** How many lines more there are than are told here. */
  left: z.number(),
});
export type Comparison = z.infer<typeof Comparison>;

/** What a node has otherwise than its master. */
export const ReadinessDiff = z.object({ node: z.string(), master: z.string(), parts: z.array(Comparison) });
export type ReadinessDiff = z.infer<typeof ReadinessDiff>;

/** What of a node is compared. `rules`: without what moves by itself. */
export interface ParityReadings {
  readonly rules: Reading<string>;
  readonly settings: Reading<KernelSettings>;
  readonly helpers: Reading<string[]>;
  readonly routes: Reading<Route[]>;
}

/** So many lines that are the same stand around each that is not, and so many lines are told of one part. */
const context = 3;
const mostLines = 500;

export function compareParity(
  [node, mine]: readonly [string, ParityReadings],
  [master, theirs]: readonly [string, ParityReadings],
): ReadinessDiff {
  const linesOf: { readonly [P in ComparedPart]: (readings: ParityReadings) => string[] | undefined } = {
    rules: ({ rules }) => readingValue(rules)?.trimEnd().split('\n'),
    settings: ({ settings }) => {
      const value = readingValue(settings);
      return (
        value &&
        Object.entries(value)
          .map(([name, each]) => `${name} = ${each}`)
          .sort()
      );
    },
    helpers: ({ helpers }) => readingValue(helpers)?.toSorted(),
    routes: ({ routes }) => {
      const value = readingValue(routes);
      return value && routeLines(value).sort();
    },
  };
  const parts = ComparedPart.options.map((what): Comparison => {
    const [have, wanted] = [linesOf[what](mine), linesOf[what](theirs)];
    const { observedAt, source } = mine[what];
    const failure = failureOf(node, mine[what]) ?? failureOf(master, theirs[what]);
    const all = have && wanted ? unified(diffLines(wanted, have)) : [];
    return {
      what,
      source,
      observedAt,
      ...(failure !== undefined && { failure }),
      lines: all.slice(0, mostLines),
      left: Math.max(0, all.length - mostLines),
    };
  });
  return { node, master, parts };
}

const failureOf = (node: string, reading: Reading<unknown>): string | undefined =>
  reading.ok ? undefined : `${node}: ${reading.failure.message}`;

/** Only what differs, with its surroundings; nothing at all where nothing differs. */
export function unified(lines: ReturnType<typeof diffLines>): ComparedLine[] {
  const near = new Set<number>();
  lines.forEach(({ mark }, index) => {
    if (mark === ' ') return;
    for (let each = index - context; each <= index + context; each += 1) near.add(each);
  });
  if (near.size === 0) return [];
  const shown: ComparedLine[] = [];
  let skipped = 0;
  const close = () => {
    if (skipped > 0) shown.push({ mark: '@', text: `${skipped} lines that are the same` });
    skipped = 0;
  };
  lines.forEach((line, index) => {
    if (!near.has(index)) skipped += 1;
    else {
      close();
      shown.push(line);
    }
  });
  close();
  return shown;
}

/** The parts that differ as text to copy, as `diff -u` writes it. */
export const diffText = ({ node, master, parts }: ReadinessDiff): string =>
  parts
    .filter(({ lines }) => lines.length > 0)
    .map(({ what, lines }) =>
      [
        `--- ${master} ${what}`,
        `+++ ${node} ${what}`,
        ...lines.map(({ mark, text }) => (mark === '@' ? `@@ ${text} @@` : `${mark}${text}`)),
        '',
      ].join('\n'),
    )
    .join('');
