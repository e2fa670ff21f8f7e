/** The timeline as an operator uses it, in a real browser. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LaunchedChromium, launchChromium } from './chromium-launch.ts';
import { type ServedConsole, serveConsolePage } from './console-page/build.ts';

let served: ServedConsole;
let chromium: LaunchedChromium;
let page: Page;

beforeAll(async () => {
  served = await serveConsolePage();
  chromium = await launchChromium();
  page = chromium.page;
});
afterAll(async () => {
  await chromium.close();
  await served.close();
});

/** For machines that are busy. */
const patient = { timeout: 15_000 };

const open = async (scene: string, hash: string) => {
  await page.goto('about:blank');
  await page.goto(`${served.origin}/?scene=${scene}${hash}`);
  await page.locator('main > *').first().waitFor();
};

describe('the timeline', () => {
  const rows = () => page.locator('[role=row][data-row]');
  const first = () => page.locator('[role=row][data-row="0"]');

  it('is reached from the short list, and narrowed by words, source, node and level', async () => {
    await open('healthy', '#/cluster/edge');
    await page.getByRole('link', { name: 'Open timeline' }).click();
    await page.waitForURL(/#\/cluster\/edge\/timeline$/);
    await page.getByLabel('Search the timeline').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('entering');
    await page.getByText('3 of 1,216').waitFor();
    await page.getByRole('button', { name: 'fw2', exact: true }).click();
    await page.getByText('2 of 1,216').waitFor();
    await page.getByRole('button', { name: 'warning', exact: true }).click();
    await expect.poll(() => rows().count(), patient).toBe(1);
    await expect.poll(() => first().textContent(), patient).toContain('Entering FAULT STATE');
    await page.getByRole('button', { name: 'done here' }).click();
    await page.getByRole('button', { name: 'Show everything' }).click();
    await page.getByText('1,216 entries').waitFor();
  });

  it('opens an entry with both clocks and all its lines, by key, and Escape closes it', async () => {
    await open('healthy', '#/cluster/edge/timeline');
    await page.getByText('commit-create: Invalid argument').click();
    const detail = page.getByRole('complementary', { name: 'Entry' });
    await detail.getByText('1 h ahead of ours, ± 14 ms').waitFor();
    await detail.getByText('helper=ftp').waitFor();
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached' });
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await page.locator('[role=row][data-row="1215"]').waitFor();
    expect(await rows().count()).toBeLessThan(60);
    await page.keyboard.press('Enter');
    await detail.getByText('Stands in').waitFor();
  });

  it('goes to a time, and saves what is shown', async () => {
    await open('healthy', '#/cluster/edge/timeline');
    await first().waitFor();
    const day = new Date(Date.now() - 5 * 3_600_000);
    const local = new Date(day.getTime() - day.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
    await page.getByLabel('Go to a time').fill(local);
    await page.getByLabel('Go to a time').press('Enter');
    await expect.poll(() => first().count(), patient).toBe(0);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'Save as CSV' }).click();
    expect((await download).suggestedFilename()).toBe('timeline-edge.csv');
  });

  it('says whose log cannot be read, why, and what helps', async () => {
    await open('logs-refused', '#/cluster/edge/timeline');
    await page.getByText('fw2: the logs of conntrackd and keepalived cannot be read').waitFor();
    await page.getByText('Put the login into the group adm').waitFor();
    await open('split-brain', '#/cluster/edge/timeline');
    await page.getByRole('heading', { name: 'Nothing happened yet' }).waitFor();
  });
});
