import { Resolver } from 'node:dns/promises';
import type { AddressName } from '../../shared/domain/address-name.ts';
import type { Clock } from '../../shared/lib/clock.ts';

/** A name, or that there is none, is good for so long (ms). */
const keptMs = 600_000;
const keptAddresses = 10_000;
/** A resolver that does not answer holds nobody up for longer (ms). */
const patienceMs = 2_000;

/** Gives the names of an address; throws with the `code` of node:dns. */
export type Reverse = (address: string) => Promise<readonly string[]>;

/** Names of addresses, asked only when somebody wants them: a resolver, and whoever it asks, sees what is looked at. */
export interface Names {
  readonly look: (addresses: readonly string[]) => Promise<AddressName[]>;
}

export function openNames(clock: Clock, reverse: Reverse = systemReverse()): Names {
  const kept = new Map<string, { readonly at: number; readonly name: Promise<AddressName> }>();
  const ask = async (address: string): Promise<AddressName> => {
    try {
      const [name] = await reverse(address);
      return name === undefined ? { address } : { address, name };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      if (code === 'ENOTFOUND' || code === 'ENODATA') return { address };
      // what the resolver could not tell is asked again the next time
      kept.delete(address);
      return { address, problem: `the resolver did not tell (${code})` };
    }
  };
  return {
    look: (addresses) =>
      Promise.all(
        addresses.map((address) => {
          const known = kept.get(address);
          if (known && clock() - known.at < keptMs) return known.name;
          if (kept.size >= keptAddresses) kept.clear();
          const name = ask(address);
          kept.set(address, { at: clock(), name });
          return name;
        }),
      ),
  };
}

const systemReverse = (): Reverse => {
  const resolver = new Resolver({ timeout: patienceMs, tries: 1 });
  return (address) => resolver.reverse(address);
};
