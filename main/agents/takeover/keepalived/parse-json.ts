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
const Dump = z.union([z.array(Instance), z.object({ vrrp: z.array(Instance) })]);

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
const unreadable = (text: string, expected: string): Result<never, ParseError> =>
  err(parseError(1, `(${text.length} characters, not shown: they may hold a VRRP password)`, expected));

/** keepalived.json, whole; half-written is an error. Format: keepalived 1.3 to 2.4, vrrp/vrrp_json.c. */
export const parseKeepalivedJson = (text: string): Result<TakeoverInstance[], ParseError> => {
  let json: unknown;
  try {
    json = JSON.parse(withoutColour(text).replace(/^\ufeff/, ''));
  } catch {
    return unreadable(text, "keepalived's whole JSON dump");
  }
  const dump = Dump.safeParse(json);
  if (!dump.success)
    return unreadable(text, "keepalived's VRRP instances, each with iname, vrid, state and base_priority");
  return ok((Array.isArray(dump.data) ? dump.data : dump.data.vrrp).map(instanceOf));
};
