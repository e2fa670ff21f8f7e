import * as z from 'zod/mini';

/**
 * The schema of values that nobody changes once they are made: one that is met again is not checked again, and what it is
 * checked to is the same object, so that two of them need not be compared.
 */
export const once = <T extends z.core.$ZodType>(schema: T) => {
  const known = new WeakMap<object, z.output<T>>();
  return z.pipe(
    z.custom<z.input<T> & object>((value) => typeof value === 'object' && value !== null),
    z.transform((value, context): z.output<T> => {
      const before = known.get(value);
      if (before !== undefined) return before;
      const checked = z.safeParse(schema, value);
      if (!checked.success) {
        for (const { message, path } of checked.error.issues)
          context.issues.push({ code: 'custom', message, path, input: value });
        return z.NEVER;
      }
      known.set(value, checked.data);
      return checked.data;
    }),
  );
};
