/** That alerts leave the page of the browser host: by a notification, once the operator allowed it and looks elsewhere. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LaunchedChromium, launchChromium } from './chromium-launch.ts';
import { type ServedConsole, serveConsole } from './served-console.ts';

interface Said {
  readonly title: string;
  readonly body: string;
  onclick?: () => void;
}

/** What stands in for the desktop, which a headless browser has not: kept in the page. */
interface Desktop {
  readonly said: Said[];
}

let folder: string;
let served: ServedConsole;
let chromium: LaunchedChromium;
let page: Page;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handover-browser-notices-'));
  const inventory = join(folder, 'clusters.yaml');
  const nodes = [{ name: 'fw1', host: '127.0.0.1', port: 1, user: 'kim' }];
  writeFileSync(inventory, JSON.stringify({ clusters: [{ name: 'far away', nodes }] }));
  served = await serveConsole(inventory);
  chromium = await launchChromium();
  page = await chromium.browser.newPage();
  await page.addInitScript(() => {
    const desktop: Desktop = { said: [] };
    class Notification {
      static permission = 'default';
      static requestPermission = async () => {
        Notification.permission = 'granted';
        return Notification.permission;
      };
      constructor(title: string, { body }: { body: string }) {
        desktop.said.push(Object.assign(this, { title, body }));
      }
    }
    Object.assign(window, { desktop, Notification });
    document.hasFocus = () => false;
  });
}, 120_000);
afterAll(async () => {
  await chromium?.close();
  await served?.close();
  rmSync(folder, { recursive: true, force: true });
});

const said = () =>
  page.evaluate(() =>
    (window as unknown as { desktop: Desktop }).desktop.said.map(({ title, body }) => ({ title, body })),
  );

test('an alert is notified once where the operator allowed it, and its click leads to the cluster', async () => {
  await page.goto(served.link);
  await page.getByRole('link', { name: /^Alerts/ }).click();
  const allow = page.getByRole('button', { name: 'Tell me on the desktop' });
  await allow.click();
  await allow.waitFor({ state: 'detached' });
  await expect.poll(said, { timeout: 60_000 }).toHaveLength(1);
  const [notice] = await said();
  expect(notice).toMatchObject({ title: 'far away: critical', body: expect.stringContaining('fw1') });

  await page.evaluate(() => (window as unknown as { desktop: Desktop }).desktop.said[0]?.onclick?.());
  await page.waitForURL(/#\/cluster\/far%20away$/);
  await page.getByRole('heading', { name: /fw1 cannot be read/ }).waitFor();
}, 120_000);
