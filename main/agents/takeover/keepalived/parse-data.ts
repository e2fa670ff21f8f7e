import { isIP } from 'node:net';
import type {
  EngineState,
  TakeoverInstance,
  TakeoverState,
  TrackFile,
} from '../../../../shared/domain/takeover.ts';
import { parseInteger } from '../../integer.ts';
import { type ParseError, parseError } from '../../parse-error.ts';
import { pastedLine } from '../../pasted.ts';
import { bareAddress } from './parse-json.ts';

/** One dump, with the instances that could be read; `errors` names those that could not, or a text that is no dump. */
export interface KeepalivedData {
  readonly state: TakeoverState;
  readonly errors: readonly ParseError[];
}

/** A block of the dump: ` VRRP Instance = VI_1` and the indented lines below it. */
interface Block {
  readonly kind: string;
  readonly name: string;
  readonly line: number;
  readonly text: string;
  readonly values: Map<string, string>;
  readonly lists: Map<string, string[]>;
  /** Something follows it, so that it was not cut off. */
  isEnded: boolean;
}

/** What is read of a block. All else is dropped at the door, the VRRP password with it. */
const wantedValues: ReadonlySet<string> = new Set([
  'State',
  'Wantstate',
  'Want State',
  'Sync group',
  'Master router',
  'Master priority',
  'Last transition',
  'Interface',
  'Listening device',
  'Running on device',
  'Runing on device',
  'Using src_ip',
  'Virtual Router ID',
  'Priority',
  'Effective priority',
  'Advert interval',
  'Preempt',
  'Virtual IP',
  'File',
  'Status',
  'Weight',
]);
const wantedLists: ReadonlySet<string> = new Set([
  'Virtual IP',
  'Virtual IP Excluded',
  'Tracked files',
  'VRRP member instances',
  'Tracking instances',
  'Tracking VRRP instances',
]);
/** 1.x prints scripts and interfaces within the instance that tracks them, so neither they nor `NIC` end it. */
const blockKinds: ReadonlySet<string> = new Set([
  'VRRP Instance',
  'VRRP Sync Group',
  'VRRP Track file',
  'Track file',
]);

interface Dump {
  readonly sections: Set<string>;
  readonly blocks: Block[];
}

/** Cuts the text into dumps, sections and blocks. A section that comes again begins another dump. */
const readBlocks = (text: string): Dump[] => {
  const dumps: Dump[] = [];
  let block: Block | undefined;
  let list: string[] | undefined;
  const open = (): Dump => {
    const dump: Dump = { sections: new Set(), blocks: [] };
    dumps.push(dump);
    return dump;
  };
  for (const [index, raw] of text.split('\n').entries()) {
    // 1.2 dumps into syslog
    const line = pastedLine(raw)
      .replace(/^.*?Keepalived\w*\[\d+\]: /, '')
      .trim();
    const section = /^-+< (.+) >-+$/.exec(line)?.[1];
    if (section === 'NIC') continue;
    if (section !== undefined) {
      const last = dumps.at(-1);
      (last === undefined || last.sections.has(section) ? open() : last).sections.add(section);
      if (block !== undefined) block.isEnded = true;
      block = undefined;
      list = undefined;
      continue;
    }
    const [, key, value = ''] = /^([^=:]+?) *= *(.*)$/.exec(line) ?? [];
    const [, heading, count] = /^([^=:]+?) *(?:\((\d+)\))? *:$/.exec(line) ?? [];
    if (key !== undefined && blockKinds.has(key)) {
      const name = key === 'VRRP Sync Group' ? value.replace(/, *\w+$/, '') : value;
      if (block !== undefined) block.isEnded = true;
      block = {
        kind: key,
        name,
        line: index + 1,
        text: line,
        values: new Map(),
        lists: new Map(),
        isEnded: false,
      };
      (dumps.at(-1) ?? open()).blocks.push(block);
      list = undefined;
    } else if (block !== undefined && (heading !== undefined || key !== undefined)) {
      const word = heading ?? key ?? '';
      list =
        wantedLists.has(word) && (heading !== undefined || parseInteger(value) !== undefined)
          ? []
          : undefined;
      if (list !== undefined) block.lists.set(word, list);
      const stated = heading === undefined ? value : count;
      // the first counts: what is nested in a block repeats some of its words
      if (word === 'monitor') block.values.set(word, `${block.values.get(word) ?? ''} ${value}`);
      else if (stated !== undefined && wantedValues.has(word) && !block.values.has(word))
        block.values.set(word, stated);
    } else if (line !== '') {
      if (line === 'Preempt disabled') block?.values.set('Preempt', 'disabled');
      list?.push(line);
    }
  }
  return dumps;
};

const engineStates: Readonly<Record<string, EngineState>> = {
  INIT: 'INIT',
  BACKUP: 'BACKUP',
  MASTER: 'MASTER',
  FAULT: 'FAULT',
};
const stateOf = (word: string): EngineState => engineStates[word] ?? 'UNKNOWN';

/** `1 sec`, `1sec`, `1000 milli-sec`. */
const seconds = (text: string | undefined): number | undefined => {
  const [, number, unit] = /^([\d.]+) *(milli-sec|centi-sec|sec)/.exec(text ?? '') ?? [];
  if (number === undefined) return undefined;
  return Number(number) / (unit === 'milli-sec' ? 1000 : unit === 'centi-sec' ? 100 : 1);
};

const number = (block: Block, key: string): number | undefined => parseInteger(block.values.get(key) ?? '');

/** `maint, weight -10 reverse (dynamic)`. */
const weighted = (item: string): { name: string; weight: number }[] => {
  const [, name, weight, reverse] = /^(.+), weight (-?\d+)( reverse)?/.exec(item) ?? [];
  return name === undefined ? [] : [{ name, weight: reverse ? -Number(weight) : Number(weight) }];
};

/** The instance, or undefined where the block breaks off or lacks what every version prints. */
const instanceOf = (block: Block, groups: readonly Block[]): TakeoverInstance | undefined => {
  const { values, lists, name } = block;
  const word = values.get('State');
  const [vrid, basePriority] = [number(block, 'Virtual Router ID'), number(block, 'Priority')];
  const addresses = [...(lists.get('Virtual IP') ?? []), ...(lists.get('Virtual IP Excluded') ?? [])]
    .map(bareAddress)
    .filter((address) => isIP(address) !== 0);
  // since 2.0, which has a wanted state, sections follow the last instance; in 1.x nothing may
  const isCut =
    addresses.length < (number(block, 'Virtual IP') ?? 0) ||
    (!block.isEnded && (values.has('Wantstate') || !lists.has('Virtual IP')));
  if (word === undefined || vrid === undefined || basePriority === undefined || isCut) return undefined;

  const state = stateOf(word);
  const wanted = values.get('Wantstate') ?? values.get('Want State');
  const device = ['Interface', 'Listening device', 'Running on device', 'Runing on device']
    .map((key) => values.get(key))
    .find((value) => value !== undefined);
  const transition = Number.parseFloat(values.get('Last transition') ?? '');
  const preempt = values.get('Preempt');
  const interval = seconds(values.get('Advert interval'));
  const source = values.get('Using src_ip')?.split(' ')[0] ?? '';
  const masterRouter = values.get('Master router');
  const masterPriority = number(block, 'Master priority');
  const syncGroup =
    values.get('Sync group') ??
    groups.find(
      ({ lists: own, values: group }) =>
        own.get('VRRP member instances')?.includes(name) ||
        group.get('monitor')?.split(/[ ,]+/).includes(name),
    )?.name;
  return {
    name,
    vrid,
    interface: device?.split(',')[0] ?? 'unknown',
    state,
    ...(wanted !== undefined && { wantState: stateOf(wanted) }),
    basePriority,
    // 1.x prints only one
    effectivePriority: number(block, 'Effective priority') ?? basePriority,
    addresses,
    ...(transition > 0 && { lastTransition: Math.round(transition * 1000) }),
    ...(preempt !== undefined && { nopreempt: preempt === 'disabled' }),
    ...(state === 'BACKUP' && masterRouter !== undefined && isIP(masterRouter) !== 0 && { masterRouter }),
    ...(state === 'BACKUP' && masterPriority && { masterPriority }),
    ...(interval !== undefined && { advertIntervalSeconds: interval }),
    ...(syncGroup !== undefined && { syncGroup }),
    ...(isIP(source) !== 0 && { sourceAddress: source }),
  };
};

const trackFileOf = (block: Block, groups: readonly Block[]): TrackFile => {
  const { name, values, lists } = block;
  const [, weight = '0', reverse] = /^(-?\d+)( reverse)?/.exec(values.get('Weight') ?? '') ?? [];
  const status = /^-?\d+$/.exec(values.get('Status') ?? '')?.[0];
  const followers = lists.get('Tracking instances') ?? lists.get('Tracking VRRP instances') ?? [];
  const followingGroups = groups.flatMap((group) =>
    (group.lists.get('Tracked files') ?? [])
      .flatMap(weighted)
      .flatMap((followed) => (followed.name === name ? [{ name: group.name, weight: followed.weight }] : [])),
  );
  return {
    name,
    file: values.get('File') ?? '',
    weight: reverse ? -Number(weight) : Number(weight),
    ...(status !== undefined && { status: Number(status) }),
    trackedBy: [...followers.flatMap(weighted), ...followingGroups],
  };
};

const read = ({ sections, blocks }: Dump): KeepalivedData => {
  const groups = blocks.filter(({ kind }) => kind === 'VRRP Sync Group');
  const files = blocks.filter(({ kind }) => kind === 'Track file' || kind === 'VRRP Track file');
  const errors: ParseError[] = [];
  const instances: TakeoverInstance[] = [];
  for (const block of blocks) {
    if (block.kind !== 'VRRP Instance') continue;
    const instance = instanceOf(block, groups);
    if (instance !== undefined) instances.push(instance);
    else
      errors.push(
        parseError(
          block.line,
          block.text,
          'the whole instance: State, Virtual Router ID, Priority, every Virtual IP',
        ),
      );
  }
  // the last section of a whole dump tells "no track files" from "cut off before them"
  const isWhole = sections.has('VRRP Track files') || sections.has('Interfaces');
  return {
    state: { instances, ...(isWhole && { trackFiles: files.map((file) => trackFileOf(file, groups)) }) },
    errors,
  };
};

/** Every dump of keepalived.data in the text. Format: keepalived 1.2 to 2.4, vrrp/vrrp_data.c and vrrp/vrrp_print.c. */
export const parseKeepalivedData = (text: string): KeepalivedData[] => {
  const dumps = readBlocks(text).map(read);
  if (dumps.length > 0 || text.trim() === '') return dumps;
  const [line = ''] = text.trim().split('\n');
  return [
    {
      state: { instances: [] },
      errors: [parseError(1, line, "keepalived's dump, with ------< sections >------")],
    },
  ];
};
