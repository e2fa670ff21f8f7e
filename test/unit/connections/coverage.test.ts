import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../../../main/agents/command.ts';
import { conntrackd } from '../../../main/agents/sync/conntrackd/index.ts';
import { conntrack } from '../../../main/agents/table/conntrack/index.ts';
import { cachePace } from '../../../main/connections/cache-pace.ts';
import { openCoverage } from '../../../main/connections/coverage/coverage.ts';
import { dumpTurns } from '../../../main/connections/dump-turns.ts';
import type { NodeRunner } from '../../../main/probe/node-runner.ts';
import type { NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import { agent, Story } from '../domain/build.ts';

const config = '/etc/conntrackd/conntrackd.conf';
const perl = '/usr/bin/perl';
const text = (flows: readonly number[], print: (port: number) => string) =>
  flows.map((port) => `${print(port)}\n`).join('');
const kernel = (port: number) =>
  `ipv4 2 tcp 6 600 ESTABLISHED src=10.1.0.1 dst=10.2.0.1 sport=${port} dport=443 src=10.2.0.1 dst=10.1.0.1 sport=443 dport=${port} [ASSURED] mark=0 use=1 id=${port}`;
const cached = (port: number) =>
  `tcp 6 ESTABLISHED src=10.1.0.1 dst=10.2.0.1 sport=${port} dport=443 [ASSURED] [active since 90s]`;

/** Two nodes and what their commands print; `ran` is every dump in its order, with its beginning and its end. */
class Pair {
  readonly ran: string[] = [];
  master: readonly number[] = [1, 2, 3];
  held: readonly number[] = [1, 2, 3];
  processors = '0-1\n';
  available = 4_000_000;
  slaveDump: 'good' | 'refused' = 'good';
  external: 'cache' | 'inject' = 'cache';
  /** What `conntrack -L expect` of the master prints, and its conntrackd.conf. */
  expectations = '';
  conf = '';
  /** Whether the nodes have a perl, which fails: a kernel's own dump it never brings. */
  hasPerl = false;
  now = 1_000_000;
  folder = mkdtempSync(join(tmpdir(), 'handover-coverage-'));

  readonly runner = (node: string): NodeRunner => ({
    node,
    privileged: true,
    line: ({ argv }) => argv.join(' '),
    lane: () => undefined,
    exec: async () => err({ kind: 'unreachable', message: 'not asked for here' }),
    poll: async (command) =>
      ok({ ...this.#printed(command), stderr: '', exitCode: 0, sentAt: 0, endedAt: 0 }),
    stream: async ({ argv }, onChunk) => {
      if (argv[0] === perl) {
        this.ran.push(`${node} perl`);
        return ok({ stderr: 'conntrack-dump: cannot ask the kernel\n', exitCode: 1 });
      }
      const name = `${node} ${argv.at(-1)}`;
      this.ran.push(`${name} begins`);
      await Promise.resolve();
      const isCache = argv.at(-1) === '-e';
      const flows = node === 'fw1' ? this.master : this.held;
      if (isCache && this.slaveDump === 'refused')
        return ok({ stderr: 'sudo: a password is required\n', exitCode: 1 });
      onChunk(new TextEncoder().encode(text(flows, isCache ? cached : kernel)));
      await setImmediate();
      this.ran.push(`${name} ends`);
      return ok({ stderr: '', exitCode: 0 });
    },
  });

  #printed({ argv }: Command): { stdout: string } {
    const files: Readonly<Record<string, string>> = {
      '/sys/devices/system/cpu/online': this.processors,
      '/proc/meminfo': `MemAvailable: ${this.available} kB\n`,
      '/proc/71/status': 'Name:\tconntrackd\nVmRSS:\t 600000 kB\n',
      conntrackd: '71\n',
      expect: this.expectations,
      [config]: this.conf,
    };
    if (argv[0].endsWith('/stat') && this.hasPerl) return { stdout: `${perl}\t755\tregular file\n` };
    return { stdout: files[argv.at(-1) ?? ''] ?? '' };
  }

  #node(node: NodeSnapshot): NodeSnapshot {
    const { agent: read } = node.readings;
    if (node.name !== 'fw2' || !read?.ok) return node;
    const value = { ...read.value, external: { ...read.value.external, kind: this.external } };
    return { ...node, readings: { ...node.readings, agent: { ...read, value } } };
  }

  readonly open = () => {
    const story = new Story('fw1', 'fw2');
    const snapshot = story.seconds(8, (second) => ({
      fw1: { state: 'MASTER', holds: true, agent: agent({ internal: 3, received: second }) },
      fw2: { state: 'BACKUP', holds: false, agent: agent({ external: 3, received: second }), hears: 'fw1' },
    }));
    const source = {
      snapshot: () => ({ ...snapshot, nodes: snapshot.nodes.map((node) => this.#node(node)) }),
      runner: this.runner,
      address: (node: string) => `${node}:22`,
      table: conntrack,
      sync: conntrackd,
      config,
    };
    const clock = () => this.now;
    const tools = { turns: dumpTurns(), pace: cachePace(this.folder, clock), clock, settleMs: 1 };
    return openCoverage((cluster) => (cluster === 'edge' ? source : undefined), tools);
  };
}

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
