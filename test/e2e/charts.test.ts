import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LaunchedChromium, launchChromium } from './chromium-launch.ts';
import { type ServedConsole, serveConsolePage } from './console-page/build.ts';

/** What an operator does with the charts of a cluster, under a policy as strict as the product's. */
let served: ServedConsole;
let chromium: LaunchedChromium;
let page: Page;
const complaints: string[] = [];
/** Long enough for a busy machine. */
const soon = { timeout: 20_000 };

beforeAll(async () => {
  served = await serveConsolePage();
  chromium = await launchChromium({ width: 1280, height: 1700 });
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

beforeEach(async () => {
  complaints.length = 0;
  await page.goto('about:blank');
  await page.goto(`${served.origin}/?scene=three-nodes#/cluster/core`);
  await page.locator('.strip .curve').first().waitFor();
  return () => expect(complaints).toEqual([]);
});

const moment = () => page.getByRole('slider', { name: 'Moment under the cursor' });
const value = (name: string) => moment().getAttribute(`aria-value${name}`);
const length = async () => Number(await value('max')) - Number(await value('min'));
const announced = () => page.locator('[aria-live=polite].visually-hidden').textContent();

describe('with keys', () => {
  it('the cursor moves from point to point, and the figures under it are said', async () => {
    await moment().focus();
    await page.keyboard.press('End');
    const last = Number(await value('now'));
    await page.keyboard.press('ArrowLeft');
    await expect.poll(async () => last - Number(await value('now')), soon).toBe(1_000);
    await expect
      .poll(announced, soon)
      .toMatch(/connections on fw1 4\d,\d{3}; .*lag of fw2 .*backlog of fw2 \d/);
    await page.keyboard.press('Escape');
    await expect.poll(() => value('text'), soon).toBe('now');
  });

  it('goes from event to event, each said in full', async () => {
    await moment().focus();
    await page.keyboard.press('ArrowUp');
    await expect.poll(announced, soon).toContain('fw1 is master (MASTER), was slave');
    await page.locator('.time-flag').getByText('fw1 is master (MASTER), was slave').waitFor();
  });

  it('plus and minus zoom, shift with an arrow pans, 0 goes back to now', async () => {
    await moment().focus();
    await page.keyboard.press('+');
    await expect.poll(length, soon).toBe(150_000);
    const from = Number(await value('min'));
    await page.keyboard.press('Shift+ArrowLeft');
    await expect.poll(async () => from - Number(await value('min')), soon).toBe(15_000);
    await page.keyboard.press('-');
    await expect.poll(length, soon).toBe(300_000);
    await page.getByRole('button', { name: 'Back to now' }).waitFor();
    await page.keyboard.press('0');
    await page.getByRole('button', { name: 'Back to now' }).waitFor({ state: 'detached' });
  });
});

describe('with the pointer', () => {
  const drag = async (from: number, to: number) => {
    const box = await moment().boundingBox();
    if (!box) throw new Error('the charts are not on screen');
    const y = box.y + 40;
    await page.mouse.move(box.x + box.width * from, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * ((from + to) / 2), y, { steps: 3 });
    await page.mouse.move(box.x + box.width * to, y, { steps: 3 });
    await page.mouse.up();
  };

  it('one cursor stands in every chart, and each says its figures at it', async () => {
    const box = await moment().boundingBox();
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 40);
    await page.locator('.time-cursor').waitFor();
    // Of a lag there may be no more than a band, which has no point to stand on.
    const strips = page.locator('.strip').filter({ hasNotText: 'Lag' });
    expect(await strips.count()).toBe(6);
    for (const strip of await strips.all()) await strip.locator('.cursor-dot').first().waitFor();
  });

  it('draws a part over to see it closer, pans it, and goes back with a double click', async () => {
    await drag(0.2, 0.4);
    await expect.poll(length, soon).toBeGreaterThan(55_000);
    expect(await length()).toBeLessThan(200_000);
    const from = Number(await value('min'));
    await page.keyboard.down('Shift');
    await drag(0.3, 0.6);
    await page.keyboard.up('Shift');
    await expect.poll(async () => from - Number(await value('min')), soon).toBeGreaterThan(10_000);
    await moment().dblclick({ position: { x: 200, y: 60 } });
    await expect.poll(length, soon).toBe(300_000);
  });

  it('zooms with ctrl and the wheel around the pointer, and the page does not', async () => {
    await moment().hover({ position: { x: 100, y: 40 } });
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -200);
    await page.keyboard.up('Control');
    await expect.poll(length, soon).toBeLessThan(250_000);
    expect(await page.evaluate(() => visualViewport?.scale)).toBe(1);
  });
});

describe('taken out of the console', () => {
  const origin = () => served.origin;
  const allow = (permissions: string[]) => page.context().grantPermissions(permissions, { origin: origin() });

  it('are the figures as CSV, what is unknown an empty field', async () => {
    await allow(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy CSV' }).click();
    await page.getByText('Copied as CSV').first().waitFor();
    const lines = (await page.evaluate(() => navigator.clipboard.readText())).split('\r\n');
    expect(lines[0]).toMatch(/^time,fw1 connections,.*fw2 coverage \(0 to 1\).*,happened$/);
    expect(lines.length).toBeGreaterThan(250);
  });

  it('are the charts as a picture in the colours of the theme, drawn without breaking the policy', async () => {
    await allow(['clipboard-read', 'clipboard-write']);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.getByRole('button', { name: 'Copy PNG' }).click();
      const ground = colorScheme === 'light' ? [255, 255, 255] : [20, 23, 26];
      await expect.poll(async () => (await page.evaluate(lookAtClipboard)).corner, soon).toEqual(ground);
      const { width, colours } = await page.evaluate(lookAtClipboard);
      expect(width).toBeGreaterThan(1_500);
      expect(colours, 'lines, words and hatches').toBeGreaterThan(50);
    }
  });

  it('are saved as files where the clipboard cannot be written', async () => {
    await page.evaluate(() => {
      const refuse = () => Promise.reject(new Error('not allowed'));
      Object.assign(Clipboard.prototype, { write: refuse, writeText: refuse });
    });
    for (const [button, ending] of [
      ['Copy PNG', '.png'],
      ['Copy CSV', '.csv'],
    ] as const) {
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: button }).click();
      const file = await download;
      expect(file.suggestedFilename()).toMatch(new RegExp(`^core-.*\\${ending}$`));
      expect((await readFile(await file.path())).length).toBeGreaterThan(10_000);
      await page
        .getByText(/^Saved as core-/)
        .first()
        .waitFor();
    }
  });
});

/** Runs in the page: the size of the picture, the colour in its corner, and how many colours there are. */
async function lookAtClipboard() {
  const [item] = await navigator.clipboard.read();
  const blob = item?.types.includes('image/png') ? await item.getType('image/png') : undefined;
  if (!blob) return { width: 0, corner: [], colours: 0 };
  const picture = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d');
  context?.drawImage(picture, 0, 0);
  const data = context?.getImageData(0, 0, picture.width, picture.height).data ?? [];
  const colours = new Set<number>();
  for (let at = 0; at < data.length; at += 4) {
    colours.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
  }
  return { width: picture.width, corner: [data[0], data[1], data[2]], colours: colours.size };
}
