import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import { parseBigInteger, parseInteger } from '../../integer.ts';
import { type ParseError, parseError } from '../../parse-error.ts';
import type { ChannelStatistics, ConntrackdStatistics, Figures } from './statistics.ts';

type Draft = { -readonly [Key in keyof ConntrackdStatistics]: ConntrackdStatistics[Key] };
type Form = ConntrackdStatistics['form'];

/** Where the counters of the lines that follow go. */
interface Section {
  readonly figures: Figures;
  /** `update OK/failed` and the like: the indented lines below belong to it. */
  parent?: string;
  readonly isUnknown?: boolean;
}

const expected = "conntrackd's statistics: a heading, or a counter with its name";

const camelCase = (label: string): string =>
  label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
    .replace(/ ([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Older and newer wordings of the counters that stand before their name. */
const countedNames: ReadonlyMap<string, string> = new Map([
  ['bytes sent', 'bytesSent'],
  ['bytes recv', 'bytesReceived'],
  ['pckts sent', 'packetsSent'],
  ['pckts recv', 'packetsReceived'],
  ['error send', 'errorsSent'],
  ['error recv', 'errorsReceived'],
  ['bytes', 'bytes'],
  ['pckts', 'packets'],
  ['malformed msgs', 'malformed'],
  ['msgs mfrm', 'malformed'],
  ['pckts mfrm', 'malformed'],
  ['lost msgs', 'lost'],
  ['msgs lost', 'lost'],
  ['pckts lost', 'lost'],
]);

/** `17 Bytes sent   3 Bytes recv`: numbers before their names. */
const readCounted = (line: string, { figures }: Section): boolean => {
  if (!/^(?:\d+ [A-Za-z]+(?: [A-Za-z]+)*(?: |$))+$/.test(line)) return false;
  for (const [, number = '', name = ''] of line.matchAll(/(\d+) ([A-Za-z]+(?: [A-Za-z]+)*)/g))
    figures[countedNames.get(name.toLowerCase()) ?? camelCase(name)] = parseBigInteger(number) ?? number;
  return true;
};

/** `connections created: 18 failed: 0`, `update OK/failed: 1/ 0`, `netlink overrun: 0`: names before their numbers. */
const readNamed = (line: string, section: Section): boolean => {
  const [, label = '', first = '', second, failed] =
    /^([^:]+): (\d+)(?: ?\/ ?(\d+)| failed: (\d+))?$/.exec(line) ?? [];
  const [, subject = '', one = '', other = ''] = /^(?:(\w+) )?(\w+)\/(\w+)(?= |$)/.exec(label) ?? [];
  if (label === '') return false;
  const { figures } = section;
  const set = (name: string, number: string): void => {
    figures[camelCase(name)] = parseBigInteger(number) ?? number;
  };
  if (second !== undefined) {
    // `active/total entries` names its subject behind, `creation OK/failed` before
    const after = label.slice(label.indexOf(`/${other}`) + other.length + 1);
    set(`${subject} ${one} ${after}`, first);
    set(`${subject} ${other} ${after}`, second);
    section.parent = subject;
    return true;
  }
  const name = label.replace(/^(?:current )?(active |)(?:connections|expectations) ?/, '$1');
  const own = /^(?:current )?active (?:connections|expectations)$/.test(label) ? 'active' : name;
  set(own === 'entry not found' && section.parent ? `${section.parent} ${own}` : own, first);
  if (failed !== undefined) set(`${own} failed`, failed);
  return true;
};

/** `3 day(s) 2 h 5 min`, `1 day 0 h 4 min`, `7 min`. */
const parseUptime = (text: string): number | undefined => {
  const [whole, days = '0', hours = '0', minutes = '0'] =
    /^(?:(\d+) days?(?:\(s\))? ?)?(?:(\d+) h ?)?(?:(\d+) min)?$/.exec(text) ?? [];
  return whole ? (Number(days) * 24 + Number(hours)) * 60 + Number(minutes) : undefined;
};

const transports: Readonly<Record<string, ChannelStatistics['transport']>> = {
  multicast: 'multicast',
  udp: 'udp',
  tcp: 'tcp',
};

/**
 * Every dump of `conntrackd -s …` in the text, in order, and in its place every line that belongs to none. A dump ends
 * where one of another form begins, or where a section comes a second time. Words decide, never columns: VyOS prints the
 * same with other blanks. Formats: conntrack-tools 0.9.14 to 1.4.9, src/{cache,sync-mode,run,queue,mcast,udp,tcp}.c.
 */
export const parseConntrackdStatistics = (text: string): Result<ConntrackdStatistics, ParseError>[] => {
  const results: Result<ConntrackdStatistics, ParseError>[] = [];
  let dump: Draft | undefined;
  let section: Section | undefined;

  /** The dump that a heading belongs to: the open one, or a new one. */
  const dumpOf = (form: Form, isTaken: (open: Draft) => boolean = () => false): Draft => {
    if (dump !== undefined && dump.form === form && !isTaken(dump)) return dump;
    const draft: Draft = { form };
    dump = draft;
    results.push(ok(draft));
    return draft;
  };
  const openSection = (): Figures => {
    section = { figures: {} };
    return section.figures;
  };
  const openCache = (form: Form, name: string, kind: 'cache' | 'bypass' | 'inject'): Figures => {
    const open = dumpOf(form, ({ caches }) => caches !== undefined && Object.hasOwn(caches, name));
    const figures = openSection();
    open.caches = { ...open.caches, [name]: { kind, figures } };
    return figures;
  };
  const openChannel = (form: Form, channel: Omit<ChannelStatistics, 'figures'>): void => {
    const isSame = (known: ChannelStatistics): boolean =>
      known.transport === channel.transport && known.device === channel.device;
    const open = dumpOf(form, ({ channels }) => channels?.some(isSame) ?? false);
    open.channels = [...(open.channels ?? []), { ...channel, figures: openSection() }];
  };

  const readHeading = (line: string): boolean => {
    const match = (pattern: RegExp): RegExpExecArray | null => pattern.exec(line);
    let found = match(/^cache (\S+):$/);
    if (found) return openCache('general', found[1] ?? '', 'cache') !== undefined;
    found = match(/^(internal|external) (bypass|inject):$/);
    if (found)
      return openCache('general', found[1] ?? '', found[2] === 'bypass' ? 'bypass' : 'inject') !== undefined;
    found = match(/^cache: ?(\S+) active objects: (\d+)$/);
    if (found) {
      openCache('cache', found[1] ?? '', 'cache').activeObjects = parseBigInteger(found[2] ?? '') ?? 0;
      return true;
    }
    if (match(/^traffic processed:$/)) {
      dumpOf('general', ({ traffic }) => traffic !== undefined).traffic = openSection();
      return true;
    }
    found = match(/^(multicast|udp|tcp) traffic device=(\S+) status=(\S+) role=(\w+):?$/i);
    if (found) {
      const [, kind = '', device = '', status = '', role = ''] = found;
      openChannel('link', { transport: transports[kind.toLowerCase()] ?? 'multicast', device, status, role });
      return true;
    }
    found = match(
      /^(multicast|udp|tcp) traffic(?: \(active device=([^)]*)\))?(?: server=(\S+))?(?: client=([^\s:]+))?:$/i,
    );
    if (found) {
      const [, kind = '', device, server, client] = found;
      openChannel(dump?.form === 'network' ? 'network' : 'general', {
        transport: transports[kind.toLowerCase()] ?? 'multicast',
        ...(device !== undefined && { device }),
        ...(server !== undefined && { server }),
        ...(client !== undefined && { client }),
      });
      return true;
    }
    if (match(/^(?:message|message sequence|multicast sequence) tracking:$/)) {
      dumpOf('general', ({ messages }) => messages !== undefined).messages = openSection();
      return true;
    }
    if (match(/^network statistics:$/)) {
      dumpOf('network', ({ received }) => received !== undefined);
      section = undefined;
      return true;
    }
    if (match(/^sequence tracking statistics:$/)) {
      dumpOf('network', ({ sequence }) => sequence !== undefined).sequence = openSection();
      return true;
    }
    if (dump?.form === 'network' && match(/^recv:$/)) {
      // the tracking of sequences has a `recv:` of its own
      if (dump.sequence === undefined) dump.received = openSection();
      return true;
    }
    if (dump?.form === 'network' && match(/^send:$/)) {
      dump.sent = openSection();
      return true;
    }
    found = match(/^daemon uptime: (.+)$/);
    if (found) {
      const minutes = parseUptime(found[1] ?? '');
      if (minutes === undefined) return false;
      dumpOf('runtime', ({ uptimeMinutes }) => uptimeMinutes !== undefined).uptimeMinutes = minutes;
      return true;
    }
    found = match(/^(netlink|runtime) stats:$/);
    if (found) {
      const key = found[1] === 'netlink' ? 'netlink' : 'runtime';
      dumpOf('runtime', (open) => open[key] !== undefined)[key] = openSection();
      return true;
    }
    found = match(/^allocated queue nodes: (\d+)$/);
    if (found) {
      dumpOf('queue', (open) => open.allocatedQueueNodes !== undefined).allocatedQueueNodes =
        parseBigInteger(found[1] ?? '') ?? 0;
      return true;
    }
    found = match(/^queue (\S+):$/);
    if (found) {
      const name = found[1] ?? '';
      const open = dumpOf('queue', ({ queues }) => queues !== undefined && Object.hasOwn(queues, name));
      open.queues = { ...open.queues, [name]: openSection() };
      return true;
    }
    return false;
  };

  const readElement = (line: string): boolean => {
    const [, length] = /^resent queue \(len=(\d+)\)$/.exec(line) ?? [];
    if (length !== undefined) {
      const figures = openSection();
      figures.length = parseBigInteger(length) ?? 0;
      dumpOf('rsqueue', ({ resendQueue }) => resendQueue !== undefined).resendQueue = figures;
      return true;
    }
    const [, sequence] = /^(?:object|control) -> seq:(\d+)(?: flags:\S+)?$/.exec(line) ?? [];
    if (sequence !== undefined && dump?.resendQueue !== undefined) {
      dump.resendQueue.newest = parseBigInteger(sequence) ?? 0;
      dump.resendQueue.oldest ??= dump.resendQueue.newest;
      return true;
    }
    const [, pid = '', type = ''] = /^PID=(\d+) type=(\S+)$/.exec(line) ?? [];
    const number = parseInteger(pid);
    if (number === undefined) return false;
    const open = dumpOf('process');
    open.processes = [...(open.processes ?? []), { pid: number, type }];
    return true;
  };

  const readUnknown = (line: string): boolean => {
    // VyOS puts titles above each table; a newer conntrackd may have sections that we do not know
    if (/^[A-Za-z][\w ()/-]*:$/.test(line)) {
      section = { figures: {}, isUnknown: true };
      return true;
    }
    return false;
  };

  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim().replace(/\s+/g, ' ');
    if (line === '' || readHeading(line) || readElement(line)) continue;
    if (section !== undefined && (readNamed(line, section) || readCounted(line, section))) {
      if (section.isUnknown && dump !== undefined) dump.extra = { ...dump.extra, ...section.figures };
      continue;
    }
    if (readUnknown(line)) continue;
    results.push(err(parseError(index + 1, raw.replace(/\r$/, ''), expected)));
  }
  return results;
};
