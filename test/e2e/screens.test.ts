import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScreens, type Screens } from './console-page/open-screens.ts';
import { scenes } from './console-page/scenes.ts';
import { saveAs } from './save-as.ts';

/** Every screen in every state, in a real browser, under a policy as strict as the product's. */
let shown: Screens;
let page: Page;
beforeAll(async () => {
  shown = await openScreens();
  page = shown.page;
});
afterAll(() => shown.close());

const open: Screens['open'] = (...where) => shown.open(...where);
const findings = () => shown.findings();

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
    .flatMap((scene): [string, string][] => [
      [scene, clusterHash(scene, '/coverage')],
      [scene, clusterHash(scene, '/difference')],
    ]),
  ...['held-down', 'running', 'done', 'failed'].map((scene): [string, string] => [
    scene,
    clusterHash(scene, '/failover'),
  ]),
  ...['healthy', 'warned', 'refused', 'unknown'].map((scene): [string, string] => [
    scene,
    clusterHash(scene, '/failover/fw2'),
  ]),
];

const looksRight = async (look: 'light' | 'dark') => {
  expect(await findings(), look).toEqual([]);
  expect(shown.complaints).toEqual([]);
};

/** One of each kind of screen, each tone among them: what differs between themes and sizes shows on these. */
const isTypical = (scene: string, hash: string) =>
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
    'three-nodes #/cluster/core/difference',
    'demo #/cluster/demo/difference',
    'healthy #/cluster/edge/timeline',
    'logs-refused #/cluster/edge/timeline',
    'warned #/cluster/edge/failover/fw2',
    'refused #/cluster/edge/failover/fw2',
    'running #/cluster/edge/failover',
    'done #/cluster/edge/failover',
    `long-names ${clusterHash('long-names')}`,
  ].includes(`${scene} ${hash}`);

/** Once the page has been laid out for its size. */
const noSidewaysScroll = () =>
  page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame().then(frame);
    const main = document.querySelector('main');
    const fits = (element: Element | null) => !element || element.scrollWidth <= element.clientWidth;
    return fits(document.documentElement) && fits(main);
  });

/** A narrow window, and a zoom of 200 % on a small screen. */
const narrow = [
  { width: 900, height: 700 },
  { width: 640, height: 400 },
];

describe('is accessible and breaks no policy', () => {
  it.each(screens)('%s at %s', async (scene, hash) => {
    await open(scene, hash, 'light');
    await looksRight('light');
    if (!isTypical(scene, hash)) return;
    await page.emulateMedia({ colorScheme: 'dark' });
    await looksRight('dark');
    for (const size of narrow) {
      await page.setViewportSize(size);
      expect.soft(await noSidewaysScroll(), `${size.width} × ${size.height}`).toBe(true);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });
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
    const [csvName, csv] = await saveAs(page, 'CSV');
    expect(csvName).toBe('coverage-edge.csv');
    expect(csv.split('\r\n')).toHaveLength(57 + 2);
    const [, json] = await saveAs(page, 'JSON');
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

  it('says beside the plan what it would cost, by name once the tables were compared', async () => {
    await open('healthy', '#/cluster/edge/failover/fw2');
    await page.getByText('which connections it lacks they cannot').waitFor();
    await page.getByRole('button', { name: 'Name what would be lost' }).waitFor();
    await open('warned', '#/cluster/edge/failover/fw2');
    await page.getByText(/38 of [\d,]+ connections would be lost, 6 go on in another state/).waitFor();
    await page.getByText('Missing by service').waitFor();
    await page.getByRole('button', { name: 'List them' }).click();
    await page.getByRole('heading', { name: 'fw2: 38 missing, 6 stale' }).waitFor();
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
