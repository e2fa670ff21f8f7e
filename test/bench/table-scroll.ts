import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openConnections } from '../../main/connections/connections.ts';
import { dumpTurns, nodeKey } from '../../main/connections/dump-turns.ts';
import { connectionOf } from '../../main/connections/store/connection-of.ts';
import { openTableStore } from '../../main/connections/store/open-table-store.ts';
import type { TableStore } from '../../main/connections/store/table-store.ts';
import { createEngine } from '../../main/engine.ts';
import { buildConsole } from '../../main/hosts/console-build.ts';
import { serve } from '../../main/hosts/serve.ts';
import { connectionLine } from '../../shared/domain/connection-line.ts';
import { systemClock } from '../../shared/lib/clock.ts';
import { launchChromium } from '../e2e/chromium-launch.ts';
import { type BenchFigure, median } from './figure.ts';
import { madeUpTable } from './table-rows.ts';

/**
 * Frames a second while a made-up table of `n` rows is scrolled in Chromium without a graphics card, served by the engine
 * as `handover serve` serves it: slowly and fast by the wheel, and at random by the scroll bar, another place in each
 * frame. After each the screen must show the rows of the place that it came to, in full.
 */

const project = join(import.meta.dirname, '..', '..');
const [cluster, node] = ['demo', 'fw1'];
/** How long it is scrolled, s: a look at whether it runs at all needs no more than one. */
const secondsFor = (n: number) => (n >= 1_000_000 ? 5 : 1);
const goal = 58;
const [width, height] = [1280, 800];
/** Wheel speeds, px a second: reading along, and flying over the table. */
const speeds = { slow: 600, fast: 20_000 } as const;
const writeRows = 20_000;

export async function benchTableScroll(n: number, runs = 3): Promise<readonly BenchFigure[]> {
  buildConsole(project);
  const folder = mkdtempSync(join(tmpdir(), 'handover-scroll-'));
  const store = openTableStore();
  const engine = await createEngine({
    kind: 'browser',
    version: '0',
    inventoryPath: join(folder, 'clusters.yaml'),
    stateDir: folder,
  });
  const tables = openConnections(() => undefined, dumpTurns(), store, systemClock);
  const handlers = { ...engine.handlers, ...tables.handlers };
  await handlers['inventory.openDemo']({});
  const rendererDir = join(project, 'out', 'renderer');
  const served = await serve({ engine: { ...engine, handlers }, port: 0, rendererDir });
  try {
    await fill(store, n);
    const figures: BenchFigure[] = [];
    for (const scale of [1, 2]) figures.push(...(await atScale(served.newLink(), n, scale, runs)));
    const [worst] = figures.toSorted((a, b) => a.value - b.value);
    if (!worst) throw new Error('nothing was measured');
    return [{ ...worst, name: 'table-scroll' }, ...figures];
  } finally {
    await served.close();
    await tables.close();
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The rows come in by the way of a real dump, as conntrack prints them. */
async function fill(store: TableStore, n: number): Promise<void> {
  const columns = madeUpTable(n, true);
  const encoder = new TextEncoder();
  const intake = store
    .table(nodeKey({ cluster, node }))
    .begin({ format: 'text', observedAt: Date.now(), expected: n });
  for (let from = 0; from < n; from += writeRows) {
    let text = '';
    for (let row = from; row < Math.min(n, from + writeRows); row += 1)
      text += `${connectionLine(connectionOf(columns, row))}\n`;
    await intake.write(encoder.encode(text));
  }
  const { entries, problem } = await intake.end();
  if (entries !== n || problem !== undefined) throw new Error(`${entries} of ${n} rows: ${problem}`);
}

async function atScale(link: string, n: number, scale: number, runs: number): Promise<BenchFigure[]> {
  const chromium = await launchChromium({ width, height, scale });
  const { page } = chromium;
  try {
    await page.goto(link);
    await page.evaluate((hash) => {
      window.location.hash = hash;
    }, `#/cluster/${cluster}/connections/${node}`);
    await page.locator('[role=row][data-row="0"]').waitFor();
    await assertShown(page);
    const figures: BenchFigure[] = [];
    for (const [name, scroll] of Object.entries(ways)) {
      const rates: number[] = [];
      for (let run = 0; run < runs; run += 1) {
        await page.getByRole('grid').focus();
        await page.keyboard.press('Home');
        await assertShown(page);
        const frames = page.evaluate(framesPerSecond, secondsFor(n) * 1_000);
        await scroll(page, secondsFor(n));
        rates.push(Math.round((await frames) * 10) / 10);
        await assertShown(page);
      }
      const value = median(rates);
      figures.push({
        ...{ name: `table-scroll: ${name}, ${scale}x`, n, value, unit: 'frames/s' },
        ...{ goal, pass: value >= goal, runs: rates },
      });
    }
    return figures;
  } finally {
    await chromium.close();
  }
}

const ways: Readonly<Record<string, (page: Page, seconds: number) => Promise<unknown>>> = {
  slow: (page, seconds) => wheel(page, speeds.slow, seconds),
  fast: (page, seconds) => wheel(page, speeds.fast, seconds),
  random: (page, seconds) => page.evaluate(jumpAbout, seconds * 1_000),
};

/** As a wheel does it, from the browser's own input on. */
async function wheel(page: Page, speed: number, seconds: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Input.synthesizeScrollGesture', {
    ...{ x: width / 2, y: height / 2, yDistance: -speed * seconds, speed, gestureSourceType: 'mouse' },
  });
  await devtools.detach();
}

/** Runs in the page. */
async function jumpAbout(forMs: number): Promise<void> {
  const rows = document.querySelector<HTMLElement>('.rows');
  if (!rows) throw new Error('there is no table');
  const began = performance.now();
  let place = 0.5;
  await new Promise<void>((resolve) => {
    const jump = (now: number) => {
      place = (place * 7.13 + 0.317) % 1;
      rows.scrollTop = place * (rows.scrollHeight - rows.clientHeight);
      if (now - began < forMs) requestAnimationFrame(jump);
      else resolve();
    };
    requestAnimationFrame(jump);
  });
}

/** Runs in the page. */
function framesPerSecond(forMs: number): Promise<number> {
  return new Promise((resolve) => {
    let began: number | undefined;
    let frames = 0;
    const frame = (now: number) => {
      began ??= now;
      if (now - began < forMs) {
        frames += 1;
        requestAnimationFrame(frame);
      } else resolve((frames * 1_000) / (now - began));
    };
    requestAnimationFrame(frame);
  });
}

/** A table that shows nothing, or the rows of another place, would be quick. */
async function assertShown(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const body = document.querySelector('.rows-body')?.getBoundingClientRect();
    const rows = [...document.querySelectorAll<HTMLElement>('[role=row][data-row]')].filter((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return body && bottom > body.top && top < body.bottom;
    });
    const places = rows.map((row) => Number(row.dataset.row)).toSorted((a, b) => a - b);
    const inOrder = places.every((place, index) => place === (places[0] ?? 0) + index);
    const isFull = rows.every(
      ({ dataset, textContent }) =>
        dataset.waiting === undefined && /\d+\.\d+\.\d+|:/.test(textContent ?? ''),
    );
    return rows.length > 10 && inOrder && isFull;
  });
}
