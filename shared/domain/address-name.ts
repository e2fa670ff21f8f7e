import * as z from 'zod/mini';

/** The name of an address by reverse DNS; neither `name` nor `problem`: it has none. */
export const AddressName = z.object({
  address: z.string(),
  name: z.optional(z.string()),
  problem: z.optional(z.string()),
});
export type AddressName = z.infer<typeof AddressName>;
