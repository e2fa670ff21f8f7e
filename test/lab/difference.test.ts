/**
 * That the difference of two real nodes is read as it is: entries that were put into one table only, or into both but not
 * alike, are named exactly, between kernel tables and between caches.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { differenceJson } from '../../shared/domain/difference-report.ts';
import { command, inRanges } from './coverage-command.ts';
import { type Lab, up } from './lab.ts';
import { until } from './shell.ts';

type Told = ReturnType<typeof differenceJson>;

const folder = mkdtempSync(join(tmpdir(), 'handover-difference-'));
const src = '10.69.0.1';
const unheard = '10.69.0.2';

let lab: Lab;
beforeAll(async () => {
  // a purge, minutes after the start, would empty the slave's table of what is put into it
  lab = await up({ purgeSeconds: 3_600 });
  await lab.untilInStep();
}, 700_000);
afterAll(async () => {
  await lab?.down();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

let runs = 0;
/** What the command says; each is a Handover of its own, which knows nothing of what another one read. */
function difference(of: string, against: string, inventory: string = lab.inventory.root) {
  runs += 1;
  const words = [command, 'difference', '--cluster', 'lab', '--of', of, '--against', against, '--json'];
  const env = { ...process.env, XDG_STATE_HOME: join(folder, `state-${runs}`) };
  return new Promise<{ code: unknown; told: Told | undefined; said: string }>((resolve) =>
    execFile(
      process.execPath,
      [...words, '--inventory', inventory],
      { env, maxBuffer: 64 * 2 ** 20 },
      (error, stdout, said) =>
        resolve({
          code: error ? error.code : 0,
          told: stdout === '' ? undefined : (JSON.parse(stdout) as Told),
          said,
        }),
    ),
  );
}

interface Entry {
  readonly state?: string;
  readonly status?: string;
  readonly mark?: number;
  readonly answersTo?: string;
}

/** Puts entries of these source ports into a node's kernel table. */
async function insert(node: string, from: string, ports: readonly number[], entry: Entry = {}) {
  const { state = 'ESTABLISHED', status = 'SEEN_REPLY,ASSURED', mark = 0, answersTo = from } = entry;
  const lines = ports.map(
    (port) =>
      `-A -p tcp --state ${state} -u ${status} -m ${mark} -s ${from} -d 10.77.2.10 -r 10.77.2.10 -q ${answersTo} --sport ${port} --dport 80 --reply-port-src 80 --reply-port-dst ${port} -t 600\n`,
  );
  const { code, stderr } = await lab.exec(node, ['sh', '-c', 'cat | conntrack -R -'], {
    input: lines.join(''),
  });
  if (code !== 0) throw new Error(stderr);
}

/** How old (whole seconds) the kernel says that our entry of this source port is. */
async function ageOn(node: string, port: number): Promise<number> {
  const named = ['-s', src, '-p', 'tcp', '--sport', String(port)];
  const { stdout } = await lab.exec(node, ['conntrack', '-L', '-o', 'ktimestamp', ...named]);
  return Number(/ delta-time=(\d+)/.exec(stdout)?.[1]);
}

const from = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** The source ports of each class, of what was put there; the nodes' own connections are none of it. */
const ours = ({ told, said }: Awaited<ReturnType<typeof difference>>, address: string) => {
  if (!told) throw new Error(said);
  const rows = told.connections.filter(({ connection }) => connection.original.src === address);
  const ports = (name: string) =>
    inRanges(rows.filter((row) => row.class === name).map((row) => row.connection.original.sport ?? 0));
  return {
    onlyOf: ports('only-of'),
    onlyAgainst: ports('only-against'),
    different: rows
      .filter((row) => row.class === 'different')
      .toSorted((a, b) => (a.connection.original.sport ?? 0) - (b.connection.original.sport ?? 0))
      .map((row) => [row.connection.original.sport, row.differs]),
  };
};

describe('the difference', () => {
  test('of two kernel tables names what either has alone, and in what the others differ', async () => {
    await insert('fw1', src, from(1, 40));
    await insert('fw2', src, [...from(1, 26), ...from(41, 45)]);
    await insert('fw2', src, [27], { state: 'SYN_RECV' });
    await insert('fw2', src, [28], { status: 'SEEN_REPLY' });
    await insert('fw2', src, [29], { mark: 9 });
    await insert('fw2', src, [30], { answersTo: '198.51.100.7' });
    // what is younger than the readings take may have come meanwhile, and is told as no difference
    await until(
      'entries old enough to be told',
      async () => ((await ageOn('fw2', 45)) >= 4 ? true : undefined),
      20_000,
    );
    const found = await difference('fw1', 'fw2:kernel');
    expect(ours(found, src)).toEqual({
      onlyOf: '31-40',
      onlyAgainst: '41-45',
      different: [
        [27, [{ name: 'state', of: 'ESTABLISHED', against: 'SYN_RECV' }]],
        [28, [{ name: 'assured', of: 'yes', against: 'no' }]],
        [29, [{ name: 'mark', of: '0', against: '9' }]],
        [30, [{ name: 'nat', of: 'none', against: 'source 198.51.100.7:30' }]],
      ],
    });
    expect(found.code).toBe(1);
    const { told } = found;
    expect(told).toMatchObject({ cluster: 'lab', of: { node: 'fw1' }, against: { node: 'fw2' } });
    expect(told?.same).toBeGreaterThanOrEqual(26);
    expect(told?.connections).toHaveLength(
      (told?.onlyOf ?? 0) + (told?.onlyAgainst ?? 0) + (told?.different ?? 0),
    );
  });

  test('of what the master sends and what the slave holds is nothing while they are in step', async () => {
    await lab.untilInStep();
    const found = await difference('fw1:internal', 'fw2:external');
    expect(ours(found, src)).toEqual({ onlyOf: '', onlyAgainst: '', different: [] });
    expect(found.told?.same).toBeGreaterThanOrEqual(40);
    expect(found.said).toContain('is read only once');
  });

  test('of a kernel table and a cache names what a cut link kept, from whichever side it is asked', async () => {
    await lab.fault('sync-link', true);
    await insert('fw1', unheard, from(1, 7));
    const kept = { onlyOf: '1-7', onlyAgainst: '', different: [] };
    expect(ours(await difference('fw1', 'fw2:external'), unheard)).toEqual(kept);
    const turned = await difference('fw2:external', 'fw1');
    expect(ours(turned, unheard)).toEqual({ ...kept, onlyOf: '', onlyAgainst: '1-7' });
    expect(ours(turned, src)).toEqual({ onlyOf: '', onlyAgainst: '', different: [] });
  });

  test('is refused with the reason where a table may not be read, and nothing is told', async () => {
    const found = await difference('fw1', 'fw2', lab.inventory.viewer);
    expect(found).toMatchObject({ code: 2, told: undefined });
    expect(found.said).toMatch(/^handover difference: fw[12]: /);
  });
});
