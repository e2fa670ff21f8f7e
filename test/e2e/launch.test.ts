import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from './chromium-launch.ts';
import { launchElectron } from './electron-launch.ts';

const mainScript = `
const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => {
  const window = new BrowserWindow({ show: true, webPreferences: { sandbox: true } });
  window.loadURL('data:text/html,<title>bare</title><p>as it is</p>');
});`;

let appDir = '';
beforeAll(() => {
  appDir = mkdtempSync(join(tmpdir(), 'handover-bare-'));
  chmodSync(appDir, 0o755);
  writeFileSync(join(appDir, 'package.json'), JSON.stringify({ name: 'bare', main: 'main.cjs' }));
  writeFileSync(join(appDir, 'main.cjs'), mainScript);
});
afterAll(() => rmSync(appDir, { recursive: true, force: true }));

test('a window is opened by an ordinary user, in the sandbox, at the size and scale that were asked for', async () => {
  const { app, page, close } = await launchElectron({ appDir, width: 900, height: 600, scale: 2 });
  try {
    expect(await page.textContent('p')).toBe('as it is');
    const main = await app.evaluate(({ app }) => ({
      user: process.getuid?.(),
      home: process.env.HOME,
      sandboxOff: app.commandLine.hasSwitch('no-sandbox'),
    }));
    expect(main.user).not.toBe(0);
    expect(main.home).toMatch(/handover-e2e-/);
    expect(main.sandboxOff).toBe(false);
    await page.waitForFunction(() => innerWidth === 900 && innerHeight === 600);
    expect(await page.evaluate(() => devicePixelRatio)).toBe(2);
    const picture = await page.screenshot();
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([1800, 1200]);
  } finally {
    await close();
  }
});

test('a page is opened in Chromium at the size and scale that were asked for', async () => {
  const { page, close } = await launchChromium({
    url: 'data:text/html,<p>as it is</p>',
    width: 900,
    scale: 2,
  });
  try {
    expect(await page.textContent('p')).toBe('as it is');
    expect(await page.evaluate(() => [innerWidth, devicePixelRatio])).toEqual([900, 2]);
  } finally {
    await close();
  }
});
