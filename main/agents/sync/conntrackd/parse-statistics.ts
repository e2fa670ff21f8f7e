import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import { parseBigInteger } from '../../integer.ts';
import { type ParseError, parseError } from '../../parse-error.ts';
import { pastedLine } from '../../pasted.ts';
import { type Dumps, dumpBuilder } from './dumps.ts';
import { parseUptime, readCounted, readNamed } from './parse-counters.ts';
import type { ChannelStatistics, ConntrackdStatistics } from './statistics.ts';

const expected = "conntrackd's statistics: a heading, or a counter with its name";

const transportOf = (word: string): ChannelStatistics['transport'] => {
  const lower = word.toLowerCase();
  return lower === 'udp' || lower === 'tcp' ? lower : 'multicast';
};

const figure = (digits: string | undefined) => parseBigInteger(digits ?? '') ?? 0;

/** What to do at a line that opens a section or stands alone. The answer false: it looks like one and is none. */
type Rule = readonly [RegExp, (dumps: Dumps, found: readonly (string | undefined)[]) => unknown];

const general: readonly Rule[] = [
  [/^cache (\S+):$/, (dumps, [, name = '']) => dumps.openCache('general', name, 'cache')],
  [/^(internal) bypass:$/, (dumps, [, name = '']) => dumps.openCache('general', name, 'bypass')],
  [/^(external) inject:$/, (dumps, [, name = '']) => dumps.openCache('general', name, 'inject')],
  [
    /^traffic processed:$/,
    (dumps) => {
      dumps.of('general', ({ traffic }) => traffic !== undefined).traffic = dumps.openSection();
    },
  ],
  [
    /^(?:message|message sequence|multicast sequence) tracking:$/,
    (dumps) => {
      dumps.of('general', ({ messages }) => messages !== undefined).messages = dumps.openSection();
    },
  ],
];

const channels: readonly Rule[] = [
  [
    /^(multicast|udp|tcp) traffic device=(\S+) status=(\S+) role=(\w+):?$/i,
    (dumps, [, kind = '', device = '', status = '', role = '']) =>
      dumps.openChannel('link', { transport: transportOf(kind), device, status, role }),
  ],
  [
    /^(multicast|udp|tcp) traffic(?: \(active device=([^)]*)\))?(?: server=(\S+))?(?: client=([^\s:]+))?:$/i,
    (dumps, [, kind = '', device, server, client]) =>
      dumps.openChannel(dumps.last()?.form === 'network' ? 'network' : 'general', {
        transport: transportOf(kind),
        ...(device !== undefined && { device }),
        ...(server !== undefined && { server }),
        ...(client !== undefined && { client }),
      }),
  ],
];

const network: readonly Rule[] = [
  [
    /^network statistics:$/,
    (dumps) => {
      dumps.of('network', ({ received }) => received !== undefined);
      dumps.closeSection();
    },
  ],
  [
    /^sequence tracking statistics:$/,
    (dumps) => {
      dumps.of('network', ({ sequence }) => sequence !== undefined).sequence = dumps.openSection();
    },
  ],
  [
    /^recv:$/,
    (dumps) => {
      const open = dumps.of('network');
      // the tracking of sequences has a `recv:` of its own
      if (open.sequence === undefined) open.received = dumps.openSection();
    },
  ],
  [
    /^send:$/,
    (dumps) => {
      dumps.of('network').sent = dumps.openSection();
    },
  ],
];

const runtime: readonly Rule[] = [
  [
    /^daemon uptime: (.+)$/,
    (dumps, [, printed = '']) => {
      const minutes = parseUptime(printed);
      if (minutes === undefined) return false;
      dumps.of('runtime', ({ uptimeMinutes }) => uptimeMinutes !== undefined).uptimeMinutes = minutes;
      dumps.closeSection();
      return true;
    },
  ],
  [
    /^netlink stats:$/,
    (dumps) => {
      dumps.of('runtime', ({ netlink }) => netlink !== undefined).netlink = dumps.openSection();
    },
  ],
  [
    /^runtime stats:$/,
    (dumps) => {
      dumps.of('runtime', (open) => open.runtime !== undefined).runtime = dumps.openSection();
    },
  ],
];

const queues: readonly Rule[] = [
  [
    /^allocated queue nodes: (\d+)$/,
    (dumps, [, nodes]) => {
      const open = dumps.of('queue', ({ allocatedQueueNodes }) => allocatedQueueNodes !== undefined);
      open.allocatedQueueNodes = figure(nodes);
      dumps.closeSection();
    },
  ],
  [
    /^queue (\S+):$/,
    (dumps, [, name = '']) => {
      const open = dumps.of(
        'queue',
        (known) => known.queues !== undefined && Object.hasOwn(known.queues, name),
      );
      open.queues = { ...open.queues, [name]: dumps.openSection() };
    },
  ],
  [
    /^resent queue \(len=(\d+)\):?$/,
    (dumps, [, length]) => {
      const open = dumps.of('rsqueue', ({ resendQueue }) => resendQueue !== undefined);
      open.resendQueue = { length: figure(length) };
    },
  ],
  [
    /^(?:object|control) -> seq:(\d+)(?: flags:\S+)?$/,
    (dumps, [, sequence]) => {
      const queue = dumps.last()?.resendQueue;
      if (queue === undefined) return false;
      queue.newest = figure(sequence);
      queue.oldest ??= queue.newest;
      return true;
    },
  ],
];

const rules: readonly Rule[] = [
  ...general,
  ...channels,
  ...network,
  ...runtime,
  ...queues,
  [
    /^cache: ?(\S+) active objects: (\d+)$/,
    (dumps, [, name = '', objects]) => {
      dumps.openCache('cache', name, 'cache').activeObjects = figure(objects);
    },
  ],
  [
    /^PID=(\d+) type=(\S+)$/,
    (dumps, [, pid, type = '']) => {
      const open = dumps.of('process');
      open.processes = [...(open.processes ?? []), { pid: Number(pid), type }];
    },
  ],
];

/** What all lines have that open a section or stand alone: most lines are counters, and need not be tried by every rule. */
const mayBeRule = /:$|^(?:daemon|allocated|resent|object|control|cache:|PID=|multicast|udp|tcp)/i;

const readRule = (dumps: Dumps, line: string): boolean => {
  if (!mayBeRule.test(line)) return false;
  for (const [pattern, apply] of rules) {
    const found = pattern.exec(line);
    if (found !== null) return apply(dumps, found) !== false;
  }
  return false;
};

const readCounter = (dumps: Dumps, line: string): boolean => {
  const section = dumps.section();
  if (section === undefined || !(readNamed(line, section) || readCounted(line, section))) return false;
  const dump = dumps.last();
  if (section.isUnknown && dump !== undefined) dump.extra = { ...dump.extra, ...section.figures };
  return true;
};

/** VyOS puts a title above each table, and a newer conntrackd may have sections that we do not know. */
const readUnknown = (dumps: Dumps, line: string): boolean => {
  if (!/^[A-Za-z][\w ()/-]*:$/.test(line)) return false;
  dumps.openSection(true);
  return true;
};

/**
 * Every dump of `conntrackd -s …` in the text, in order, and in its place every line that belongs to none. Words decide,
 * never columns: VyOS prints the same with other blanks. Formats: conntrack-tools 0.9.14 to 1.4.9,
 * src/{cache,sync-mode,run,queue,mcast,udp,tcp,internal_bypass,external_inject}.c.
 */
export const parseConntrackdStatistics = (text: string): Result<ConntrackdStatistics, ParseError>[] => {
  const results: Result<ConntrackdStatistics, ParseError>[] = [];
  const dumps = dumpBuilder((dump) => results.push(ok(dump)));
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const raw = lines[index] ?? '';
    const line = pastedLine(raw).replace(/\s{2,}|[^\S ]/g, ' ');
    if (line === '' || readRule(dumps, line) || readCounter(dumps, line) || readUnknown(dumps, line))
      continue;
    results.push(err(parseError(index + 1, raw.replace(/\r$/, ''), expected)));
  }
  return results;
};
