import type { FilterRule, ReplicationFilter } from '../../../../shared/domain/replication-filter.ts';
import { configLines, numbered, readBlocks, type Statement } from '../../config-blocks.ts';
import { parseInteger } from '../../integer.ts';
import { type ParseError, parseError } from '../../parse-error.ts';
import { redact } from '../../redact.ts';
import type { ConfiguredChannel, ConntrackdConfig } from './config-model.ts';
import { channelKeywords, type Setting, settings } from './config-settings.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const modes: ReadonlyMap<string, ConntrackdConfig['mode']> = new Map([
  ['ftfw', 'ftfw'],
  ['nack', 'ftfw'],
  ['notrack', 'notrack'],
  ['alarm', 'alarm'],
  ['persistent', 'alarm'],
]);

const switchOf = (word: string): boolean | undefined =>
  /^(?:on|yes)$/i.test(word) ? true : /^(?:off|no)$/i.test(word) ? false : undefined;

const keyOf = (blocks: readonly string[], word: string): string => {
  const key = word.toLowerCase();
  const inBlock = `${blocks.at(-1) ?? ''}.${key}`;
  return settings.has(inBlock) ? inBlock : key;
};

/** The daemon reads words and not lines: `IPv4_address 225.0.0.50 Group 3780` are two statements. */
const separate = (blocks: readonly string[], { words, line, block }: Statement): Statement[] => {
  const isKeyword = (word: string): boolean =>
    channelKeywords.has(word.toLowerCase()) || settings.has(keyOf(blocks, word));
  const parts: { line: number; words: string[]; block?: readonly Statement[] }[] = [];
  for (const word of words) {
    const last = parts.at(-1);
    if (last === undefined || (last.words.length > 1 && isKeyword(word) && isKeyword(last.words[0] ?? '')))
      parts.push({ line, words: [word] });
    else last.words.push(word);
  }
  const last = parts.at(-1);
  if (last !== undefined && block !== undefined) last.block = block;
  return parts;
};

const readValue = ({ form, on }: Setting, word: string): number | boolean | string | undefined => {
  const isOn = switchOf(word);
  switch (form) {
    case 'number':
      return parseInteger(word);
    case 'signed':
      return /^[+-]?\d{1,9}$/.test(word) ? Number(word) : undefined;
    case 'switch':
      return isOn;
    case 'text':
      return word;
    case 'path':
      return isOn === undefined ? word : isOn && on !== undefined ? on : false;
    default:
      return isOn === undefined ? parseInteger(word) : isOn && on !== undefined ? on : false;
  }
};

const expectedOf: Readonly<Record<Setting['form'], string>> = {
  number: 'a number',
  signed: 'a number, with its sign',
  switch: 'on, off, yes or no',
  text: 'a value',
  path: 'on, off, or a value',
  overrun: 'on, off, or a number of seconds',
};

/** conntrackd.conf whole, with what is broken in it. Grammar: conntrack-tools, read_config_lex.l and read_config_yy.y. */
export const parseConntrackdConfigFile = (
  text: string,
): { readonly config: ConntrackdConfig; readonly errors: readonly ParseError[] } => {
  const lines = configLines(text);
  const tree = readBlocks(numbered(lines), { comments: '#', quotes: false });
  const errors = [...tree.errors];
  const found: Record<string, number | boolean | string | readonly string[]> = {};
  const setAt: Record<string, number> = {};
  const channels: ConfiguredChannel[] = [];
  const rules: FilterRule[] = [];
  const helpers: Mutable<ConntrackdConfig['helpers'][number]>[] = [];
  const extra: Mutable<ConntrackdConfig['extra'][number]>[] = [];
  let filter: Omit<ReplicationFilter, 'rules'> | undefined;
  let mode: ConntrackdConfig['mode'] | undefined;
  let kind: 'sync' | 'stats' | undefined;

  const fail = (line: number, expected: string): void => {
    errors.push(parseError(line, lines[line - 1] ?? '', expected));
  };

  const readChannel = (transport: ConfiguredChannel['transport'], statement: Statement): void => {
    const channel: Mutable<ConfiguredChannel> = {
      line: statement.line,
      transport,
      isDefault: statement.words.some((word) => /^default$/i.test(word)),
      // the daemon checks them unless told not to
      checksum: true,
    };
    for (const { line, words } of (statement.block ?? []).flatMap((inner) => separate([transport], inner))) {
      const [keyword = '', value = ''] = words;
      const field = channelKeywords.get(keyword.toLowerCase());
      if (field === undefined) extra.push({ line, text: redact(words.join(' ')) });
      else if (value === '') fail(line, `a value behind ${keyword}`);
      else if (field === 'checksum') {
        const isOn = switchOf(value);
        if (isOn === undefined) fail(line, `on, off, yes or no behind ${keyword}`);
        else channel.checksum = isOn;
      } else if (field === 'port' || field === 'sendBuffer' || field === 'receiveBuffer') {
        const size = parseInteger(value);
        if (size === undefined) fail(line, `a number behind ${keyword}`);
        else channel[field] = size;
      } else channel[field] = value;
    }
    channels.push(channel);
  };

  const addRule = (
    of: FilterRule['of'],
    action: FilterRule['action'],
    statement: Statement,
    own: string[] = [],
  ): void => {
    const values = [
      ...own.map((value) => ({ line: statement.line, value })),
      ...(statement.block ?? []).flatMap(({ line, words }) => words.map((value) => ({ line, value }))),
    ].filter(({ value }) => !/^ipv[46]_address$/i.test(value));
    const forIndex = values.findIndex(({ value }) => value.toLowerCase() === 'for');
    const protocol = forIndex === -1 ? undefined : values[forIndex + 1]?.value;
    rules.push({
      line: statement.line,
      of,
      action,
      ...(protocol !== undefined && { protocol }),
      entries: forIndex === -1 ? values : values.slice(0, forIndex),
    });
  };

  const readFilterRule = (statement: Statement): void => {
    const [of = '', action = ''] = statement.words.map((word) => word.toLowerCase());
    if (
      (of === 'protocol' || of === 'address' || of === 'state') &&
      (action === 'accept' || action === 'ignore')
    )
      addRule(of, action, statement);
    else fail(statement.line, 'Protocol, Address or State, then Accept or Ignore');
  };

  const readHelper = ({ line, words, block }: Statement): void => {
    const [keyword = '', name, family, protocol] = words;
    if (keyword.toLowerCase() !== 'type' || name === undefined) {
      extra.push({ line, text: redact(words.join(' ')) });
      return;
    }
    const number = block
      ?.flatMap((inner) => inner.words)
      .find((_, index, all) => /^queuenum$/i.test(all[index - 1] ?? ''));
    const queue = parseInteger(number ?? '');
    helpers.push({
      line,
      name,
      ...(family !== undefined && { family }),
      ...(protocol !== undefined && { protocol }),
      ...(queue !== undefined && { queue }),
    });
  };

  const readSetting = (blocks: readonly string[], { line, words }: Statement): void => {
    const [keyword = '', value = ''] = words;
    const setting = settings.get(keyOf(blocks, keyword));
    if (setting === undefined) {
      extra.push({ line, text: redact(words.join(' ')) });
      return;
    }
    const read = value === '' ? undefined : readValue(setting, value);
    if (read === undefined) fail(line, `${expectedOf[setting.form]} behind ${keyword}`);
    else {
      found[setting.name] = read;
      setAt[setting.name] = line;
    }
  };

  const readStatement = (blocks: readonly string[], statement: Statement): void => {
    const { line, words, block } = statement;
    const [keyword = '', value = ''] = words.map((word) => word.toLowerCase());
    const readBlock = (): void => {
      for (const inner of block ?? [])
        for (const part of separate([...blocks, keyword], inner)) readStatement([...blocks, keyword], part);
    };
    if ((keyword === 'multicast' || keyword === 'udp' || keyword === 'tcp') && block !== undefined)
      readChannel(keyword, statement);
    else if (keyword === 'mode') {
      mode = modes.get(value);
      setAt.mode = line;
      if (mode === undefined) fail(line, 'FTFW, NOTRACK or ALARM behind Mode');
      readBlock();
    } else if (keyword === 'filter') {
      filter = {
        line,
        from: words.some((word) => /^kernelspace$/i.test(word)) ? 'kernelspace' : 'userspace',
      };
      for (const rule of block ?? []) readFilterRule(rule);
    } else if (keyword === 'ignoretrafficfor') addRule('address', 'ignore', statement);
    else if (keyword === 'ignoreprotocol') addRule('protocol', 'ignore', statement);
    else if (keyword === 'replicate') addRule('state', 'accept', statement, words.slice(1));
    else if (keyword === 'expectationsync' && block !== undefined) {
      found.expectationSync = block.flatMap((inner) => inner.words);
      setAt.expectationSync = line;
    } else if (keyword === 'helper') {
      for (const inner of block ?? []) readHelper(inner);
    } else if (block === undefined) readSetting(blocks, statement);
    else if (/^(?:sync|general|stats|options|unix|scheduler)$/.test(keyword)) {
      if (keyword === 'sync' || (keyword === 'stats' && kind === undefined)) kind = keyword;
      readBlock();
    } else extra.push({ line, text: redact(words.join(' ')) });
  };

  for (const statement of tree.statements) readStatement([], statement);

  const missing = [
    ...new Map([...settings.values()].map((setting) => [setting.name, setting])).values(),
  ].filter(({ name, fallback }) => fallback !== undefined && found[name] === undefined);
  const isModeMissing = mode === undefined && setAt.mode === undefined && kind === 'sync';
  const from =
    filter ?? (rules.length > 0 ? { line: rules[0]?.line ?? 1, from: 'userspace' as const } : undefined);
  return {
    config: {
      // a daemon without any mode takes FT-FW
      mode: mode ?? (isModeMissing ? 'ftfw' : kind === 'stats' ? 'stats' : 'unknown'),
      channels,
      ...(from && { filter: { ...from, rules } }),
      settings: {
        ...Object.fromEntries(
          missing.flatMap(({ name, fallback }) => (fallback === undefined ? [] : [[name, fallback]])),
        ),
        ...found,
      },
      defaults: [...missing.map(({ name }) => name), ...(isModeMissing ? ['mode'] : [])],
      lines: setAt,
      helpers,
      extra,
    },
    errors: errors.toSorted((one, other) => one.line - other.line),
  };
};
