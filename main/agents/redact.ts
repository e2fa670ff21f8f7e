/**
 * Where keepalived prints or reads a VRRP password: `Password = x` in its dump, `"auth_data":"x"` in its JSON,
 * `auth_pass x`, or `key 1 x` of auth_hmac, in its configuration. Whatever follows goes, to the end of the string or of the line: passwords hold
 * blanks and quotes, and a cut dump ends in the middle of one.
 */
const vrrpSecrets: readonly (readonly [RegExp, string])[] = [
  [/("auth_(?:data|pass)"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|\\?$)/gi, '$1"…"'],
  [/((?:(?<![\w-])password|passphrase|auth_(?:data|pass)|authentication data)\s*=\s*).*/gi, '$1…'],
  [/(\bauth_pass\s+)\S.*/gi, '$1…'],
  [/(\bkey\s+\d+\s+)\S.*/gi, '$1…'],
];

/** A word of a command line, in any of the quotes that it may have inside another quoted text, or cut off within them. */
const argument = String.raw`(?:\\"(?:[^"\\]|\\[^"])*(?:\\"|$)|"(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$)|[^\s"'}\x60]+)`;
const secretName =
  '(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|(?:api|auth|secret|access|private)[_-]?key|community)';

/** A short option with a password behind it, which in another program's hands is something else. */
const shortOption = (programs: string, option: string): RegExp =>
  new RegExp(String.raw`((?<![\w-])(?:${programs})\s(?:[^\n|;&]{0,300}?\s)??-${option}\s*)${argument}`, 'g');

/**
 * Passwords that the command line of a script holds, and what it may print of itself. Only the word behind it goes, so
 * that the rest of the line is read as before. Each looks a bounded way ahead: a hostile line is a megabyte long.
 */
const commandSecrets: readonly (readonly [RegExp, string])[] = [
  // scheme://user:x@host, user:x@host
  [/(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@"']{0,100}:)[^\s"']{1,200}@/gi, '$1…@'],
  [/((?:^|[\s"'=,])[\w.-]+:)[^\s@:/"']+@(?=[\w[])/g, '$1…@'],
  // --password x, --db-password=x, -pass x; MYSQL_PWD=x; secret: x
  [
    new RegExp(String.raw`((?:^|[\s"'])--?(?:[\w-]*[_-])?${secretName}(?:\s*=\s*|\s+))${argument}`, 'gi'),
    '$1…',
  ],
  [new RegExp(String.raw`(\b[\w-]{0,40}(?<!by)${secretName}\s*=\s*)${argument}`, 'gi'), '$1…'],
  [new RegExp(String.raw`(["']?(?:\b|_)${secretName}["']?\s*:\s*)${argument}`, 'gi'), '$1…'],
  [/(\bauthorization\s*:\s*(?:basic|bearer|digest)?\s*)[^\s"']+/gi, '$1…'],
  [shortOption(String.raw`mysql\w*|mariadb[\w-]*|sshpass|mongo\w*|rabbitmqadmin|influx`, 'p'), '$1…'],
  [shortOption('redis-cli|valkey-cli', 'a'), '$1…'],
  [shortOption(String.raw`ldap\w+`, 'w'), '$1…'],
  [shortOption('ipmitool', 'P'), '$1…'],
  [shortOption(String.raw`snmp\w+`, '[cAX]'), '$1…'],
  [
    /((?<![\w-])(?:curl|wget)\s(?:[^\n|;&]{0,300}?\s)??(?:-u|--user|-U|--proxy-user)(?:\s*=\s*|\s*)["']?[^\s:"']+:)[^\s"']+/g,
    '$1…',
  ],
];

const replaced = (text: string, secrets: readonly (readonly [RegExp, string])[]): string =>
  secrets.reduce((shown, [pattern, replacement]) => shown.replace(pattern, replacement), text);

/** The text without passwords of command lines: of a check or notify script, or of what one printed. */
export const redactCommand = (text: string): string =>
  /pass|pwd|secret|token|key|community|authorization|@|\s-[pawPcAXuU]/i.test(text)
    ? replaced(text, commandSecrets)
    : text;

/** The text without any VRRP password, nor one on a script's command line. Fast where there is none. */
export const redact = (text: string): string =>
  redactCommand(/pass|auth|\bkey\s/i.test(text) ? replaced(text, vrrpSecrets) : text);
