import * as z from 'zod/mini';
import type { EngineState, TakeoverInstance } from '../../../../shared/domain/takeover.ts';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import { type ParseError, parseError } from '../../parse-error.ts';
import { withoutColour } from '../../pasted.ts';

/** Only what is named here leaves the parser: the dump holds the VRRP password in clear, as `auth_data`. */
const Instance = z.object({
  data: z.object({
    iname: z.string(),
    vrid: z.number(),
    ifp_ifname: z.optional(z.string()),
    state: z.number(),
    wantstate: z.optional(z.number()),
    base_priority: z.number(),
    effective_priority: z.optional(z.number()),
    master_priority: z.optional(z.number()),
    last_transition: z.optional(z.number()),
    // a number in the first versions
    nopreempt: z.optional(z.union([z.boolean(), z.number()])),
    adver_int: z.optional(z.number()),
    vips: z.optional(z.array(z.string())),
    evips: z.optional(z.array(z.string())),
  }),
  stats: z.optional(z.object({ advert_rcvd: z.optional(z.number()), advert_sent: z.optional(z.number()) })),
});

/** A list, or since json_version 2 an object with the list in it. */
const Dump = z.union([z.array(z.unknown()), z.object({ vrrp: z.array(z.unknown()) })]);
/** As much of an instance as names it where the rest cannot be read. */
const Named = z.object({ data: z.object({ iname: z.string() }) });

const states: ReadonlyMap<number, EngineState> = new Map([
  [0, 'INIT'],
  [1, 'BACKUP'],
  [2, 'MASTER'],
  [3, 'FAULT'],
]);

const stateOf = (code: number): EngineState => states.get(code) ?? 'UNKNOWN';

/** `10.99.0.100/24 dev eth0 scope global set` is 10.99.0.100. */
export const bareAddress = (printed: string): string => printed.trim().split(/[/\s]/, 1)[0] ?? '';

const instanceOf = ({ data, stats }: z.infer<typeof Instance>): TakeoverInstance => {
  const state = stateOf(data.state);
  return {
    name: data.iname,
    vrid: data.vrid,
    interface: data.ifp_ifname ?? 'unknown',
    state,
    ...(data.wantstate !== undefined && { wantState: stateOf(data.wantstate) }),
    basePriority: data.base_priority,
    effectivePriority: data.effective_priority ?? data.base_priority,
    addresses: [...(data.vips ?? []), ...(data.evips ?? [])].map(bareAddress),
    ...(data.last_transition && { lastTransition: Math.round(data.last_transition * 1000) }),
    ...(data.nopreempt !== undefined && { nopreempt: Boolean(data.nopreempt) }),
    // a former backup keeps the priority of the master that it heard last
    ...(state === 'BACKUP' && data.master_priority && { masterPriority: data.master_priority }),
    ...(stats?.advert_rcvd !== undefined && { advertsReceived: stats.advert_rcvd }),
    ...(stats?.advert_sent !== undefined && { advertsSent: stats.advert_sent }),
    ...(data.adver_int !== undefined && { advertIntervalSeconds: data.adver_int }),
  };
};

/** A half-written dump can break off in the middle of the password, so an error never shows any of it. */
const unreadable = (text: string, expected: string): ParseError =>
  parseError(1, `(${text.length} characters, not shown: they may hold a VRRP password)`, expected);

/** One dump: the instances that could be read, in their order, and what could not be read of it. */
export interface KeepalivedJson {
  readonly instances: readonly TakeoverInstance[];
  /** Of the whole dump, or of single instances, each by its name, or by its place where it has none. */
  readonly errors: readonly ParseError[];
}

const instanceIn = (entry: unknown, place: number, of: number): Result<TakeoverInstance, ParseError> => {
  const read = Instance.safeParse(entry);
  if (read.success) return ok(instanceOf(read.data));
  const named = Named.safeParse(entry);
  const name = named.success ? `VRRP instance ${named.data.data.iname}` : `VRRP instance ${place} of ${of}`;
  const keys = [...new Set(read.error.issues.map(({ path }) => path.join('.')))].filter((key) => key !== '');
  return err(
    parseError(
      1,
      `(${name}, not shown: it may hold a VRRP password)`,
      `a VRRP instance with iname, vrid, state and base_priority; not readable: ${keys.join(', ') || 'all of it'}`,
    ),
  );
};

/** keepalived.json, whole; half-written is an error. Format: keepalived 1.3 to 2.4, vrrp/vrrp_json.c. */
export const parseKeepalivedJson = (text: string): KeepalivedJson => {
  let json: unknown;
  try {
    json = JSON.parse(withoutColour(text).replace(/^\ufeff/, ''));
  } catch {
    return { instances: [], errors: [unreadable(text, "keepalived's whole JSON dump")] };
  }
  const dump = Dump.safeParse(json);
  if (!dump.success)
    return { instances: [], errors: [unreadable(text, "keepalived's list of VRRP instances")] };
  const entries = Array.isArray(dump.data) ? dump.data : dump.data.vrrp;
  const read = entries.map((entry, index) => instanceIn(entry, index + 1, entries.length));
  return {
    instances: read.flatMap((each) => (each.ok ? [each.value] : [])),
    errors: read.flatMap((each) => (each.ok ? [] : [each.error])),
  };
};

/**
 * The dumps of a file that holds several, one behind the other, with what stands between them; each with its line. A
 * bracket that begins a line begins a dump, also where the one before was left half-written.
 */
export const jsonDumpsIn = (pasted: string): { readonly line: number; readonly text: string }[] => {
  const text = withoutColour(pasted);
  const pieces: { line: number; text: string }[] = [];
  let [depth, start, line] = [0, 0, 1];
  const cut = (end: number): void => {
    const piece = text.slice(start, end);
    const blank = /^\s*/.exec(piece)?.[0] ?? '';
    if (blank.length < piece.length)
      pieces.push({ line: line + blank.split('\n').length - 1, text: piece.trim() });
    line += piece.split('\n').length - 1;
    start = end;
  };
  for (const { 0: mark, index } of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[[\]{}]/g)) {
    if (mark === '[' || mark === '{') {
      if (mark === '[' && (index === 0 || text[index - 1] === '\n')) depth = 0;
      if (depth === 0) cut(index);
      depth += 1;
    } else if ((mark === ']' || mark === '}') && depth > 0) {
      depth -= 1;
      if (depth === 0) cut(index + 1);
    }
  }
  cut(text.length);
  return pieces;
};
