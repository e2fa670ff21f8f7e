/** What an operator sees of readiness and of alerts, and does about them, in a real browser. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsOn } from './axe.ts';
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

const open = async (scene: string, hash: string) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('about:blank');
  await page.goto(`${served.origin}/?scene=${scene}${hash}`);
  await page.locator('main > *').first().waitFor();
};

const findings = () => violationsOn(page);

describe('readiness', () => {
  it('sees of a slave that is not ready which gates fail, and what to do; one that is ready stays one line', async () => {
    await open('not-ready', '#/cluster/edge');
    const gates = page.getByRole('table', { name: 'Gates of fw2' });
    await gates.getByRole('row', { name: /fail Data plane is up no carrier on lan0/ }).waitFor();
    await gates.getByText('Look at the links, the routes and the gateways of this node.').waitFor();
    expect(await gates.getByRole('row').count()).toBe(12);
    await open('healthy', '#/cluster/edge');
    const head = page.getByRole('button', { name: /fw2 Ready all 11 gates pass/ });
    expect(await head.getAttribute('aria-expanded')).toBe('false');
    await head.click();
    await gates.getByRole('row', { name: /pass Same rules and settings/ }).waitFor();
  });

  it('opens what a slave has otherwise than its master as a diff, and copies it', async () => {
    await open('degraded', '#/cluster/edge');
    await page.getByRole('button', { name: 'Compare with the master' }).click();
    const dialog = page.getByRole('dialog', { name: 'What fw2 has otherwise than its master' });
    await dialog.getByText('-\t\ttcp dport 23 drop').waitFor();
    await dialog.getByText('+net.netfilter.nf_conntrack_tcp_loose = 1').waitFor();
    await dialog.getByText('the same as on fw1').first().waitFor();
    expect(await findings()).toEqual([]);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
  });
});

describe('alerts', () => {
  it('are counted in the title and on the bell, which leads to them', async () => {
    await open('alerts', '#/');
    await expect.poll(() => page.title()).toBe('(2) Fleet · Handover');
    await page.getByRole('link', { name: 'Alerts: 2 alerts are not acknowledged' }).click();
    await page.getByRole('region', { name: 'Raised 2' }).getByText('What to do').first().waitFor();
    await page.getByRole('region', { name: 'Acknowledged 1' }).getByText('Mia is at the rack').waitFor();
    await page.getByRole('region', { name: 'Muted 1' }).getByText('out of service on purpose').waitFor();
  });

  it('are acknowledged with a note, by key alone, and a refusal is shown', async () => {
    await open('alerts', '#/alerts');
    await page.getByRole('link', { name: 'edge', exact: true }).first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: 'Acknowledge an alert of edge' });
    await dialog.getByText('The table of fw1 is 91.2 % full').waitFor();
    await dialog.getByLabel('Note for the others').fill('too late');
    await page.keyboard.press('Control+Enter');
    await dialog.getByText('No alert "table-full fw1" is raised').waitFor();
    expect(await findings()).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(page.url()).toContain('#/alerts');
  });
});
