import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LaunchedChromium, launchChromium } from './chromium-launch.ts';
import { type PrivateHome, privateHome } from './private-home.ts';

const project = join(import.meta.dirname, '..', '..');

let home: PrivateHome;
let served: ChildProcess;
let link = '';
let chromium: LaunchedChromium;
let context: BrowserContext;
let page: Page;
const complaints: string[] = [];
beforeAll(async () => {
  home = privateHome(undefined);
  served = spawn(process.execPath, [join(project, 'main', 'cli', 'main.ts'), 'serve'], {
    env: { ...process.env, ...home.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (served.stdout === null) throw new Error('handover serve has no output');
  for await (const line of createInterface({ input: served.stdout })) {
    link = /^Open (\S+)$/.exec(line)?.[1] ?? '';
    if (link !== '') break;
  }
  chromium = await launchChromium();
  context = await chromium.browser.newContext();
  page = await context.newPage();
  page.on('console', (message) => complaints.push(message.text()));
});
afterAll(async () => {
  await chromium.close();
  home.remove();
});

test('the link that was printed opens the console, without one violation of its policy', async () => {
  await page.goto(link);
  await page.getByText('No cluster yet').waitFor();
  expect(new URL(page.url()).search, 'the token is gone from the address').toBe('');
  expect(await page.evaluate(() => document.cookie)).toBe('');
  await page.reload();
  await page.getByText('No cluster yet').waitFor();
  expect(complaints).toEqual([]);
});

test('somebody else who finds the link gets nothing from it', async () => {
  const stranger = await chromium.browser.newPage();
  const answer = await stranger.goto(link);
  expect(answer?.status()).toBe(401);
  await stranger.getByText('already used').waitFor();
  await stranger.close();
});

test('a page of another program on this machine cannot reach the engine, though the cookie is sent', async () => {
  const other = createServer((_request, response) => response.setHeader('content-type', 'text/html').end());
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const elsewhere = await context.newPage();
  await elsewhere.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
  const target = new URL('/api/call/app.info', link).href;
  const answered = elsewhere.waitForResponse(target);
  await elsewhere.evaluate((action) => {
    const form = Object.assign(document.createElement('form'), {
      action,
      method: 'post',
      enctype: 'text/plain',
    });
    document.body.append(form);
    form.submit();
  }, target);
  const response = await answered;
  expect((await response.request().allHeaders()).cookie).toContain('handover-');
  expect(response.status()).toBe(403);
  await elsewhere.close();
  await new Promise((resolve) => other.close(resolve));
});

test('Ctrl+C ends it at once, with the console open', async () => {
  served.kill('SIGINT');
  const [status] = await once(served, 'exit');
  expect(status).toBe(0);
});

test('npm start without a display says so in one line and serves the same console', async () => {
  const { DISPLAY: _x11, WAYLAND_DISPLAY: _wayland, ...withoutDisplay } = process.env;
  const started = spawn(process.execPath, [join(project, 'electron', 'start.ts')], {
    env: { ...withoutDisplay, ...home.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const complaint = text(started.stderr);
  for await (const line of createInterface({ input: started.stdout })) {
    const url = /^Open (\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    const browser = await context.newPage();
    await browser.goto(url);
    await browser.getByText('No cluster yet').waitFor();
    await browser.close();
    started.kill('SIGINT');
  }
  expect(await complaint).toMatch(/^[^\n]+: serving the console to your browser instead\.\n$/);
});
