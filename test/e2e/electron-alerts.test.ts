/** That alerts leave the window: as a notification that leads to the cluster, and in the tray. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildConsole } from '../../main/hosts/console-build.ts';
import { type LaunchedElectron, launchElectron } from './electron-launch.ts';

/** What stands in for the desktop, which this display has not: kept in Electron's main process. */
interface Desktop {
  said: { title: string; body: string; click: () => void }[];
  tip: string;
  menu: string[];
}

let electron: LaunchedElectron;
let folder: string;
beforeAll(async () => {
  buildConsole(join(import.meta.dirname, '..', '..'));
  folder = mkdtempSync(join(tmpdir(), 'handover-electron-alerts-'));
  chmodSync(folder, 0o755);
  const inventory = join(folder, 'clusters.yaml');
  const nodes = [{ name: 'fw1', host: '127.0.0.1', port: 1, user: 'kim' }];
  writeFileSync(inventory, JSON.stringify({ clusters: [{ name: 'far away', nodes }] }));
  electron = await launchElectron({ inventory });
  await electron.app.evaluate(({ Menu, Notification, Tray }) => {
    const desktop: Desktop = { said: [], tip: '', menu: [] };
    Object.assign(globalThis, { desktop });
    Notification.isSupported = () => true;
    Notification.prototype.show = function (this: Electron.Notification) {
      const { title, body } = this;
      desktop.said.push({ title, body, click: () => this.emit('click') });
    };
    Tray.prototype.setToolTip = (tip: string) => {
      desktop.tip = tip;
    };
    const build = Menu.buildFromTemplate.bind(Menu);
    Menu.buildFromTemplate = (template) => {
      desktop.menu = template.map(({ label = '' }) => label);
      return build(template);
    };
  });
}, 120_000);
afterAll(async () => {
  await electron?.close();
  rmSync(folder, { recursive: true, force: true });
});

const desktop = () =>
  electron.app.evaluate(() => {
    const { said, tip, menu } = (globalThis as unknown as { desktop: Desktop }).desktop;
    return { said: said.map(({ title, body }) => ({ title, body })), tip, menu };
  });

test('an alert is notified once, its click leads to the cluster, and the tray says what is worst', async () => {
  await expect.poll(async () => (await desktop()).said, { timeout: 60_000 }).toHaveLength(1);
  const { said, tip, menu } = await desktop();
  expect(said[0]).toMatchObject({ title: 'far away: critical', body: expect.stringContaining('fw1') });
  expect(tip).toMatch(/^Handover: Unknown\nfar away: .*\n1 alert raised$/);
  expect(menu[0]).toMatch(/^Unknown – far away: fw1 cannot be read/);
  expect(menu).toContain('Quit Handover');

  await electron.app.evaluate(() => {
    (globalThis as unknown as { desktop: Desktop }).desktop.said[0]?.click();
  });
  await electron.page.waitForURL('app://console/#/cluster/far%20away');
  await electron.page.getByRole('heading', { name: /fw1 cannot be read/ }).waitFor();
  expect(await electron.page.title()).toBe('(1) far away · Overview · Handover');
}, 120_000);
