import { configLines } from '../../config-blocks.ts';
import { redact } from '../../redact.ts';
import type { KeepalivedConfig } from './config-model.ts';

type Definition = KeepalivedConfig['definitions'][number];

/** The statements of a file, without what keepalived itself takes out before it reads them: includes and definitions. */
export interface ConfigText {
  /** As many as the file has, with a blank one where something was taken out; `$NAME` replaced where its value is known. */
  readonly lines: readonly string[];
  readonly includes: KeepalivedConfig['includes'];
  readonly definitions: readonly Definition[];
}

const include = /^\s*(include[rmwba]?)\s+(\S.*?)\s*$/;
const definition = /^\s*(?:(@\^?\S+)\s+)?\$([A-Za-z_]\w*)=(.*)$/;
const use = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*)(?=\s|$))/g;
const deepest = 10;

/** Names whose value may be a password: by their own name, or because a password stands there. */
const secretNames = (lines: readonly string[]): ReadonlySet<string> => {
  const secret = new Set<string>();
  for (const line of lines)
    if (/\bauth_pass\b|\bkey\s+\d/.test(line))
      for (const [, braced, bare] of line.matchAll(/\$\{?([A-Za-z_]\w*)\}?|\$(\w+)/g))
        secret.add(braced ?? bare ?? '');
  return secret;
};

const isSecretName = (name: string): boolean => /pass|pw|secret|auth|key/i.test(name);

/** A password to the end of its line or block: an unquoted one may hold blanks. */
const password =
  /(\bauth_pass\s+|\bkey\s+\d+\s+)(?:"(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$)|\S+(?:[ \t]+[^\s}][^}]*)?)/gi;

export const readConfigText = (text: string): ConfigText => {
  const pasted = configLines(text);
  const raw = pasted.map((line) => line.replace(password, '$1…'));
  const includes: { line: number; directive: string; pattern: string }[] = [];
  const definitions: Definition[] = [];
  const values = new Map<string, string>();
  const secret = new Set(secretNames(pasted));
  // what a secret's value refers to is secret too
  for (let round = 0; round < deepest; round += 1)
    for (const line of raw) {
      const [, , name = '', value = ''] = definition.exec(line) ?? [];
      if (secret.has(name) || (name !== '' && isSecretName(name)))
        for (const [, braced, bare] of value.matchAll(use)) secret.add(braced ?? bare ?? '');
    }

  const substituted = (line: string, depth = 0): string => {
    const next = line.replace(use, (whole, braced: string | undefined, bare: string | undefined) => {
      const name = braced ?? bare ?? '';
      return secret.has(name) || isSecretName(name) ? whole : (values.get(name) ?? whole);
    });
    return next === line || depth >= deepest || next.length > 10_000 ? next : substituted(next, depth + 1);
  };

  const lines: string[] = [];
  for (let index = 0; index < raw.length; index += 1) {
    const line = raw[index] ?? '';
    const included = include.exec(line);
    const defined = definition.exec(line);
    if (included !== null) {
      const [, directive = '', pattern = ''] = included;
      const file = pattern.replace(/\s+[#!].*$/, '').replace(/^(["'])(.*)\1$/, '$2');
      includes.push({ line: index + 1, directive, pattern: redact(file.replace(/\$\w+=.*/, '…')) });
      lines.push('');
    } else if (defined !== null) {
      const [, condition, name = '', first = ''] = defined;
      const start = index;
      const parts = [first];
      while (/\\\s*$/.test(parts.at(-1) ?? '') && index + 1 < raw.length) {
        index += 1;
        parts.push(raw[index] ?? '');
      }
      const isLong = parts.length > 1;
      const value = parts
        .map((part) => part.replace(/\\\s*$/, '').trim())
        .join('\n')
        .trim();
      // what only an included file uses may be used as a password there
      const isUsed = raw.some((text) =>
        [...text.matchAll(use)].some(([, braced, bare]) => (braced ?? bare) === name),
      );
      const isSecret = secret.has(name) || isSecretName(name) || !(isUsed || /^[\d.:/]*$/.test(value));
      definitions.push({
        line: start + 1,
        name,
        ...(!isSecret && { value: value.split('\n').map(redact).join('\n') }),
        ...(condition !== undefined && { condition }),
      });
      // a value that holds only for some ids, or a block, is not put in its place
      if (condition === undefined && !isLong) values.set(name, value);
      else values.delete(name);
      lines.push(...parts.map(() => ''));
    } else lines.push(values.size === 0 ? line : substituted(line));
  }
  return { lines, includes, definitions };
};
