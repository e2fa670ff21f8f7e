/** The sentence to show when a call brought no answer at all. */
export const problemOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
