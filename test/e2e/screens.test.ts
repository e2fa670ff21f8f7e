import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LaunchedChromium, launchChromium } from './chromium-launch.ts';
import { type ServedConsole, serveConsolePage } from './console-page/build.ts';
import { scenes } from './console-page/scenes.ts';

/** Every screen in every state, in a real browser, under a policy as strict as the product's. */
let served: ServedConsole;
let chromium: LaunchedChromium;
let page: Page;
let axe: string;
/** What the page complained about: policy violations, errors, warnings of React. */
let complaints: string[];

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  served = await serveConsolePage();
  chromium = await launchChromium();
  page = chromium.page;
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
});

afterAll(async () => {
  await chromium.close();
  await served.close();
});

const open = async (scene: string, hash: string, colorScheme: 'light' | 'dark' = 'light') => {
  complaints = [];
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.goto('about:blank');
  await page.goto(`${served.origin}/?scene=${scene}${hash}`);
  await page.locator('main > *').first().waitFor();
};

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** What axe finds, one line each; nothing is what we want. */
async function findings(): Promise<string[]> {
  await page.evaluate(axe);
  const result: AxeResult = await page.evaluate('axe.run(document)');
  return result.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** The first cluster of a scene, as its address. */
const clusterHash = (scene: string, rest = '') => {
  const [cluster] = scenes[scene]?.clusters(Date.now()) ?? [];
  return `#/cluster/${encodeURIComponent(cluster?.name ?? '')}${rest}`;
};

const withCluster = Object.keys(scenes).filter((scene) => scenes[scene]?.clusters(0).length);
const screens: [scene: string, hash: string][] = [
  ['fleet', '#/'],
  ['empty', '#/'],
  ['broken-inventory', '#/'],
  ['disconnected', '#/'],
  ['healthy', '#/add'],
  ['healthy', '#/cluster/edge/timeline'],
  ['alerts', '#/alerts'],
  ['healthy', '#/alerts'],
  ...withCluster.map((scene): [string, string] => [scene, clusterHash(scene)]),
  ...withCluster
    .filter((scene) => scenes[scene]?.table)
    .map((scene): [string, string] => [scene, clusterHash(scene, '/connections')]),
  ...withCluster
    .filter((scene) => scenes[scene]?.timeline)
    .map((scene): [string, string] => [scene, clusterHash(scene, '/timeline')]),
  ...withCluster
    .filter((scene) => scenes[scene]?.coverage)
    .map((scene): [string, string] => [scene, clusterHash(scene, '/coverage')]),
  ...['held-down', 'running', 'done', 'failed'].map((scene): [string, string] => [
    scene,
    clusterHash(scene, '/failover'),
  ]),
  ...['healthy', 'warned', 'refused', 'unknown'].map((scene): [string, string] => [
    scene,
    clusterHash(scene, '/failover/fw2'),
  ]),
];

const looks = async (scene: string, hash: string, colorScheme: 'light' | 'dark') => {
  await open(scene, hash, colorScheme);
  expect(await findings()).toEqual([]);
  expect(complaints).toEqual([]);
};

/** One of each kind of screen, each tone among them: what differs between themes and sizes shows on these. */
const typical = screens.filter(([scene, hash]) =>
  [
    'fleet #/',
    'empty #/',
    'broken-inventory #/',
    'healthy #/add',
    'alerts #/alerts',
    'three-nodes #/cluster/core',
    'degraded #/cluster/edge',
    'not-ready #/cluster/edge',
    'traps #/cluster/edge',
    'stalled #/cluster/edge',
    'split-brain #/cluster/edge',
    'unreachable #/cluster/edge',
    'disconnected #/cluster/edge',
    'unreachable #/cluster/edge/connections',
    'demo #/cluster/demo/connections',
    'three-nodes #/cluster/core/coverage',
    'comparing #/cluster/edge/coverage',
    'healthy #/cluster/edge/timeline',
    'logs-refused #/cluster/edge/timeline',
    'warned #/cluster/edge/failover/fw2',
    'refused #/cluster/edge/failover/fw2',
    'running #/cluster/edge/failover',
    'done #/cluster/edge/failover',
    `long-names ${clusterHash('long-names')}`,
  ].includes(`${scene} ${hash}`),
);

describe('is accessible and breaks no policy', () => {
  it.each(screens)('%s at %s, light', (scene, hash) => looks(scene, hash, 'light'));
  it.each(typical)('%s at %s, dark', (scene, hash) => looks(scene, hash, 'dark'));
});

const noSidewaysScroll = () =>
  page.evaluate(() => {
    const main = document.querySelector('main');
    const fits = (element: Element | null) => !element || element.scrollWidth <= element.clientWidth;
    return fits(document.documentElement) && fits(main);
  });

it.each([
  ['a narrow window', 900, 700],
  ['zoom 200 % on a small screen', 640, 400],
])('%s shows every screen without scrolling sideways', async (_name, width, height) => {
  await page.setViewportSize({ width, height });
  for (const [scene, hash] of typical) {
    await open(scene, hash);
    expect.soft(await noSidewaysScroll(), `${scene} ${hash}`).toBe(true);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
});

describe('what an operator sees', () => {
  it('cannot miss a split brain or a missing master', async () => {
    await open('split-brain', '#/cluster/edge');
    await expect.poll(() => page.locator('svg .alarm').textContent()).toBe('SPLIT BRAIN');
    await open('no-master', '#/cluster/edge');
    await expect.poll(() => page.locator('svg .alarm').textContent()).toBe('NO MASTER');
  });

  it('draws a node that cannot be read as unknown, never in its last colour', async () => {
    await open('unreachable', '#/cluster/edge');
    const nodes = page.locator('svg .node');
    await expect.poll(() => nodes.nth(1).getAttribute('data-unknown')).toBe('true');
    expect(await nodes.nth(0).getAttribute('data-unknown')).toBe('false');
  });

  it('says that figures are old when the engine is away', async () => {
    await open('disconnected', '#/cluster/edge');
    await page.getByText('The engine is away.').waitFor();
    await page.getByRole('heading', { name: /Last known: fw2 can take over now/ }).waitFor();
    await page
      .getByText(/last known \d+ s ago/)
      .first()
      .waitFor();
  });

  it('opens a reason to its evidence: reading, age, command, remedy', async () => {
    await open('split-brain', '#/cluster/edge');
    await page.getByText('split-brain', { exact: true }).click();
    await page.getByText('Restore the path of VRRP').waitFor();
    await page.getByRole('cell', { name: 'keepalived JSON' }).first().waitFor();
  });

  it('can give the passphrase of a key where a login waits for it, and hears whether it was right', async () => {
    await open('unknown', '#/cluster/edge');
    await page.getByText('fw1 does not accept our key').first().click();
    await page.getByLabel('Passphrase of /home/ops/.ssh/id_ed25519').fill('wrong');
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByText('That does not open the key.').waitFor();
    expect(await page.getByLabel('Passphrase of /home/ops/.ssh/id_ed25519').inputValue()).toBe('');
    expect(await findings()).toEqual([]);
  });

  it('reads the figures of the charts as a table', async () => {
    await open('healthy', '#/cluster/edge');
    await page.getByRole('button', { name: 'As a table' }).click();
    await page.getByRole('columnheader', { name: 'replicated on fw2' }).waitFor();
  });
});

describe('the connection table', () => {
  const lastRow = () => page.locator('[role=row][data-row="999999"]');

  it('reaches the last of a million rows by key, and draws only what is seen', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await lastRow().waitFor();
    await expect.poll(() => lastRow().textContent()).toContain('10.');
    expect(await page.locator('[role=row][data-row]').count()).toBeLessThan(60);
  });

  it('moves by rows with the wheel, although the scroll bar is scaled', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.locator('[role=row][data-row="0"]').hover();
    await page.mouse.wheel(0, 240);
    await page.locator('[role=row][data-row="10"]').waitFor();
    await expect.poll(() => page.locator('[role=row][data-row="9"]').count()).toBe(0);
  });

  it('says where a filter stops making sense while it is typed', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.keyboard.press('/');
    await page.keyboard.type('dport ==');
    await page.getByText('expected a value').waitFor();
    await page.keyboard.type(' 443');
    await page.getByText('1,240 of 1,000,000').waitFor();
    expect(await page.getByText('expected a value').count()).toBe(0);
  });

  it('offers what may follow while a filter is typed, and the word that was meant', async () => {
    await open('healthy', clusterHash('healthy', '/connections'));
    const filter = page.getByLabel('Filter connections');
    await filter.pressSequentially('dpo');
    await page.getByRole('option', { name: /^dport/ }).waitFor();
    expect(await findings()).toEqual([]);
    await filter.press('Tab');
    expect(await filter.inputValue()).toBe('dport ');
    await filter.press('Escape');
    expect(await page.getByRole('listbox').count()).toBe(0);
    await filter.fill('dprot == 443');
    await filter.press('Tab');
    expect(await filter.inputValue()).toBe('dport == 443');
    expect(complaints).toEqual([]);
  });

  it('applies a cell as a filter from its menu', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.locator('[data-row="4"] [data-column="5"]').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Apply as filter: dport == 443' }).click();
    await expect.poll(() => page.getByLabel('Filter connections').inputValue()).toBe('dport == 443');
  });

  it('opens the detail with Enter, NAT said, and Escape closes it', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.locator('[data-row="0"]').waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Enter');
    const detail = page.getByRole('complementary', { name: 'Connection' });
    await detail.getByText('10.1.0.0:32768 → 192.0.2.9:32768').waitFor();
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached' });
  });

  it('says how it was read, what that costs the node and what moved, which a click filters', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.getByText('kernel dump through perl').waitFor();
    await page.getByText('3.0 % of fw1’s time').waitFor();
    await page.getByRole('button', { name: '12,408 new' }).click();
    await expect.poll(() => page.getByLabel('Filter connections').inputValue()).toBe('new');
  });

  it('says what following costs before it begins', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.getByRole('button', { name: /of fw1’s time/ }).click();
    await page.getByRole('menuitemradio', { name: 'Follow the kernel’s events…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Follow the events of fw1?' });
    await dialog.getByText('22 to 65 % of a firewall’s peak rate').waitFor();
    expect(await findings()).toEqual([]);
  });

  it('groups what matches, draws the top talkers, and narrows the filter to one of them', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.getByRole('button', { name: 'Groups' }).click();
    const groups = page.getByRole('complementary', { name: 'Groups and totals' });
    await groups.locator('.recharts-bar-rectangle').first().waitFor();
    await groups.getByRole('row', { name: '10.1.17.23 181,202 18.1 %' }).waitFor();
    expect(await findings()).toEqual([]);
    await groups.getByRole('button', { name: '10.1.17.23' }).click();
    await expect.poll(() => page.getByLabel('Filter connections').inputValue()).toBe('src == 10.1.17.23');
    expect(complaints).toEqual([]);
  });

  it('saves all that matches, piece by piece, as one file', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.getByRole('button', { name: 'Copy or export' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: /^Save .* as CSV$/ }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('connections-edge-fw1.csv');
    expect(await readFile(await file.path(), 'utf8')).toBe('from row 0\nfrom row 500\nfrom row 1000\n');
  });

  it('shows each command before it drops what is selected, and wants the name typed past ten', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.locator('[data-row="0"] [data-column="2"]').click();
    await page.locator('[data-row="11"] [data-column="2"]').click({ modifiers: ['Shift'] });
    await page.locator('[data-row="4"] [data-column="2"]').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Drop 12 connections…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Drop 12 connections from the table of fw1' });
    await dialog.getByText('conntrack -D -f ipv4 -s 10.1.0.4').waitFor();
    const send = dialog.getByRole('button', { name: 'Drop 12 connections' });
    expect(await send.isDisabled()).toBe(true);
    expect(await findings()).toEqual([]);
    await dialog.getByLabel('Type edge to confirm').fill('edge');
    await send.click();
    await dialog.getByText('1 of 2 dropped').waitFor();
    await dialog.getByText('was gone already').waitFor();
  });

  it('says what is missing where a login may not drop', async () => {
    await open('healthy', '#/cluster/edge/connections/fw2');
    await page.locator('[data-row="0"] [data-column="2"]').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Drop this connection…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Drop one connection from the table of fw2' });
    await dialog.getByText('Add HANDOVER_DROP').waitFor();
    expect(await dialog.getByRole('button', { name: /^Drop/ }).count()).toBe(0);
  });

  it('reads a table only when asked to', async () => {
    await open('demo', '#/cluster/demo/connections');
    await page.getByRole('button', { name: 'Read the connections of fw1' }).click();
    await page.getByText('1,000,000 connections').waitFor();
  });
});

describe('the comparison of the slaves with their master', () => {
  const rows = (node: string) => page.getByRole('region', { name: node }).locator('tbody tr');

  it('is asked for beside the counts, which say when they cannot tell', async () => {
    await open('three-nodes', '#/cluster/core');
    const counts = page.getByRole('region', { name: 'Protection' });
    await counts.getByText('not distinguishable', { exact: true }).waitFor();
    await counts.getByText('worst slave fw3, 1,190 at risk now').waitFor();
    await counts.getByRole('button', { name: 'Name what is missing' }).click();
    await page.getByRole('heading', { name: 'fw2: 38 missing, 6 stale' }).waitFor();
    await page.getByRole('heading', { name: 'Nothing is missing on fw3' }).waitFor();
    await page.getByText('fw4 was not compared: it has one processor').waitFor();
  });

  it('lists what is missing by class, by reason and by any filter of connections', async () => {
    await open('three-nodes', '#/cluster/core/coverage');
    await expect.poll(() => rows('fw2').count()).toBe(57);
    await page.getByRole('button', { name: '8 filtered' }).click();
    await expect.poll(() => rows('fw2').count()).toBe(8);
    await expect.poll(() => rows('fw2').first().textContent()).toContain('conntrackd.conf:41 Address Ignore');
    await page.getByRole('button', { name: '30 cache full' }).click();
    await expect.poll(() => rows('fw2').count()).toBe(30);
    await page.getByLabel('Filter connections').fill('udp and src in 10.1.6.0/24');
    await expect.poll(() => rows('fw2').count()).toBe(1);
    await page.getByLabel('Filter connections').fill('dport == 22');
    await page.getByText('No connection of fw2 is like that.').waitFor();
  });

  it('is taken along whole, as a file', async () => {
    await open('three-nodes', '#/cluster/core/coverage');
    const save = async (form: string) => {
      await page.getByRole('button', { name: 'Copy or export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: `Save as ${form}` }).click(),
      ]);
      return [download.suggestedFilename(), await readFile(await download.path(), 'utf8')];
    };
    const [csvName, csv = ''] = await save('CSV');
    expect(csvName).toBe('coverage-edge.csv');
    expect(csv.split('\r\n')).toHaveLength(57 + 2);
    const [, json = ''] = await save('JSON');
    expect(JSON.parse(json)).toMatchObject({ master: 'fw1', slaves: [{ node: 'fw2', missing: 38 }, {}] });
  });

  it('says why there is none, and from when on there may be one', async () => {
    await open('not-compared', '#/cluster/edge/coverage');
    await page.getByText('is read once a minute at most').waitFor();
    expect(await page.getByRole('button', { name: /^Again at \d\d:\d\d:\d\d$/ }).isDisabled()).toBe(true);
    await open('comparing', '#/cluster/edge/coverage');
    await page.getByText('Reading the master: 21,404 connections').waitFor();
  });
});

describe('a failover', () => {
  const fire = () => page.getByRole('button', { name: /^Fail over to fw2/ });

  it('cannot be fired before every warning is accepted and the name is typed', async () => {
    await open('warned', '#/cluster/edge/failover/fw2');
    await page.getByLabel(/Type edge to confirm/).fill('edge');
    expect(await fire().isDisabled()).toBe(true);
    for (const tick of await page.getByLabel('I accept this').all()) await tick.check();
    await expect.poll(() => fire().isEnabled()).toBe(true);
    await page.getByLabel(/Type edge to confirm/).fill('edg');
    await expect.poll(() => fire().isDisabled()).toBe(true);
  });

  it('on production is fired by holding the button, by key as well, and not by a click', async () => {
    await open('healthy', '#/cluster/edge/failover/fw2');
    await page.getByLabel(/Type edge to confirm/).fill('edge');
    await fire().click();
    expect(await page.getByText('Both nodes are read again').count()).toBe(0);
    await fire().focus();
    await page.keyboard.down('Enter');
    await page.getByText('Both nodes are read again').waitFor();
    await page.keyboard.up('Enter');
  });

  it('that is refused shows why, and the configuration to paste, and no button', async () => {
    await open('refused', '#/cluster/edge/failover/fw2');
    await page.getByText('tracks no handover file').waitFor();
    await page.getByText('vrrp_track_file handover').waitFor();
    expect(await fire().count()).toBe(0);
  });

  it('that runs says what an abort would do now; one that has ended offers the way back', async () => {
    await open('running', '#/cluster/edge/failover');
    await page.getByText('Puts /var/lib/handover/handover on fw1 back to 0.').waitFor();
    await open('done', '#/cluster/edge/failover');
    await page
      .getByText(/held down since/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Fail back to fw1' }).click();
    await page.waitForURL(/failover\/fw1$/);
  });
});

describe('by keyboard', () => {
  it('goes anywhere from the palette, and Escape backs out', async () => {
    await open('fleet', '#/');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('connections fw2 core');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/cluster\/core\/connections\/fw2$/);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.waitForURL(/#\/cluster\/core$/);
  });

  it('lists its keys with ?, and the list is accessible too', async () => {
    await open('fleet', '#/');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await findings()).toEqual([]);
  });

  it('keeps the theme that was chosen', async () => {
    await open('fleet', '#/');
    await page.getByRole('button', { name: 'Theme' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.reload();
    await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.evaluate(() => localStorage.clear());
  });
});
