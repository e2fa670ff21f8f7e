import * as z from 'zod/mini';

/**
 * What makes one plain value (as JSON knows them) out of another: put in its place, or what became of its parts, by the
 * key of an object or the place in an array. A part that is not named stays as it is, with its identity.
 * `gone`: keys that the new object does not have. `length`: of the new array.
 */
export type Difference =
  | { readonly put: unknown }
  | { readonly keys: Readonly<Record<string, Difference>>; readonly gone?: readonly string[] | undefined }
  | { readonly items: Readonly<Record<string, Difference>>; readonly length: number };

/** Checks the outermost form alone: what is within was taken from checked values, and shows when it is put in place. */
export const Difference = z.custom<Difference>(
  (value) => isObject(value) && ('put' in value || 'keys' in value || 'items' in value),
);

/** Undefined: the two are equal. A key whose value is undefined counts as absent, as it does to JSON. */
export function differenceOf(before: unknown, after: unknown): Difference | undefined {
  if (Object.is(before, after)) return undefined;
  if (Array.isArray(before) && Array.isArray(after)) return differenceOfArrays(before, after);
  if (isObject(before) && isObject(after)) return differenceOfObjects(before, after);
  return { put: after };
}

function differenceOfArrays(before: readonly unknown[], after: readonly unknown[]): Difference | undefined {
  const items: Record<number, Difference> = {};
  let changed = 0;
  for (let place = 0; place < after.length; place += 1) {
    const difference =
      place < before.length ? differenceOf(before[place], after[place]) : { put: after[place] };
    if (difference === undefined) continue;
    items[place] = difference;
    changed += 1;
  }
  return changed === 0 && before.length === after.length ? undefined : { items, length: after.length };
}

function differenceOfObjects(before: Plain, after: Plain): Difference | undefined {
  const changes: [string, Difference][] = [];
  // for … in, because a list of the keys of each object of a fleet is megabytes a second
  for (const key in after) {
    const was = partOf(before, key);
    const is = partOf(after, key);
    if (is === undefined) continue;
    const difference = was === undefined ? { put: is } : differenceOf(was, is);
    if (difference !== undefined) changes.push([key, difference]);
  }
  const gone: string[] = [];
  for (const key in before)
    if (partOf(before, key) !== undefined && partOf(after, key) === undefined) gone.push(key);
  if (changes.length === 0 && gone.length === 0) return undefined;
  return { keys: Object.fromEntries(changes), ...(gone.length > 0 && { gone }) };
}

/** The new value; parts that did not change are the old one's own. Throws where it does not fit what it is put to. */
export function withDifference(before: unknown, difference: Difference): unknown {
  if ('put' in difference) return difference.put;
  if ('items' in difference) {
    if (!Array.isArray(before)) throw new Error('a difference of arrays does not fit what is no array');
    return Array.from({ length: difference.length }, (_, place) => {
      const change = difference.items[place];
      return change === undefined ? before[place] : withDifference(before[place], change);
    });
  }
  if (!isObject(before)) throw new Error('a difference of objects does not fit what is no object');
  const gone = new Set(difference.gone);
  const kept = Object.entries(before).filter(([key]) => !gone.has(key));
  const changed = Object.entries(difference.keys).map(
    ([key, change]) => [key, withDifference(partOf(before, key), change)] as const,
  );
  return Object.fromEntries([...kept, ...changed]);
}

type Plain = Readonly<Record<string, unknown>>;

/** Never what an object inherits: a key may be called `constructor`. */
const partOf = (object: Plain, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined;

const isObject = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
