import type { Connection } from './connection.ts';
import { type Attribute, differing, isAsBefore } from './connection-attributes.ts';
import { notCarried } from './coverage-key.ts';

/**
 * What is said of a connection of two tables that is not simply the same. One of them is the base, and is read twice around
 * the other where that is allowed: what is in both of its readings was there while the other was read.
 */
export type Found =
  | { readonly kind: 'only-base' | 'only-other'; readonly isAgeKnown: boolean }
  | { readonly kind: 'different'; readonly names: readonly Attribute[] }
  | { readonly kind: 'younger' }
  | { readonly kind: 'not-comparable' };

export interface Reading {
  /** One of the two is a cache, in which some connections cannot be told from others. */
  readonly hasCache: boolean;
  /** The base was read only once, since it is a cache too. */
  readonly isOnce: boolean;
  /** How long the reading took, in seconds. */
  readonly seconds: number;
}

/** How old (s) an entry was when it was read; undefined: it does not tell. */
function ageOf({ activeSeconds, extra }: Connection): number | undefined {
  if (activeSeconds !== undefined) return activeSeconds;
  const age = Number(extra['delta-time'] ?? Number.NaN);
  return Number.isNaN(age) ? undefined : age;
}

/** Ages are printed in whole seconds. */
const isYounger = (age: number | undefined, { seconds }: Reading): boolean =>
  age !== undefined && age <= seconds + 1;

/** A connection of the base; undefined: both tables have it alike. `steady`: the same entry in the earlier reading. */
export function judgeBase(
  connection: Connection,
  steady: Connection | undefined,
  other: Connection | undefined,
  reading: Reading,
): Found | undefined {
  if (reading.hasCache && notCarried(connection) !== undefined) return { kind: 'not-comparable' };
  const age = ageOf(connection);
  const isYoung = steady === undefined || (reading.isOnce && isYounger(age, reading));
  if (other === undefined) {
    if (isYoung) return { kind: 'younger' };
    return { kind: 'only-base', isAgeKnown: !reading.isOnce || age !== undefined };
  }
  const all = differing(connection, other);
  if (all.length === 0) return undefined;
  const names = steady
    ? all.filter(({ name }) => isAsBefore(name, steady, connection)).map(({ name }) => name)
    : [];
  return isYoung || names.length === 0 ? { kind: 'younger' } : { kind: 'different', names };
}

/** A connection that no reading of the base has. */
export function judgeOther(connection: Connection, reading: Reading): Found {
  if (reading.hasCache && notCarried(connection) !== undefined) return { kind: 'not-comparable' };
  const age = ageOf(connection);
  return isYounger(age, reading)
    ? { kind: 'younger' }
    : { kind: 'only-other', isAgeKnown: age !== undefined };
}
