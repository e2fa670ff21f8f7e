import { describe, expect, test } from 'vitest';
import { type Difference, differenceOf, withDifference } from '../../../shared/lib/difference.ts';
import fc from '../../support/fast-check.ts';

const travelled = <T>(value: T): T => JSON.parse(JSON.stringify(value));
const made = (before: unknown, after: unknown): unknown => {
  const difference = differenceOf(before, after);
  return difference === undefined ? before : withDifference(before, travelled(difference));
};

describe('the difference of two values', () => {
  test('makes the one out of the other, whatever they are', () => {
    fc.assert(
      fc.property(fc.jsonValue().map(travelled), fc.jsonValue().map(travelled), (before, after) => {
        expect(made(before, after)).toEqual(after);
      }),
    );
  });

  test('is nothing between equals', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(differenceOf(value, structuredClone(value))).toBeUndefined();
      }),
    );
  });

  test('names what changed alone, and leaves the identity of the rest', () => {
    const before = { name: 'fw1', at: 1, rules: { hash: 'a' }, nodes: [{ up: true }, { up: true }] };
    const after = { name: 'fw1', at: 2, rules: { hash: 'a' }, nodes: [{ up: true }, { up: false }] };
    const difference = differenceOf(before, after);
    expect(difference).toEqual({
      keys: { at: { put: 2 }, nodes: { items: { 1: { keys: { up: { put: false } } } }, length: 2 } },
    });
    const now = withDifference(before, difference as Difference) as typeof before;
    expect(now).toEqual(after);
    expect(now.rules).toBe(before.rules);
    expect(now.nodes[0]).toBe(before.nodes[0]);
  });

  test('tells a key that is gone, an array that is shorter, and a key that is called like what objects inherit', () => {
    expect(made({ failure: 'silent', name: 'fw1' }, { name: 'fw1' })).toEqual({ name: 'fw1' });
    expect(made([1, 2, 3], [1])).toEqual([1]);
    expect(made({}, { constructor: 1 })).toEqual({ constructor: 1 });
    expect(differenceOf({ failure: undefined }, {})).toBeUndefined();
  });

  test('does not pass for something else where it does not fit', () => {
    expect(() => withDifference(undefined, { keys: {} })).toThrow(/no object/);
    expect(() => withDifference({}, { items: {}, length: 0 })).toThrow(/no array/);
  });
});
