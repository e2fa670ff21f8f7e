import * as z from 'zod/mini';

/** In words, why something that travels does not fit the contract, or could not be read. */
export const whyBroken = (cause: unknown): string =>
  cause instanceof z.core.$ZodError ? z.prettifyError(cause) : String(cause);
