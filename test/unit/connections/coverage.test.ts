import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { config, Pair } from './pair.ts';

let pair: Pair;
beforeEach(() => {
  pair = new Pair();
});
afterEach(() => rmSync(pair.folder, { recursive: true, force: true }));

const all = { cluster: 'edge', filter: '' };

describe('a comparison', () => {
  it('reads the cache of the slave once, between two readings of the master, the second while it comes', async () => {
    await pair.open().compare('edge');
    expect(pair.ran.slice(0, 4)).toEqual([
      'fw1 extended,id,ktimestamp begins',
      'fw1 extended,id,ktimestamp ends',
      'fw2 -e begins',
      'fw1 extended,id,ktimestamp begins',
    ]);
    expect(pair.ran.filter((each) => each === 'fw2 -e begins')).toHaveLength(1);
  });

  it('goes on with text where the quicker reader of the kernel’s table fails, and remembers it', async () => {
    pair.hasPerl = true;
    const coverage = pair.open();
    expect(await coverage.compare('edge')).toBeUndefined();
    expect(pair.ran.filter((each) => /^fw1.*(?:perl|begins)$/.test(each))).toEqual([
      'fw1 perl',
      'fw1 extended,id,ktimestamp begins',
      'fw1 extended,id,ktimestamp begins',
    ]);
    expect((await coverage.report(all)).report?.slaves[0]).toMatchObject({ of: 3, replicated: 3 });
  });

  it('counts everything, and names what is asked for', async () => {
    pair.master = [1, 2, 3, 4, 5];
    const coverage = pair.open();
    expect(await coverage.report(all)).toEqual({});
    expect(await coverage.compare('edge')).toBeUndefined();
    const { report } = await coverage.report({ ...all, limit: 1 });
    expect(report).toMatchObject({ cluster: 'edge', master: 'fw1', refused: [] });
    expect(report?.slaves).toMatchObject([
      {
        node: 'fw2',
        of: 5,
        replicated: 3,
        missing: 2,
        coverage: 0.6,
        missingByReason: { unknown: 2 },
        matched: 2,
      },
    ]);
    expect(report?.slaves[0]?.connections).toHaveLength(1);
    const named = (await coverage.report({ ...all, filter: 'sport == 5' })).report?.slaves[0];
    expect(named).toMatchObject({
      matched: 1,
      missing: 2,
      connections: [{ connection: { original: { sport: 5 } } }],
    });
    expect((await coverage.report({ ...all, reason: 'filtered' })).report?.slaves[0]?.matched).toBe(0);
    expect((await coverage.report({ ...all, class: 'missing' })).report?.slaves[0]?.matched).toBe(2);
    const wrong = await coverage.report({ ...all, filter: 'sport ==' });
    expect(wrong.filterError).toBeDefined();
    expect(wrong.report?.slaves[0]).toMatchObject({ missing: 2, connections: [] });
  });

  it('of a slave into whose kernel everything is injected is with that table, read whole before the master is again', async () => {
    pair.external = 'inject';
    pair.held = [1, 3];
    const coverage = pair.open();
    expect(await coverage.compare('edge')).toBeUndefined();
    expect((await coverage.report(all)).report?.slaves).toMatchObject([{ of: 3, replicated: 2, missing: 1 }]);
    expect(pair.ran.indexOf('fw2 extended,id ends')).toBeLessThan(
      pair.ran.lastIndexOf('fw1 extended,id,ktimestamp begins'),
    );
    expect(await coverage.compare('edge')).toBeUndefined();
  });

  it('is one, whoever asks for it meanwhile', async () => {
    const coverage = pair.open();
    const first = coverage.compare('edge');
    expect((await coverage.report(all)).progress).toMatchObject({ step: 'checking', startedAt: pair.now });
    expect(await Promise.all([first, coverage.compare('edge')])).toEqual([undefined, undefined]);
    expect((await coverage.report(all)).progress).toBeUndefined();
    expect(pair.ran.filter((each) => each === 'fw2 -e begins')).toHaveLength(1);
  });
});

describe('a comparison that is called off', () => {
  it('ends at once, leaves the last report with its rows, and can be asked for again', async () => {
    pair.master = [1, 2, 3, 4];
    const coverage = pair.open();
    await coverage.compare('edge');
    const before = (await coverage.report(all)).report;
    expect(before?.slaves[0]?.connections).toHaveLength(1);
    pair.now += 100_000;
    const again = coverage.compare('edge');
    expect(coverage.cancel('edge')).toBe(true);
    expect(await again).toEqual({ reason: 'The comparison was cancelled.' });
    expect(coverage.cancel('edge')).toBe(false);
    const { report, progress, refusal } = await coverage.report(all);
    expect(report).toEqual(before);
    expect(progress).toBeUndefined();
    expect(refusal).toEqual({ reason: 'The comparison was cancelled.' });
    pair.now += 100_000;
    expect(await coverage.compare('edge')).toBeUndefined();
  });
});

describe('what a helper of the master expects', () => {
  const expected = (helper: string) =>
    `300 proto=6 src=10.1.0.1 dst=10.2.0.1 sport=0 dport=40000 mask-src=255.255.255.255 mask-dst=255.255.255.255 sport=0 dport=65535 master-src=10.1.0.1 master-dst=10.2.0.1 sport=3 dport=21 class=0 helper=${helper}\n`;
  const compared = async (conf: string) => {
    pair.expectations = expected('ftp') + expected('sip');
    pair.conf = conf;
    const coverage = pair.open();
    expect(await coverage.compare('edge')).toBeUndefined();
    return (await coverage.report(all)).report?.slaves[0];
  };
  const helpers = (slave: Awaited<ReturnType<typeof compared>>) =>
    slave?.connections.map(({ class: name, reason, connection }) => [
      name,
      reason,
      connection.extra.helper,
      connection.original.dport,
    ]);

  it('is known to no slave where ExpectationSync does not name the helper', async () => {
    const slave = await compared(
      'Sync {\n  Mode FTFW {\n  }\n  Options {\n    ExpectationSync {\n      ftp\n    }\n  }\n}\n',
    );
    expect(helpers(slave)).toEqual([['not-replicable', 'expectation-not-synced', 'sip', 40_000]]);
    expect(slave).toMatchObject({ of: 4, replicated: 3, notReplicable: 1, missing: 0 });
    expect(slave?.connections[0]?.evidence).toBe(
      `sip expects it, and ExpectationSync in ${config} does not name sip`,
    );
  });

  it('is so without any ExpectationSync, and not with one for all', async () => {
    expect(helpers(await compared('Sync {\n  Mode FTFW {\n  }\n}\n'))).toHaveLength(2);
    pair.now += 100_000;
    const all = await compared('Sync {\n  Mode FTFW {\n  }\n  Options {\n    ExpectationSync On\n  }\n}\n');
    expect(helpers(all)).toEqual([]);
  });
});

describe('the missing', () => {
  it('are summed up by service, by client and by what they carried', async () => {
    pair.master = [1, 2, 3, 4, 5];
    const coverage = pair.open();
    await coverage.compare('edge');
    expect((await coverage.report(all)).report?.slaves[0]?.missingBy).toEqual({
      services: [{ name: 'tcp/443', count: 2 }],
      clients: [{ name: '10.1.0.1', count: 2 }],
    });
  });
});

describe('a comparison is refused', () => {
  const refusal = async () => {
    const coverage = pair.open();
    const why = await coverage.compare('edge');
    expect((await coverage.report(all)).refusal).toEqual(why);
    return why?.reason;
  };

  it('on a slave with one processor', async () => {
    pair.processors = '0\n';
    expect(await refusal()).toMatch(/^fw2: it has one processor/);
    expect(pair.ran).toEqual([]);
  });

  it("on a slave with less memory left than twice the daemon's", async () => {
    pair.available = 1_199_999;
    expect(await refusal()).toBe(
      "fw2: it has 1171 MiB of memory left, and a dump of the cache needs twice the daemon's, 1172 MiB.",
    );
    pair.available = 1_200_000;
    expect(await refusal()).toBeUndefined();
  });

  it('where that cannot be told', async () => {
    pair.processors = '';
    expect(await refusal()).toMatch(/cannot be read/);
  });

  it('for a minute after the last one, by any process, and not for ever by a clock that was set back', async () => {
    expect(await pair.open().compare('edge')).toBeUndefined();
    pair.now += 59_000;
    const after = await pair.open().compare('edge');
    expect(after).toEqual({ reason: expect.stringMatching(/once a minute/), retryAt: 1_060_000 });
    pair.now = 1_060_000;
    expect(await pair.open().compare('edge')).toBeUndefined();
    pair.now -= 3_600_000;
    expect(await pair.open().compare('edge')).toBeUndefined();
  });

  it('keeps to the minute where nothing can be written, and reads a broken file as none', async () => {
    writeFileSync(join(pair.folder, 'cache-dumps.json'), '{"fw2:22": 10');
    expect(await pair.open().compare('edge')).toBeUndefined();
    rmSync(pair.folder, { recursive: true });
    writeFileSync(pair.folder, '');
    const coverage = pair.open();
    expect(await coverage.compare('edge')).toBeUndefined();
    expect(await coverage.compare('edge')).toMatchObject({ reason: expect.stringMatching(/once a minute/) });
  });

  it('with what the dump says, and leaves the last report', async () => {
    const coverage = pair.open();
    await coverage.compare('edge');
    const before = (await coverage.report(all)).report;
    pair.slaveDump = 'refused';
    pair.now += 100_000;
    expect(await coverage.compare('edge')).toMatchObject({ reason: expect.stringMatching(/^fw2: .*sudo/) });
    expect((await coverage.report(all)).report).toEqual(before);
  });

  it('where there is no such cluster', async () => {
    expect(await pair.open().compare('nowhere')).toEqual({ reason: 'There is no cluster nowhere.' });
  });
});
