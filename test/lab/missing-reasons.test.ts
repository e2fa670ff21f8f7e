/**
 * 200 flows, of which 37 are kept from the slave in five ways, while 50 others a second come and go: the comparison names
 * those 37, each with the reason that is true of it.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConnectionRow } from '../../shared/domain/connection-query.ts';
import { conntrackdFile } from './conntrackd-conf.ts';
import { command, compare, inRanges, insert } from './coverage-command.ts';
import { type Lab, up } from './lab.ts';
import { server } from './plan.ts';
import { startService, stopService } from './services.ts';
import { until } from './shell.ts';
import { enter, startProcess } from './spaces.ts';

const folder = mkdtempSync(join(tmpdir(), 'handover-reasons-'));
const from = {
  replicated: '10.60.0.1',
  address: '10.61.0.1',
  protocol: '10.62.0.1',
  older: '10.63.0.1',
  lost: '10.64.0.1',
} as const;
const controlPort = 21;
const sctp = 'sctp --state ESTABLISHED --orig-vtag 1 --reply-vtag 1';

let lab: Lab;

beforeAll(async () => {
  // what is lost in NOTRACK is never sent again
  lab = await up({ mode: 'notrack' });
}, 700_000);

afterAll(async () => {
  await lab?.down();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const must = async (where: string, argv: readonly string[], input?: string): Promise<string> => {
  const { code, stdout, stderr } = await lab.exec(where, argv, input === undefined ? {} : { input });
  if (code !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
  return stdout;
};

/** What is still there when the daemon begins, and began a minute before it, without a listener to be told. */
async function olderThanTheDaemon(): Promise<void> {
  await must('fw1', ['sysctl', '-w', 'net.netfilter.nf_conntrack_events=2']);
  for (const node of ['fw1', 'fw2']) {
    await must(node, ['sed', '-i', `/Address Ignore/a IPv4_address ${from.address}`, conntrackdFile]);
    await stopService(node, 'agent');
  }
  await startService('fw2', 'agent');
  await insert(lab, from.older, 1, 8);
  const ages = async () => {
    const table = await must('fw1', ['conntrack', '-L', '-s', from.older, '-o', 'ktimestamp']);
    return [...table.matchAll(/delta-time=(\d+)/g)].map(([, age]) => Number(age));
  };
  const old = async () => ((await ages()).filter((age) => age > 60).length === 8 ? true : undefined);
  await until('eight flows that are a minute old', old, 90_000, 500);
  await startService('fw1', 'agent');
}

/** What the slave's cache has from one address. */
const heldBySlave = async (src: string): Promise<number> =>
  (await must('fw2', ['conntrackd', '-C', conntrackdFile, '-e'])).split(`src=${src} `).length - 1;

/** Three sessions of FTP over the cluster that have announced a data connection each. */
async function expectThree(): Promise<void> {
  const rules = `table inet helpers {
    ct helper ftp { type "ftp" protocol tcp; }
    chain pre { type filter hook prerouting priority -150; iifname "lan0" tcp dport ${controlPort} ct helper set "ftp"; }
  }\n`;
  await must('fw1', ['nft', '-f', '-'], rules);
  const run = (where: string, purpose: string, script: string) =>
    startProcess(purpose, [...enter(where, 'network'), process.execPath, '--eval', script]);
  run(
    'server',
    'ftp-server',
    `require('node:net').createServer((s) => s.on('data', () => s.write('220 yes\\r\\n'))).listen(${controlPort})`,
  );
  for (const port of [1, 2, 3])
    run(
      'client',
      `ftp-client-${port}`,
      `const { connect } = require('node:net');
      const open = () => connect(${controlPort}, '${server.address}')
        .once('connect', function () { this.write('USER me\\r\\n'); })
        .once('data', function () { this.write('PORT 10,77,1,10,100,${port}\\r\\n'); })
        .once('error', () => setTimeout(open, 100));
      open();`,
    );
  await until(
    'three expectations',
    async () =>
      (await must('fw1', ['conntrack', '-L', 'expect'])).split('helper=ftp').length === 4 ? true : undefined,
    20_000,
  );
}

test('names the 37 that five ways keep from the slave, and nothing of the traffic around them', async () => {
  await olderThanTheDaemon();
  await insert(lab, from.replicated, 1, 160);
  await insert(lab, from.address, 1, 10);
  await insert(lab, from.protocol, 1, 7, sctp);
  await until(
    '160 replicas',
    async () => ((await heldBySlave(from.replicated)) === 160 ? true : undefined),
    20_000,
  );
  await lab.fault('sync-link', true);
  await insert(lab, from.lost, 1, 9);
  await lab.fault('sync-link', false);
  await expectThree();
  await lab.traffic.start({ churn: 50 });

  const { connections, missingByReason } = await compare(lab, folder);
  await lab.traffic.stop();

  const lacked = connections
    .filter((each) => ['missing', 'stale', 'not-replicable'].includes(each.class))
    // a firewall's own multicast is of no protocol that the filter accepts
    .filter(({ connection }) => connection.protocol !== 'unknown');
  const ours = (src: string) => lacked.filter(({ connection }) => connection.original.src === src);
  const told = Object.fromEntries(
    [...Object.values(from), server.address].map((src) => {
      const rows = ours(src);
      return [
        src,
        {
          ports: inRanges(rows.map(({ connection }) => connection.original.sport ?? 0)),
          reasons: [...new Set(rows.map(({ class: name, reason }) => `${name}: ${reason}`))],
          evidence: [...new Set(rows.map(({ evidence }) => evidence?.replace(/\d+ s old/, 'N s old')))],
        },
      ];
    }),
  );
  expect(told).toEqual({
    [from.replicated]: { ports: '', reasons: [], evidence: [] },
    [from.address]: {
      ports: '1-10',
      reasons: ['missing: filtered'],
      evidence: [expect.stringMatching(/conntrackd\.conf:\d+ Address Ignore 10\.61\.0\.1$/)],
    },
    [from.protocol]: {
      ports: '1-7',
      reasons: ['missing: filtered'],
      evidence: [expect.stringMatching(/conntrackd\.conf:\d+ Protocol Accept does not name sctp$/)],
    },
    [from.older]: {
      ports: '1-8',
      reasons: ['missing: older-than-agent'],
      evidence: ['it is N s old, older than the daemon of fw1, and nf_conntrack_events is 2'],
    },
    [from.lost]: {
      ports: '1-9',
      reasons: ['missing: event-lost'],
      evidence: [expect.stringMatching(/^fw2 counts \d+ lost messages, and in NOTRACK none is sent again$/)],
    },
    [server.address]: {
      ports: '0-0 0-0 0-0',
      reasons: ['not-replicable: expectation-not-synced'],
      evidence: ['ftp expects it, and /etc/conntrackd/conntrackd.conf has no ExpectationSync'],
    },
  });
  expect(
    ours(server.address)
      .map(({ connection }) => connection.original.dport)
      .toSorted(),
  ).toEqual([25_601, 25_602, 25_603]);
  expect(lacked).toHaveLength(37);
  expect(missingByReason).toMatchObject({ 'older-than-agent': 8, 'event-lost': 9 });
}, 240_000);

test('finds them in the table too, by what the slave holds', async () => {
  const words = ['connections', '--cluster', 'lab', '--inventory', lab.inventory.ops, '--json'];
  const listed = async (filter: string) => {
    const env = { ...process.env, XDG_STATE_HOME: mkdtempSync(join(folder, 'state-')) };
    const { stdout } = await promisify(execFile)(process.execPath, [command, ...words, '--filter', filter], {
      env,
    });
    const rows = stdout
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as ConnectionRow]));
    return inRanges(rows.map(({ original }) => original.sport ?? 0));
  };
  expect(await listed(`missing on fw2 and src == ${from.older}`)).toBe('1-8');
  expect(await listed(`not replicated on fw2 and src == ${from.replicated}`)).toBe('');
  // one that the kernel is asked for alone
  expect(await listed(`src == ${from.replicated} and sport == 7 and not dport == 443`)).toBe('7-7');
  expect(await listed(`replicated on fw2 and src == ${from.replicated}`)).toBe('1-160');
}, 60_000);
