import * as z from 'zod/mini';

/** What an operator keeps of the filters of one cluster: by name, and the last ones that were used, newest first. */
const Kept = z.object({
  saved: z.array(z.object({ name: z.string(), filter: z.string() })),
  history: z.array(z.string()),
});
export type KeptFilters = z.infer<typeof Kept>;

export const noFilters: KeptFilters = { saved: [], history: [] };
const longestHistory = 30;

/** Reads what was kept; what is not ours, or half of it, counts as nothing. */
export function readKept(text: string | undefined): KeptFilters {
  try {
    const read = Kept.safeParse(JSON.parse(text ?? ''));
    return read.success ? read.data : noFilters;
  } catch {
    return noFilters;
  }
}

/** The filter goes to the front; each stands once. */
export const withUsed = (kept: KeptFilters, filter: string): KeptFilters => ({
  ...kept,
  history: [filter, ...kept.history.filter((each) => each !== filter)].slice(0, longestHistory),
});

/** A name stands for one filter: saved again it takes the new one. */
export const withSaved = (kept: KeptFilters, name: string, filter: string): KeptFilters => ({
  ...kept,
  saved: [...kept.saved.filter((each) => each.name !== name), { name, filter }].toSorted((a, b) =>
    a.name.localeCompare(b.name),
  ),
});

export const withoutSaved = (kept: KeptFilters, name: string): KeptFilters => ({
  ...kept,
  saved: kept.saved.filter((each) => each.name !== name),
});
