import { describe, expect, test } from 'vitest';
import { keepalived } from '../../../main/agents/takeover/keepalived/index.ts';
import { TakeoverState } from '../../../shared/domain/takeover.ts';
import fc from '../../support/fast-check.ts';
import { fixture } from '../../support/fixture.ts';
import { printOf } from '../../support/parse-command.ts';

const json = fixture('keepalived/2.2.7/steady_node2.json');
const data = fixture('keepalived/2.2.7/steady_node2.data');

describe('what keepalived says about itself', () => {
  test('joins both forms: the full one adds sync group, source address, master and track files', () => {
    const state = keepalived.parseState({ json, data });
    expect(state.ok && TakeoverState.safeParse(state.value).success).toBe(true);
    expect(state.ok && state.value.instances[0]).toEqual({
      name: 'VI_1',
      vrid: 51,
      interface: 'eth0',
      state: 'BACKUP',
      wantState: 'BACKUP',
      basePriority: 100,
      effectivePriority: 100,
      addresses: ['10.99.0.100'],
      lastTransition: 1_795_360_269_681,
      nopreempt: true,
      masterRouter: '10.99.0.1',
      masterPriority: 150,
      advertsReceived: 8,
      advertsSent: 0,
      advertIntervalSeconds: 1,
      syncGroup: 'G1',
      sourceAddress: '10.99.0.2',
    });
    expect(state.ok && state.value.trackFiles).toEqual([
      {
        name: 'maint',
        file: '/run/lab/ka2/maint',
        weight: 1,
        status: 0,
        trackedBy: [{ name: 'VI_1', weight: 0 }],
      },
    ]);
  });

  test('takes the state from the JSON and never names a master beside an instance that is one', () => {
    const promoted = json.replaceAll('"state":1', '"state":2');
    const state = keepalived.parseState({ json: promoted, data });
    expect(state.ok && state.value.instances.map((instance) => instance.state)).toEqual(['MASTER', 'MASTER']);
    expect(state.ok && state.value.instances[0]).not.toHaveProperty('masterRouter');
    expect(state.ok && state.value.instances[0]).not.toHaveProperty('masterPriority');
  });

  test('stands on one form where the other cannot be read', () => {
    const [onlyJson, onlyData] = [keepalived.parseState({ json }), keepalived.parseState({ data })];
    expect(onlyJson.ok && onlyJson.value.instances).toHaveLength(2);
    expect(onlyJson.ok && onlyJson.value).not.toHaveProperty('trackFiles');
    expect(keepalived.parseState({ json: json.slice(0, 500), data })).toEqual(onlyData);
    expect(keepalived.parseState({ json, data: data.slice(0, 3_600) })).toEqual(onlyJson);
    expect(keepalived.parseState({}).ok).toBe(false);
  });

  test('half-written, in any form and cut anywhere, is an error or says nothing of what was cut off', () => {
    for (let end = 1; end < json.trimEnd().length; end += 7)
      expect(keepalived.parseState({ json: json.slice(0, end) }).ok).toBe(false);
    const whole = keepalived.parseState({ data });
    const instances = whole.ok ? whole.value.instances : [];
    for (let end = 1; end < data.length; end += 7) {
      const state = keepalived.parseState({ data: data.slice(0, end) });
      if (!state.ok) continue;
      for (const instance of state.value.instances)
        expect(instances.map(({ addresses }) => addresses)).toContainEqual(instance.addresses);
      if (state.value.trackFiles === undefined) continue;
      expect(state.value.instances).toEqual(instances);
    }
  });

  test('names the followers of a track file, instances and sync groups, each with its weight', () => {
    const state = keepalived.parseState({ data: fixture('keepalived/2.2.7/group_handover.data') });
    expect(state.ok && state.value.trackFiles?.[0]).toEqual({
      name: 'handover',
      file: '/var/tmp/ho',
      weight: 1,
      status: -100,
      trackedBy: [
        { name: 'LAN', weight: 1 },
        { name: 'WAN', weight: 1 },
        { name: 'FW', weight: 1 },
      ],
    });
    expect(state.ok && state.value.instances.map(({ effectivePriority }) => effectivePriority)).toEqual([
      50, 50,
    ]);
  });

  test('is taken from a list and from an object with a list alike', () => {
    expect(keepalived.parseState({ json: `{"vrrp":${json}}` })).toEqual(keepalived.parseState({ json }));
  });

  test('is never a reason to throw', () => {
    const pieces = fc.array(fc.constantFrom(...data.split(/(?<=\n)/), '------< X >------\n', ' = \n', ':\n'));
    fc.assert(
      fc.property(pieces, fc.oneof(fc.json(), fc.string()), (lines, text) => {
        keepalived.parseState({ data: lines.join('') });
        keepalived.parseState({ json: text, data: text });
      }),
    );
  });
});

test('a real-time signal is meant for the installed program alone', () => {
  expect(keepalived.isInstalledProgram('/usr/sbin/keepalived\n')).toBe(true);
  for (const other of ['/usr/sbin/keepalived (deleted)\n', '/opt/keepalived\n', '', '/usr/sbin/keepalived2'])
    expect(keepalived.isInstalledProgram(other)).toBe(false);
});

test('a dump is known by its time and size, a process and a signal by their number', () => {
  expect(keepalived.parseDumpStamp('2026-11-22 15:11:13.124742000 +0000 1947\n')).toEqual({
    ok: true,
    value: { modified: '2026-11-22 15:11:13.124742000 +0000', bytes: 1947 },
  });
  expect(keepalived.parsePid(' 811\n')).toEqual({ ok: true, value: 811 });
  expect(keepalived.parseSignalNumber('36\n')).toEqual({ ok: true, value: 36 });
  for (const wrong of ['', '0', '-1', 'x', '1 2']) expect(keepalived.parsePid(wrong).ok).toBe(false);
});

test('who may write a lever file and its folder is read from both lines of stat', () => {
  expect(keepalived.parseLeverOwners('root root 644 regular file\nroot root 755 directory\n')).toEqual({
    ok: true,
    value: [
      { user: 'root', group: 'root', mode: '644', type: 'regular file' },
      { user: 'root', group: 'root', mode: '755', type: 'directory' },
    ],
  });
  expect(keepalived.parseLeverOwners('stat: cannot statx').ok).toBe(false);
});

describe("a broken instance in keepalived's JSON", () => {
  const entries: { data: Record<string, unknown> }[] = JSON.parse(json);
  const [first] = entries;
  const other = { ...first, data: { ...first?.data, iname: 'VI_OTHER' } };
  const broken = {
    ...first,
    data: { ...first?.data, iname: 'VI_BROKEN', state: 'secret1', auth_data: 'secret1' },
  };

  test('is named, and costs none of the others', async () => {
    const { stdout, status } = await printOf(['keepalived-json'], JSON.stringify([first, broken, other]));
    const [error, dump] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(error.error.text).toContain('VI_BROKEN');
    expect(error.error.expected).toContain('data.state');
    expect(dump.instances.map(({ name }: { name: string }) => name)).toEqual([first?.data.iname, 'VI_OTHER']);
    expect(stdout).not.toContain('secret1');
    expect(status).toBe(1);
  });

  test('is named by its place where it has no name', async () => {
    const { stdout } = await printOf(['keepalived-json'], JSON.stringify({ vrrp: [first, 7, other] }));
    expect(stdout).toContain('VRRP instance 2 of 3');
    expect(stdout).toContain('VI_OTHER');
  });

  test('leaves the state of its node unknown, unless the other form of the dump tells it', () => {
    const text = JSON.stringify([first, broken]);
    expect(keepalived.parseState({ json: text }).ok).toBe(false);
    expect(keepalived.parseState({ json: text, data })).toEqual(keepalived.parseState({ data }));
  });

  test('and several dumps in one file are read each, with what stands between them told', async () => {
    const pretty = JSON.stringify(entries, undefined, 2);
    const { stdout } = await printOf(
      ['keepalived-json'],
      `root@fw1:~# cat /tmp/keepalived.json\r\n${pretty}\n[{"data":{"iname":"VI_1","auth_data":"secr\n${pretty}\n`,
    );
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map((line) => ('error' in line ? line.error.line : 'dump'))).toEqual([
      1,
      'dump',
      2 + pretty.split('\n').length,
      'dump',
    ]);
    expect(stdout).not.toContain('secr');
  });
});
