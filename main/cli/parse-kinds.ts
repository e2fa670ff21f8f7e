import type { Result } from '../../shared/lib/result.ts';
import type { ParseError } from '../agents/parse-error.ts';
import { parseConntrackdConfigFile } from '../agents/sync/conntrackd/parse-config-file.ts';
import { parseLogLine } from '../agents/sync/conntrackd/parse-log.ts';
import { parseConntrackdStatistics } from '../agents/sync/conntrackd/parse-statistics.ts';
import { brokenOff, joinBroken } from '../agents/table/conntrack/mixed-in.ts';
import { parseEntry, parseEvent } from '../agents/table/conntrack/parse-entry.ts';
import { parseConntrackStatistics } from '../agents/table/conntrack/parse-statistics.ts';
import { joinWrapped, opensEntry } from '../agents/table/conntrack/wrapped.ts';
import { parseKeepalivedConfig } from '../agents/takeover/keepalived/parse-config.ts';
import { parseKeepalivedData } from '../agents/takeover/keepalived/parse-data.ts';
import { jsonDumpsIn, parseKeepalivedJson } from '../agents/takeover/keepalived/parse-json.ts';
import { parseTakeoverLogLine } from '../agents/takeover/keepalived/parse-log.ts';

type Parsed = Result<unknown, ParseError>;

/** Lines that a mail or a narrow terminal may have wrapped: which may be continued, and by what. */
interface Wraps {
  /** The program prints while it watches: what has come whole is shown at once. */
  readonly isLive: boolean;
  readonly opens: (line: string) => boolean;
  readonly join: (held: string, next: string) => string | undefined;
  /** The same of a line into which the program's other stream has printed. */
  readonly broken: (line: string) => string | undefined;
  readonly joinBroken: (held: string, next: string) => string | undefined;
}

const entryWraps: Wraps = {
  ...{ isLive: false, opens: opensEntry, join: joinWrapped },
  ...{ broken: brokenOff, joinBroken },
};

/** A kind is read a line at a time, or whole because a dump spans many lines. */
export type Kind = { readonly summary: string } & (
  | { readonly unit: 'line'; readonly parse: (line: string) => Parsed; readonly wraps?: Wraps }
  | { readonly unit: 'dump'; readonly parse: (text: string) => Parsed[] }
);

/** Every dump of the file behind what could not be read of it; a dump of no readable instance is its errors alone. */
const parseJsonDumps = (text: string): Parsed[] =>
  jsonDumpsIn(text).flatMap((dump): Parsed[] => {
    const { instances, errors } = parseKeepalivedJson(dump.text);
    return [
      ...errors.map((error) => ({ ok: false, error: { ...error, line: dump.line } }) as const),
      ...(errors.length === 0 || instances.length > 0 ? [{ ok: true, value: { instances } } as const] : []),
    ];
  });

const parseDataDumps = (text: string): Parsed[] =>
  parseKeepalivedData(text).flatMap(({ state, errors }): Parsed[] => [
    ...errors.map((error) => ({ ok: false, error }) as const),
    ...(errors.length === 0 || state.instances.length > 0 ? [{ ok: true, value: state } as const] : []),
  ]);

/** One object a file, behind the errors in it. An empty file is no configuration. */
const configObject =
  <T>(parse: (text: string) => { config: T; errors: readonly ParseError[] }) =>
  (text: string): Parsed[] => {
    if (text.trim() === '') return [];
    const { config, errors } = parse(text);
    return [...errors.map((error) => ({ ok: false, error }) as const), { ok: true, value: config }];
  };

/** Every KIND of `handover parse`, by name. */
export const parseKinds: Readonly<Record<string, Kind>> = {
  conntrack: {
    summary: 'conntrack -L, /proc/net/nf_conntrack, conntrackd -i or -e: a connection or expectation a line',
    unit: 'line',
    parse: parseEntry,
    wraps: entryWraps,
  },
  'conntrack-events': {
    summary:
      'conntrack -E: a connection or expectation a line, with its event and timestamp; {"overrun":true} is ENOBUFS',
    unit: 'line',
    parse: parseEvent,
    wraps: { ...entryWraps, isLive: true },
  },
  'conntrack-stats': {
    summary: 'conntrack -S or -C, /proc/net/stat/nf_conntrack: an object a dump',
    unit: 'dump',
    parse: parseConntrackStatistics,
  },
  'conntrackd-stats': {
    summary: 'conntrackd -s, or with network, cache, runtime, link, queue: an object a dump',
    unit: 'dump',
    parse: parseConntrackdStatistics,
  },
  'conntrackd-log': {
    summary: "conntrackd's log file, or its lines in syslog or the journal: a record a line",
    unit: 'line',
    parse: parseLogLine,
  },
  'conntrackd-config': {
    summary: 'conntrackd.conf: one object, with defaults filled in and lines numbered',
    unit: 'dump',
    parse: configObject(parseConntrackdConfigFile),
  },
  'keepalived-config': {
    summary: 'keepalived.conf: one object, lines numbered; what it includes is listed, not read',
    unit: 'dump',
    parse: configObject(parseKeepalivedConfig),
  },
  'keepalived-log': {
    summary: "keepalived's log file, or its lines in syslog or the journal: a record a line",
    unit: 'line',
    parse: parseTakeoverLogLine,
  },
  'keepalived-json': { summary: 'keepalived.json: an object a dump', unit: 'dump', parse: parseJsonDumps },
  'keepalived-data': { summary: 'keepalived.data: an object a dump', unit: 'dump', parse: parseDataDumps },
};
