import { redactCommand } from '../../redact.ts';

/**
 * A password to the end of its line or block: an unquoted one may hold blanks, and a backslash behind it continues a
 * definition. `password` is that of a TLS key.
 */
const password =
  /(\bauth_pass\s+|\bkey\s+\d+\s+|\bpassword\s+)(?:"(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$)|\S+?(?=\s|\\?$)(?:[ \t]+(?!\\\s*$)[^\s}]+?(?=[\s}]|\\?$))*)/gi;

/** The line without the passwords that stand in it, those in a script's arguments too. */
export const withoutPasswords = (line: string): string =>
  redactCommand(/pass|\bkey\s/i.test(line) ? line.replace(password, '$1…') : line);

/** `$NAME` and `${NAME}`, also where keepalived would not replace it. */
const name = /\$\{?([A-Za-z_]\w*)/g;
export const namesIn = (text: string): string[] => [...text.matchAll(name)].map((match) => match[1] ?? '');

const telling = /pass|pw|secret|auth|key/i;
const definition = /^\s*(?:@\^?\S+\s+)?\$([A-Za-z_]\w*)=(.*)$/;

/** The names with all that `next` tells of each of them, and so on. */
const closure = (names: Iterable<string>, next: (name: string) => readonly string[]): ReadonlySet<string> => {
  const all = new Set(names);
  // a set hands out what is added while it is walked
  for (const name of all) for (const each of next(name)) all.add(each);
  return all;
};

interface Uses {
  /** By each definition, in its first line. */
  readonly byDefinition: ReadonlyMap<string, readonly string[]>;
  readonly elsewhere: readonly string[];
}

const usesIn = (lines: readonly string[]): Uses => {
  const byDefinition = new Map<string, string[]>();
  const elsewhere: string[] = [];
  for (const line of lines) {
    const [, defined, value = ''] = definition.exec(line) ?? [];
    if (defined === undefined) elsewhere.push(...namesIn(line));
    else byDefinition.set(defined, [...(byDefinition.get(defined) ?? []), ...namesIn(value)]);
  }
  return { byDefinition, elsewhere };
};

/** Names that a statement of this file uses, itself or through definitions. */
export const usedNames = (lines: readonly string[]): ReadonlySet<string> => {
  const { byDefinition, elsewhere } = usesIn(lines);
  return closure(elsewhere, (each) => byDefinition.get(each) ?? []);
};

/**
 * Names whose value may be a password: by their own name, because one stands where a password does, or because the
 * value of such a one refers to them.
 */
export const secretNames = (lines: readonly string[]): { readonly has: (name: string) => boolean } => {
  const { byDefinition } = usesIn(lines);
  const standing = lines.flatMap((line) => (line.match(password) ?? []).flatMap((each) => namesIn(each)));
  const named = [...byDefinition.keys()].filter((each) => telling.test(each));
  const secret = closure([...standing, ...named], (each) => byDefinition.get(each) ?? []);
  return { has: (each) => secret.has(each) || telling.test(each) };
};
