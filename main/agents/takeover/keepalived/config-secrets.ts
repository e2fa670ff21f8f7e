/**
 * A password to the end of its line or block: an unquoted one may hold blanks, and a backslash behind it continues a
 * definition. `password` is that of a TLS key.
 */
const password =
  /(\bauth_pass\s+|\bkey\s+\d+\s+|\bpassword\s+)(?:"(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$)|\S+?(?=\s|\\?$)(?:[ \t]+(?!\\\s*$)[^\s}]+?(?=[\s}]|\\?$))*)/gi;

export const withoutPasswords = (line: string): string =>
  /pass|\bkey\s/i.test(line) ? line.replace(password, '$1…') : line;

/** `$NAME` and `${NAME}`, also where keepalived would not replace it. */
const name = /\$\{?([A-Za-z_]\w*)/g;
export const namesIn = (text: string): string[] => [...text.matchAll(name)].map((match) => match[1] ?? '');

const telling = /pass|pw|secret|auth|key/i;
const definition = /^\s*(?:@\^?\S+\s+)?\$([A-Za-z_]\w*)=(.*)$/;

/**
 * Names whose value may be a password: by their own name, because one stands where a password does, or because the
 * value of such a one refers to them.
 */
export const secretNames = (lines: readonly string[]): { readonly has: (name: string) => boolean } => {
  const secret = new Set(
    lines.flatMap((line) => (line.match(password) ?? []).flatMap((each) => namesIn(each))),
  );
  const has = (each: string): boolean => secret.has(each) || telling.test(each);
  const definitions = lines.flatMap((line) => {
    const [, defined, value = ''] = definition.exec(line) ?? [];
    return defined === undefined ? [] : [{ defined, uses: namesIn(value) }];
  });
  for (let size = -1; size !== secret.size; ) {
    size = secret.size;
    for (const { defined, uses } of definitions) if (has(defined)) for (const each of uses) secret.add(each);
  }
  return { has };
};
