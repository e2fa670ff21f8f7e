import { readBlocks, type Statement } from '../../config-blocks.ts';
import { parseInteger } from '../../integer.ts';
import { type ParseError, parseError } from '../../parse-error.ts';
import { redact } from '../../redact.ts';
import type {
  ConfiguredAddress,
  ConfiguredInstance,
  ConfiguredSyncGroup,
  ConfiguredTracker,
  KeepalivedConfig,
  NotifyScript,
  OtherStatement,
  Tracked,
} from './config-model.ts';
import { readConfigText } from './config-text.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] };
type Draft<T> = Mutable<T>;
type Fail = (line: number, expected: string) => void;

const unquoted = (word: string): string => word.replace(/["']/g, '');

/** The arguments within a script's quotes; single quotes hold a blank of an argument together. */
const argumentsOf = (word: string): string[] => {
  const inside = /^(["'])([\s\S]*?)\1?$/.exec(word)?.[2] ?? word;
  return (inside.match(/(?:'[^']*'|\\.|[^\s'])+/g) ?? []).map((part) =>
    part.replaceAll("'", '').replaceAll('\\', ''),
  );
};

const conditionOf = ({ condition }: Statement): { condition?: string } =>
  condition === undefined ? {} : { condition };

const other = ({ line, words, condition }: Statement): OtherStatement => ({
  line,
  text: redact(words.join(' ')),
  ...(condition !== undefined && { condition }),
});

const others = (block: readonly Statement[] | undefined): OtherStatement[] =>
  (block ?? []).flatMap((statement) => [other(statement), ...others(statement.block)]);

const decimal = (word: string): number | undefined =>
  /^\d+(?:\.\d+)?$/.test(word) ? Number(word) : undefined;
const signed = (word: string): number | undefined => (/^[+-]?\d+$/.test(word) ? Number(word) : undefined);

/** What a block lists; some versions take a lone entry without braces. What holds for the block holds for its entries. */
const entriesOf = ({ block, words, line, condition }: Statement): Statement[] => {
  const lone = block === undefined && words.length > 1 ? [{ line, words: words.slice(1) }] : [];
  return [...lone, ...(block ?? [])]
    .filter((entry) => entry.words.length > 0)
    .map((entry) => ({ ...(condition !== undefined && { condition }), ...entry }));
};

const trackedIn = (statement: Statement): Tracked[] =>
  entriesOf(statement).map((entry) => {
    const { line, words } = entry;
    const at = words.indexOf('weight');
    const weight = at === -1 ? undefined : signed(words[at + 1] ?? '');
    return {
      line,
      name: unquoted(words[0] ?? ''),
      ...(weight !== undefined && { weight: words[at + 2] === 'reverse' ? 0 - weight : weight }),
      ...conditionOf(entry),
    };
  });

const addressesIn = (statement: Statement): ConfiguredAddress[] =>
  entriesOf(statement).map((entry) => {
    const [printed = '', ...options] = entry.words;
    const [address = '', prefix = ''] = printed.split('/');
    const prefixLength = parseInteger(prefix);
    const at = options.indexOf('dev');
    const device = at === -1 ? undefined : options[at + 1];
    return {
      line: entry.line,
      address,
      ...(prefixLength !== undefined && { prefixLength }),
      ...(device !== undefined && { device }),
      ...conditionOf(entry),
    };
  });

const trackKeys = {
  track_interface: 'trackInterfaces',
  track_script: 'trackScripts',
  track_file: 'trackFiles',
  track_process: 'trackProcesses',
} as const;
const isTrackKey = (word: string): word is keyof typeof trackKeys => Object.hasOwn(trackKeys, word);

type Shared = Pick<
  ConfiguredInstance,
  'trackInterfaces' | 'trackScripts' | 'trackFiles' | 'trackProcesses' | 'notify' | 'extra'
>;

const noTracking = (): Draft<Shared> => ({
  trackInterfaces: [],
  trackScripts: [],
  trackFiles: [],
  trackProcesses: [],
  notify: [],
  extra: [],
});

/** What instances and groups have in common; false where the statement is neither. */
const readShared = (draft: Draft<Shared>, statement: Statement, fail: Fail): boolean => {
  const [keyword = '', script = '', user, group] = statement.words;
  if (isTrackKey(keyword)) {
    draft[trackKeys[keyword]].push(...trackedIn(statement));
    return true;
  }
  if (!/^notify(?:_|$)/.test(keyword) || keyword === 'notify_priority_changes') return false;
  const notify: NotifyScript = {
    line: statement.line,
    event: keyword === 'notify' ? 'any' : keyword.slice('notify_'.length),
    command: argumentsOf(script),
    ...(user !== undefined && { user: unquoted(user) }),
    ...(group !== undefined && { group: unquoted(group) }),
    ...conditionOf(statement),
  };
  if (notify.command.length === 0) fail(statement.line, `the path of a script behind ${keyword}`);
  else draft.notify.push(notify);
  return true;
};

const instanceNumbers = {
  virtual_router_id: {
    field: 'vrid',
    read: parseInteger,
    low: 1,
    high: 255,
    expected: 'a number from 1 to 255',
  },
  priority: { field: 'priority', read: parseInteger, low: 0, high: 255, expected: 'a number from 0 to 255' },
  advert_int: {
    field: 'advertIntervalSeconds',
    read: decimal,
    low: 0,
    high: 255,
    expected: 'seconds up to 255',
  },
  preempt_delay: {
    field: 'preemptDelaySeconds',
    read: decimal,
    low: 0,
    high: 1000,
    expected: 'seconds up to 1000',
  },
  version: { field: 'version', read: parseInteger, low: 2, high: 3, expected: '2 or 3' },
} as const;
const isNumberKey = (word: string): word is keyof typeof instanceNumbers =>
  Object.hasOwn(instanceNumbers, word);

const instanceWords = { state: 'state', interface: 'interface', unicast_src_ip: 'unicastSource' } as const;
const isWordKey = (word: string): word is keyof typeof instanceWords => Object.hasOwn(instanceWords, word);

const addressLists = {
  virtual_ipaddress: 'addresses',
  virtual_ipaddress_excluded: 'excludedAddresses',
  unicast_peer: 'unicastPeers',
} as const;
const isAddressKey = (word: string): word is keyof typeof addressLists => Object.hasOwn(addressLists, word);

const authenticationOf = ({ words, block }: Statement): ConfiguredInstance['authentication'] => {
  const type =
    words[0] === 'auth_hmac' ? 'HMAC' : block?.find((inner) => inner.words[0] === 'auth_type')?.words[1];
  const usesPassword = (block ?? []).some((inner) =>
    inner.words.some((word) => /^(?:auth_pass|key)$/.test(word)),
  );
  return { ...(type !== undefined && { type: unquoted(type) }), usesPassword };
};

/** Also where its name is damaged: what stands in it must not get out as anything else. */
const isAuthentication = ({ words, block }: Statement): boolean =>
  /auth/i.test(words[0] ?? '') || (block ?? []).some((inner) => /^auth/i.test(inner.words[0] ?? ''));

const readInstance = (statement: Statement, fail: Fail): ConfiguredInstance => {
  const draft: Draft<ConfiguredInstance> = {
    line: statement.line,
    name: unquoted(statement.words[1] ?? ''),
    ...conditionOf(statement),
    nopreempt: false,
    unicastPeers: [],
    addresses: [],
    excludedAddresses: [],
    ...noTracking(),
  };
  for (const inner of statement.block ?? []) {
    const [keyword = '', value = ''] = inner.words;
    if (isAuthentication(inner)) draft.authentication = authenticationOf(inner) ?? { usesPassword: true };
    else if (readShared(draft, inner, fail)) continue;
    else if (isAddressKey(keyword)) draft[addressLists[keyword]].push(...addressesIn(inner));
    // which id this node has is not known here
    else if (inner.condition !== undefined) draft.extra.push(other(inner), ...others(inner.block));
    else if (isNumberKey(keyword)) {
      const { field, read, low, high, expected } = instanceNumbers[keyword];
      const number = read(unquoted(value));
      // a variable that this file does not define stands as printed
      if (value.includes('$')) draft.extra.push(other(inner));
      else if (number === undefined || number < low || number > high)
        fail(inner.line, `${expected} behind ${keyword}`);
      else draft[field] = number;
    } else if (isWordKey(keyword) && value !== '') draft[instanceWords[keyword]] = unquoted(value);
    else if (keyword === 'nopreempt') draft.nopreempt = true;
    else if (keyword === 'preempt') draft.nopreempt = false;
    else draft.extra.push(other(inner), ...others(inner.block));
  }
  return draft;
};

const readGroup = (statement: Statement, fail: Fail): ConfiguredSyncGroup => {
  const draft: Draft<ConfiguredSyncGroup> = {
    line: statement.line,
    name: unquoted(statement.words[1] ?? ''),
    ...conditionOf(statement),
    members: [],
    keepsWeights: false,
    ...noTracking(),
  };
  for (const inner of statement.block ?? []) {
    const [keyword = ''] = inner.words;
    if (keyword === 'group')
      draft.members.push(...entriesOf(inner).flatMap(({ words }) => words.map(unquoted)));
    else if (keyword === 'sync_group_tracking_weight') draft.keepsWeights = true;
    else if (!readShared(draft, inner, fail)) draft.extra.push(other(inner), ...others(inner.block));
  }
  return draft;
};

const trackerNumbers: ReadonlyMap<string, 'weight' | 'intervalSeconds' | 'timeoutSeconds' | 'rise' | 'fall'> =
  new Map([
    ['weight', 'weight'],
    ['interval', 'intervalSeconds'],
    ['timeout', 'timeoutSeconds'],
    ['rise', 'rise'],
    ['fall', 'fall'],
  ]);

const readTracker = (statement: Statement, fail: Fail): ConfiguredTracker => {
  const draft: Draft<ConfiguredTracker> = {
    line: statement.line,
    name: unquoted(statement.words[1] ?? ''),
    ...conditionOf(statement),
    extra: [],
  };
  for (const inner of statement.block ?? []) {
    const [keyword = '', value = ''] = inner.words;
    const field = trackerNumbers.get(keyword);
    const number = field === 'weight' ? signed(value) : decimal(value);
    if (inner.condition !== undefined || value.startsWith('$')) draft.extra.push(other(inner));
    else if (keyword === 'script' || keyword === 'process')
      draft.command = inner.words.slice(1).flatMap(argumentsOf);
    else if (keyword === 'file') draft.file = unquoted(value);
    else if (field !== undefined && number === undefined) fail(inner.line, `a number behind ${keyword}`);
    else if (field !== undefined && number !== undefined)
      draft[field] = field === 'weight' && inner.words[2] === 'reverse' ? 0 - number : number;
    else draft.extra.push(other(inner), ...others(inner.block));
  }
  return draft;
};

const hidden = '(not shown: it may hold a VRRP password)';

/** A line broken in the middle of its keyword is not known for what it is; its neighbours tell. */
const isNearPassword = (lines: readonly string[], line: number): boolean =>
  !/^\s*(?:\w+_(?:instance|group|script|ipaddress|id)|priority|notify|\})/.test(lines[line - 1] ?? '') &&
  lines.slice(Math.max(0, line - 5), line + 4).some((near) => /auth/i.test(near));

/** keepalived.conf whole, with what is broken in it. No password leaves here. Grammar: keepalived, lib/parser.c, 1.2 to 2.4. */
export const parseKeepalivedConfig = (
  text: string,
): { readonly config: KeepalivedConfig; readonly errors: readonly ParseError[] } => {
  const { lines, shown, includes, definitions, errors: unread } = readConfigText(text);
  const { statements, errors: broken } = readBlocks(lines, { comments: '#!', quotes: true });
  const errors = [...unread, ...broken];
  const fail: Fail = (line, expected) => void errors.push(parseError(line, '', expected));
  const config = {
    global: [] as OtherStatement[],
    instances: [] as ConfiguredInstance[],
    syncGroups: [] as ConfiguredSyncGroup[],
    scripts: [] as ConfiguredTracker[],
    trackFiles: [] as ConfiguredTracker[],
    trackProcesses: [] as ConfiguredTracker[],
    includes,
    definitions,
    extra: [] as OtherStatement[],
  };
  for (const statement of statements) {
    const [keyword = '', name = ''] = statement.words;
    const isNamed =
      /^(?:vrrp_(?:instance|sync_group|script|track_file|track_process)|track_(?:file|process))$/.test(
        keyword,
      );
    if (isNamed && name === '') fail(statement.line, `a name behind ${keyword}`);
    if (isNamed && statement.block === undefined)
      fail(statement.line, `a block { … } behind ${keyword} ${name}`.trim());
    if (keyword === 'vrrp_instance') config.instances.push(readInstance(statement, fail));
    else if (keyword === 'vrrp_sync_group') config.syncGroups.push(readGroup(statement, fail));
    else if (keyword === 'vrrp_script') config.scripts.push(readTracker(statement, fail));
    else if (/^(?:vrrp_)?track_file$/.test(keyword)) config.trackFiles.push(readTracker(statement, fail));
    else if (/^(?:vrrp_)?track_process$/.test(keyword))
      config.trackProcesses.push(readTracker(statement, fail));
    else if (keyword === 'global_defs') config.global.push(...others(statement.block));
    // an assignment here is a broken definition, and may be a password's
    else config.extra.push({ ...other(statement), text: other(statement).text.replace(/=.*/, '=…') });
  }
  const groupOf = (name: string) => config.syncGroups.find(({ members }) => members.includes(name))?.name;
  return {
    config: {
      ...config,
      instances: config.instances.map((instance) => {
        const syncGroup = groupOf(instance.name);
        return syncGroup === undefined ? instance : { ...instance, syncGroup };
      }),
    },
    errors: errors
      .map(({ line, expected }) =>
        isNearPassword(shown, line)
          ? { line, text: hidden, expected }
          : parseError(line, shown[line - 1] ?? '', expected),
      )
      .toSorted((one, next) => one.line - next.line),
  };
};
