import { EngineState, type TakeoverLogRecord } from '../../../../shared/domain/takeover.ts';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import { isJournalMark, readLogLine } from '../../log-line.ts';
import { type ParseError, parseError } from '../../parse-error.ts';

type Kind = TakeoverLogRecord['kind'];

/** Who speaks: `(VI_1)` since 2.0, `VRRP_Instance(VI_1)` before, `VRRP_Group(G)`, `VRRP_Script(chk)`. */
const speaker = /^(?:(?<tag>VRRP_(?:Instance|Group|Script))|(?=\())\(?(?<name>[^():]*)\):? */;

/** What a line says behind its speaker; a pattern's groups are fields of the record. From 1.2.13 to 2.4.3. */
const sentences: readonly (readonly [Kind, RegExp])[] = [
  ['group-synced', /^Syncing (?<instance>.+?)? ?to (?<state>[A-Z]+) state/],
  ['transition-started', /^Transition to (?<state>[A-Z]+) STATE/i],
  [
    'state-entered',
    /^(?:Entering|Now in) (?<state>[A-Z]+) STATE(?: \((?<reason>.*)\)| due to (?<because>.*))?/i,
  ],
  ['state-entered', /^(?<leaving>Leaving) FAULT state/],
  ['priority-changed', /^Changing effective priority from (?<formerPriority>\d+) to (?<priority>\d+)/],
  ['priority-changed', /^(?:Setting effective|Restoring our) priority to (?<priority>\d+)/],
  ['master-timeout', /^Receive advertisement timeout/],
  ['priority-zero-sent', /^sent 0 priority/],
  ['priority-zero-received', /^(?:Backup|Master) received priority 0/],
  [
    'advert-lower-priority',
    /^Received advert(?: from (?<peer>\S+))? with lower priority (?<priority>\d+), ours (?<ownPriority>\d+)/,
  ],
  ['advert-lower-priority', /^received lower priority \((?<priority>\d+)\) advert from (?<peer>\S+)/],
  ['advert-lower-priority', /^Received lower prio advert|^forcing a new MASTER election/],
  ['advert-equal-priority', /equal priority advert received|both configured as address owner/],
  [
    'advert-equal-priority',
    /^Master received advert from (?<peer>\S+) with same priority (?<priority>\d+) but higher IP address/,
  ],
  [
    'advert-higher-priority',
    /^(?:Master )?received advert(?: from (?<peer>[^\s,]+))? with higher priority (?<priority>\d+), ours (?<ownPriority>\d+)/i,
  ],
  ['advert-higher-priority', /^Received higher prio advert/],
  [
    'advert-refused',
    /invalid passwd|received? a \d+ auth|invalid auth|invalid ip number count|advert\w* interval mismatch|ip address associated with VRID|invalid TTL|bogus VRRP packet|Invalid VRRPv\d checksum|vrrp packet too|Dropping received VRRP packet|ignoring received advert|Unknown VRID|wrong version|unicast source address .* not a unicast peer|expected \d+ VIPs but received|unexpected ip number count|Invalid packet type|Checksum ERROR|^(?:Expected|discarding) \w+icast packet|^TTL\/HL \d+ not in range|advertisement interval changed: mine|^IPSEC-AH : invalid|AH header (?:but|and) auth type/i,
  ],
  ['advert-not-sent', /^(?:Cant sen[dt] advert|send advert error)/],
  ['script-result', /^Script `(?<script>[^`']*)[`'] now returning (?<result>\d+)/],
  [
    'script-disabled',
    /^Disabling track script (?<script>\S+)|^WARNING - script '(?<path>[^']*)' is not executable/,
  ],
  [
    'script-disabled',
    /^Disabling notify script (?<script>\S+)|^FIFO notify script (?<path>\S+) is not executable|^(?:Cannot find|Permissions failure for) script (?<unfound>\S+) in path|^Unable to access script `(?<unread>[^`']*)/,
  ],
  ['script-result', /^Quorum (?<result>gained|lost) for tracked process (?<script>\S+)/],
  ['script-disabled', /^SECURITY VIOLATION|^Unsafe permissions found for script/],
  ['link-changed', /^(?:Netlink|Linkbeat) reports (?<device>\S+) (?<result>up|down)/],
  ['link-changed', /^Kernel is reporting: interface (?<device>\S+) (?<result>UP|DOWN)/],
  ['link-changed', /^Interface (?<device>\S+) (?<result>added|deleted)/],
  ['addresses-set', /^setting (?:protocol |E-)?(?:Virtual )?(?:E-)?VIPs|^setting protocol/i],
  ['addresses-removed', /^removing (?:protocol |E-)?(?:Virtual )?(?:E-)?VIPs|^removing protocol/i],
  [
    'addresses-announced',
    /^(?:Sending|Sending\/queueing) (?:gratuitous|unsolicited).* on (?<device>\S+) for /i,
  ],
  ['dump-failed', /^Can't open (?:dump file )?\S*keepalived\S*\.(?:data|stats|json)/],
  [
    'config-refused',
    /\bLine (?<configLine>\d+)\)|^Unknown keyword|^Configuration file '.*|^Unable to (?:open|find) config|^Configuration error: |^New config failed validation|^Non-existent interface specified in configuration/,
  ],
  ['reloaded', /^Reload complete/],
  ['reloading', /^Reloading/],
  ['child-died', /child process\(\d+\) died|exited (?:due to (?:segmentation|signal)|with permanent error)/],
  ['started', /^Starting Keepalived|^Startup complete/],
  ['stopping', /^Stopping/],
  ['stopped', /^Stopped/],
];

const numeric: ReadonlySet<string> = new Set(['priority', 'formerPriority', 'ownPriority', 'configLine']);

const stateOf = (word: string): EngineState => {
  const state = EngineState.safeParse(word.toUpperCase());
  return state.success ? state.data : 'UNKNOWN';
};

type Said = Omit<TakeoverLogRecord, 'at' | 'pid' | 'level' | 'program'>;

const saidBy = (tag: string | undefined, name: string | undefined): Partial<Said> => {
  if (name === undefined) return {};
  return tag === 'VRRP_Group'
    ? { group: name }
    : tag === 'VRRP_Script'
      ? { script: name }
      : { instance: name };
};

const read = (text: string): Said => {
  const { tag, name } = speaker.exec(text)?.groups ?? {};
  const by = saidBy(tag, name);
  const words = name === undefined ? text : text.replace(speaker, '');
  if (by.script !== undefined) {
    const result = /^(?:considered )?(succeeded|successful|failed|unsuccessful|timed out)/.exec(words)?.[1];
    return { kind: result === undefined ? 'other' : 'script-result', text, ...by, ...(result && { result }) };
  }
  for (const [kind, pattern] of sentences) {
    const found = pattern.exec(words);
    if (found === null) continue;
    const { state, leaving, because, path, unfound, unread, result, instance, ...others } =
      found.groups ?? {};
    const script = path ?? unfound ?? unread;
    const fields = Object.entries(others).flatMap(([field, value]) =>
      value === undefined ? [] : [[field, numeric.has(field) ? Number(value) : value] as const],
    );
    return {
      kind: kind === 'state-entered' && by.group !== undefined ? 'group-synced' : kind,
      text,
      ...by,
      ...(instance !== undefined && instance !== 'instances' && { instance }),
      ...(state !== undefined && { state: stateOf(state) }),
      ...(leaving !== undefined && { state: 'BACKUP' as const }),
      ...(because !== undefined && { reason: because }),
      ...(script !== undefined && { script }),
      ...(result !== undefined && { result: result.toLowerCase() }),
      ...Object.fromEntries(fields),
    };
  }
  return { kind: 'other', text, ...by };
};

const expected = "a line of keepalived's log: its text behind a date, or behind a syslog or journal prefix";

/**
 * One line of the log, whatever wrote it; undefined where it is empty. Only a line without a date or a known text is
 * unreadable. Another program's line in the same journal is of kind `other`.
 */
export const parseTakeoverLogLine = (line: string): Result<TakeoverLogRecord | undefined, ParseError> => {
  if (line.trim() === '' || isJournalMark(line)) return ok(undefined);
  const { at, pid, program, level, text, isPrefixed } = readLogLine(line);
  const isOwn = program === undefined || /^keepalived/i.test(program);
  const said = isOwn ? read(text) : ({ kind: 'other', text: `${program}: ${text}` } as const);
  if (!isPrefixed && said.kind === 'other' && !('instance' in said && said.instance !== undefined))
    return err(parseError(1, line, expected));
  return ok({
    ...(at !== undefined && { at }),
    ...said,
    ...(level !== undefined && { level }),
    ...(pid !== undefined && { pid }),
    ...(program !== undefined && { program }),
  });
};
