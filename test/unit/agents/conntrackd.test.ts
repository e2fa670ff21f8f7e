import { describe, expect, test } from 'vitest';
import { conntrackd } from '../../../main/agents/sync/conntrackd/index.ts';
import { parseLogLine } from '../../../main/agents/sync/conntrackd/parse-log.ts';
import { parseConntrackdStatistics } from '../../../main/agents/sync/conntrackd/parse-statistics.ts';
import { SyncAgentState } from '../../../shared/domain/replication.ts';
import fc from '../../support/fast-check.ts';
import { fixture } from '../../support/fixture.ts';

const answers = (node: 'master' | 'backup'): string[] =>
  ['general', 'network', 'cache', 'runtime', 'link', 'queue'].map((form) =>
    fixture(`conntrackd/1.4.7/s_${form}_${node}.txt`),
  );

describe('what conntrackd says about itself', () => {
  test('joins into one state, in whatever order the answers come', () => {
    const expected = {
      mode: 'ftfw',
      internal: {
        kind: 'cache',
        counters: { active: 0, total: 0, created: 0, updated: 0, destroyed: 0, failed: 0 },
      },
      external: {
        kind: 'cache',
        counters: { active: 17, total: 17, created: 18, updated: 1, destroyed: 1, failed: 0 },
      },
      channels: [
        {
          transport: 'multicast',
          device: 'eth0',
          status: 'RUNNING',
          active: true,
          bytesSent: 832,
          bytesReceived: 2480,
          packetsSent: 52,
          packetsReceived: 71,
          errorsSent: 0,
          errorsReceived: 0,
        },
      ],
      backlog: { resend: 1, transmit: 0, overflowed: 0 },
      malformed: 0,
      lost: 0,
      before: 0,
      netlinkOverruns: 0,
      uptimeMinutes: 0,
    };
    for (const given of [answers('backup'), answers('backup').reverse(), [answers('backup').join('')]]) {
      const state = conntrackd.parseState(given);
      expect(state).toEqual({ ok: true, value: expected });
      expect(SyncAgentState.safeParse(state.ok && state.value).success).toBe(true);
    }
  });

  test('names caches that are bypassed or injected, and does not invent how many they hold', () => {
    const state = conntrackd.parseState([fixture('conntrackd/1.4.7/s_general_bypass_inject.txt')]);
    expect(state.ok && state.value.internal).toEqual({
      kind: 'bypass',
      counters: { created: 6, updated: 0, destroyed: 0, failed: 0 },
    });
    expect(state.ok && state.value.external.kind).toBe('inject');
    expect(state.ok && state.value.external.counters).not.toHaveProperty('active');
  });

  test('leaves the mode open where neither a resend queue nor the configuration tells it', () => {
    const [general = ''] = answers('master');
    const modes = [conntrackd.parseState([general]), conntrackd.parseState([general], { mode: 'alarm' })].map(
      (state) => state.ok && state.value.mode,
    );
    expect(modes).toEqual(['unknown', 'alarm']);
    const stats = conntrackd.parseState([fixture('conntrackd/1.4.9/s_stats_mode.txt')]);
    expect(stats.ok && stats.value).toMatchObject({ mode: 'stats', external: { kind: 'absent' } });
  });

  test('believes the running daemon where its file was changed since it started', () => {
    const [general = ''] = answers('master');
    const bypass = fixture('conntrackd/1.4.7/s_general_bypass_inject.txt');
    const noResend = 'queue txqueue:\ncurrent elements: 0\nnot enough space errors: 0\n';
    const told = [
      conntrackd.parseState(answers('master'), { mode: 'notrack' }),
      conntrackd.parseState([bypass], { mode: 'ftfw' }),
      conntrackd.parseState([general, noResend], { mode: 'ftfw' }),
      conntrackd.parseState([general, noResend], { mode: 'notrack' }),
    ];
    expect(told.map((state) => state.ok && state.value.mode)).toEqual([
      'ftfw',
      'notrack',
      'unknown',
      'notrack',
    ]);
  });

  test('tells of each TCP connection whether it stands, for the channel in use', () => {
    const [general = ''] = answers('master');
    const counted = '0 Bytes sent 0 Bytes recv\n1 Pckts sent 2 Pckts recv\n0 Error send 0 Error recv\n';
    const tcp = general.replace(
      /multicast traffic \(active device=\S+\):/,
      'TCP traffic (active device=sync0) server=connected client=disconnected:',
    );
    const link = ['sync0 status=RUNNING role=ACTIVE', 'sync1 status=RUNNING role=BACKUP']
      .map((rest) => `TCP traffic device=${rest}:\n${counted}`)
      .join('\n');
    const state = conntrackd.parseState([tcp, link]);
    expect(state.ok && state.value.channels).toMatchObject([
      { transport: 'tcp', device: 'sync0', active: true, receives: true, sends: false },
      { transport: 'tcp', device: 'sync1', active: false },
    ]);
    expect(state.ok && state.value.channels[1]).not.toHaveProperty('receives');
  });

  test('counts what no longer fitted into the queue of messages to resend', () => {
    const state = conntrackd.parseState([
      ...answers('master').slice(0, 5),
      fixture('conntrackd/1.4.7/s_queue_after_bulk_enospc.txt'),
    ]);
    expect(state.ok && state.value.backlog?.overflowed).toBe(537_865);
  });

  test('is no state, and never another figure, wherever its answers break off', () => {
    const [general = '', ...others] = answers('master');
    const whole = conntrackd.parseState([general, ...others]);
    if (!whole.ok) throw new Error('the fixture is a state');
    for (let at = 0; at < general.length - 1; at += 1) {
      const state = conntrackd.parseState([general.slice(0, at), ...others]);
      // what is left may lack the empty line at its end and nothing else
      if (state.ok) expect(state.value).toEqual(whole.value);
    }
    for (const [index, other] of others.entries())
      for (let at = 0; at < other.length; at += 1) {
        const state = conntrackd.parseState([general, ...others.with(index, other.slice(0, at))]);
        if (!state.ok) throw new Error(`without the end of answer ${index + 1} there is no state`);
        for (const [key, value] of Object.entries(state.value))
          if (['backlog', 'before', 'netlinkOverruns', 'uptimeMinutes'].includes(key))
            // of the queues, which are printed one by one, one may be missing
            expect({ [key]: Reflect.get(whole.value, key) }).toMatchObject({ [key]: value });
        for (const channel of state.value.channels) {
          const { bytesSent, packetsReceived } = whole.value.channels[0] ?? {};
          expect(channel).toMatchObject({ bytesSent, packetsReceived });
        }
      }
  });

  test('tells the resend queue also with the colon of old versions', () => {
    const [dump] = parseConntrackdStatistics(
      'resent queue (len=2):\nobject -> seq:17\ncontrol -> seq:18 flags:8\n',
    );
    expect(dump).toEqual({
      ok: true,
      value: { form: 'rsqueue', resendQueue: { length: 2, oldest: 17, newest: 18 } },
    });
  });

  test('without its general form is no state', () => {
    expect(conntrackd.parseState([]).ok).toBe(false);
    expect(conntrackd.parseState(['']).ok).toBe(false);
    expect(conntrackd.parseState(answers('master').slice(1)).ok).toBe(false);
  });

  test('obeys its own law in every dump: active = created − destroyed', () => {
    for (const file of [
      '1.4.7/s_general_master',
      '1.4.7/s_general_backup',
      '1.4.9/s_stats_mode',
      'vyos/s_statistics',
      '0.9.14/s_general',
    ])
      for (const dump of parseConntrackdStatistics(fixture(`conntrackd/${file}.txt`)))
        for (const cache of Object.values((dump.ok && dump.value.caches) || {}))
          if (cache.figures.active !== undefined)
            expect(cache.figures.active).toBe(
              Number(cache.figures.created) - Number(cache.figures.destroyed),
            );
  });

  test('gives the same figures however it is indented, dedented or ended', () => {
    for (const text of answers('master')) {
      const figures = parseConntrackdStatistics(text);
      expect(parseConntrackdStatistics(text.replaceAll('\n', '\r\n'))).toEqual(figures);
      expect(parseConntrackdStatistics(text.replace(/^/gm, '    ').replaceAll('\t', '  '))).toEqual(figures);
      expect(parseConntrackdStatistics(text.replace(/^\s+/gm, ''))).toEqual(figures);
    }
  });

  test('shows a line that it cannot read, and reads on', () => {
    const [general = ''] = answers('master');
    const results = parseConntrackdStatistics(
      general.replace('cache external:', '?? noise ??\ncache external:'),
    );
    expect(results.filter(({ ok }) => ok)).toEqual(parseConntrackdStatistics(general));
    expect(results.find(({ ok }) => !ok)).toMatchObject({ error: { line: 7, text: '?? noise ??' } });
  });

  test('is one object a dump, also where several stand in one file', () => {
    const all = parseConntrackdStatistics([...answers('master'), ...answers('backup')].join(''));
    expect(all.map((dump) => dump.ok && dump.value.form)).toEqual([
      ...['general', 'network', 'cache', 'runtime', 'link', 'queue'],
      ...['general', 'network', 'cache', 'runtime', 'link', 'queue'],
    ]);
  });

  test('never throws, whatever is read', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            ...answers('master')
              .join('')
              .split(/(?<=\s)/),
            '{',
            ':',
            '/',
          ),
        ),
        (pieces) => {
          parseConntrackdStatistics(pieces.join(''));
          conntrackd.parseState([pieces.join('')]);
          conntrackd.parseConfig(pieces.join(''));
        },
      ),
    );
  });
});

describe("conntrackd's log", () => {
  test('tells when a commit began, how many entries it brought and how long it took', () => {
    const records = conntrackd.parseLog(fixture('conntrackd/1.4.7/log_backup_n_c_f.txt'));
    const [began, ended] = ['commit-started', 'commit-finished'].map((kind) =>
      records.find((record) => record.kind === kind),
    );
    expect(records.find(({ kind }) => kind === 'committed')).toMatchObject({
      entries: 460_001,
      level: 'notice',
      pid: 32_701,
    });
    expect(ended?.seconds).toBe(5.402538);
    expect((ended?.at ?? 0) - (began?.at ?? 0)).toBe(5_000);
  });

  test("leaves another program's line in the same journal alone", () => {
    const line = 'Nov 22 15:09:49 fw1 backup[1]: resync requested';
    expect(parseLogLine(line)).toMatchObject({ value: { kind: 'other' } });
    expect(parseLogLine(line.replace('backup', 'conntrack-tools'))).toMatchObject({
      value: { kind: 'bulk-requested' },
    });
  });

  test('gives an error for a line without a date that says nothing known, never an exception', () => {
    expect(parseLogLine('lorem ipsum')).toMatchObject({ ok: false, error: { text: 'lorem ipsum' } });
    expect(parseLogLine('')).toEqual({ ok: true, value: undefined });
    fc.assert(fc.property(fc.string(), (line) => void parseLogLine(line)));
  });
});

describe("conntrackd's configuration", () => {
  const config = (body: string): string =>
    `# Sync {\nSync {\n\tMode ${body}\n}\nGeneral {\n\tLogFile on # default\n\tLockFile /x\n}\n`;

  test('tells the mode, also of an empty block or one that begins on its own line', () => {
    expect(conntrackd.parseConfig(config('FTFW {\n\t}')).mode).toBe('ftfw');
    expect(conntrackd.parseConfig(config('NOTRACK { DisableExternalCache On }'))).toEqual({
      mode: 'notrack',
      logFile: '/var/log/conntrackd.log',
      disableInternalCache: false,
      disableExternalCache: true,
      cacheLimit: 262_144,
      expectationSync: false,
    });
    expect(conntrackd.parseConfig('Stats {\n LogFile on\n}').mode).toBe('stats');
    expect(conntrackd.parseConfig('').mode).toBe('unknown');
  });

  test('tells sizes and times', () => {
    expect(
      conntrackd.parseConfig(
        config('FTFW {\nResendQueueSize 131072\nACKWindowSize 300\nPurgeTimeout 15\nStartupResync yes\n}'),
      ),
    ).toMatchObject({
      resendQueueSize: 131_072,
      ackWindowSize: 300,
      purgeSeconds: 15,
      startupResync: true,
    });
  });
});
