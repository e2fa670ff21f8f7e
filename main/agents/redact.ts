/**
 * Where keepalived prints or reads a VRRP password: `Password = x` in its dump, `"auth_data":"x"` in its JSON,
 * `auth_pass x`, or `key 1 x` of auth_hmac, in its configuration. Whatever follows goes, to the end of the string or of the line: passwords hold
 * blanks and quotes, and a cut dump ends in the middle of one.
 */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/("auth_(?:data|pass)"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|\\?$)/gi, '$1"…"'],
  [/((?:password|passphrase|auth_(?:data|pass)|authentication data)\s*=\s*).*/gi, '$1…'],
  [/(\bauth_pass\s+)\S.*/gi, '$1…'],
  [/(\bkey\s+\d+\s+)\S.*/gi, '$1…'],
];

/** The text without any VRRP password. Fast where there is none. */
export const redact = (text: string): string =>
  /pass|auth|\bkey\s/i.test(text)
    ? secrets.reduce((shown, [pattern, replacement]) => shown.replace(pattern, replacement), text)
    : text;
