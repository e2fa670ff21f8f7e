import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildConsole } from '../../main/hosts/console-build.ts';
import type { Bridge, CallAnswer } from '../../shared/contract/wire.ts';
import { type LaunchedElectron, launchElectron } from './electron-launch.ts';

interface ConsoleWindow extends Window {
  readonly handover: Bridge;
  states: boolean[];
}
declare const window: ConsoleWindow;

let electron: LaunchedElectron;
const complaints: string[] = [];
beforeAll(async () => {
  buildConsole(join(import.meta.dirname, '..', '..'));
  electron = await launchElectron();
  electron.page.on('console', (message) => complaints.push(message.text()));
  await electron.page.reload();
  await electron.page.getByText('No cluster yet').waitFor();
});
afterAll(() => electron.close());

const info = () => electron.page.evaluate(() => window.handover.call('app.info', {}) as Promise<CallAnswer>);

test('the console loads without one violation of its policy', async () => {
  expect(complaints).toEqual([]);
  expect(electron.page.url()).toBe('app://console/');
});

test('the page has the two functions of the bridge and nothing of Node or Electron', async () => {
  const found = await electron.page.evaluate(() => ({
    bridge: Object.keys(window.handover).sort(),
    leaks: ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter(
      (name) => name in window,
    ),
  }));
  expect(found).toEqual({ bridge: ['call', 'subscribe'], leaks: [] });
});

test('calls reach the engine, and those that are not in the contract are refused', async () => {
  expect(await info()).toMatchObject({ ok: true, value: { host: 'electron', version: '0.1.0' } });
  const refused = await electron.page.evaluate(async () => [
    await window.handover.call('shell.run', {}),
    await window.handover.call('node.reconnect', { cluster: 1 }),
  ]);
  expect(refused).toMatchObject([{ kind: 'unknown-call' }, { kind: 'invalid-input' }]);
});

test('no address leads out of the built console', async () => {
  const paths = [
    '/../app.js',
    '/%2e%2e/electron/app.js',
    '/..%2felectron%2fapp.js',
    '/package.json',
    '/.hidden.js',
  ];
  const statuses = await electron.page.evaluate(
    (asked) => Promise.all(asked.map(async (path) => (await fetch(path)).status)),
    paths,
  );
  expect(statuses).toEqual(paths.map(() => 404));
});

test('the page can go nowhere, open nothing, reach no network and run no text as code', async () => {
  const tried = await electron.page.evaluate(async () => {
    const attempt = async (what: () => unknown) => {
      try {
        await what();
        return 'allowed';
      } catch {
        return 'denied';
      }
    };
    // What the debugger evaluates may use eval; a timer's callback is the page's own again.
    await new Promise((resolve) => setTimeout(resolve));
    return {
      web: await attempt(() => fetch('http://127.0.0.1:1/')),
      file: await attempt(() => fetch('file:///etc/hostname')),
      code: await attempt(() => new Function('return 1')()),
      opened: window.open('https://example.org/') !== null,
      clipboard: await attempt(() => navigator.clipboard.readText()),
      notification: await Notification.requestPermission(),
      camera: await attempt(() => navigator.mediaDevices.getUserMedia({ video: true })),
    };
  });
  expect(tried).toEqual({
    web: 'denied',
    file: 'denied',
    code: 'denied',
    opened: false,
    clipboard: 'denied',
    notification: 'denied',
    camera: 'denied',
  });
  await electron.page.evaluate(() => window.location.assign('https://example.org/'));
  expect(await info()).toMatchObject({ ok: true });
  expect(electron.page.url()).toBe('app://console/');
  expect(electron.app.windows()).toHaveLength(1);
});

test('a crash of the engine shows as disconnected, calls fail, and the next engine takes over', async () => {
  await electron.page.evaluate(() => {
    window.states = [];
    window.handover.subscribe(
      'fleet',
      () => undefined,
      (connected) => window.states.push(connected),
    );
  });
  await electron.page.waitForFunction(() => window.states.at(-1) === true);
  const engine = await electron.app.evaluate(
    ({ app }) => app.getAppMetrics().find(({ name }) => name === 'Handover engine')?.pid,
  );
  process.kill(engine ?? Number.NaN, 'SIGKILL');
  await electron.page.waitForFunction(() => window.states.at(-1) === false);
  expect(await info()).toMatchObject({ ok: false, kind: 'engine-gone' });
  await electron.page.waitForFunction(() => window.states.at(-1) === true);
  expect(await info()).toMatchObject({ ok: true });
  expect(electron.output()).toContain('starting it again in 0.5 s');
});
