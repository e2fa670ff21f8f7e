/** How long (letters) a name may be before what it shares with the others is left out of it. */
const longName = 16;

/** Names of nodes as there is room for them: `…17-unit-02` of many that begin alike. */
export function shortNames(names: readonly string[]): ReadonlyMap<string, string> {
  const [first = ''] = names;
  let shared = 0;
  while (shared < first.length && names.every((name) => name[shared] === first[shared])) shared += 1;
  const cut = first.slice(0, shared).search(/[^-._]*$/);
  return new Map(
    names.map((name) => [
      name,
      name.length > longName && names.length > 1 && cut > 1 ? `…${name.slice(cut)}` : name,
    ]),
  );
}
