import { MissingReason } from '../../../shared/domain/coverage-class.ts';
import type { Note } from '../store/replicas.ts';

/** As many as two bytes tell apart. */
const most = 0xffff;

/**
 * Numbers what is said of connections: index into `said` + 1, 0 where nothing is. Where more is said than there are numbers
 * only the reason is, without its evidence, which the report of the comparison has.
 */
export function takeNotes(limit = most): {
  readonly said: readonly Note[];
  readonly number: (reason: MissingReason | undefined, evidence: string) => number;
} {
  const said: Note[] = MissingReason.options.map((reason) => ({ reason }));
  const numbers = new Map<string, number>();
  return {
    said,
    number: (reason, evidence) => {
      const bare = reason === undefined ? 0 : MissingReason.options.indexOf(reason) + 1;
      if (evidence === '') return bare;
      const key = `${bare} ${evidence}`;
      const known = numbers.get(key);
      if (known !== undefined) return known;
      if (said.length >= limit) return bare;
      said.push({ reason, evidence });
      numbers.set(key, said.length);
      return said.length;
    },
  };
}
