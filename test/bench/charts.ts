import { type LaunchedChromium, launchChromium } from '../e2e/chromium-launch.ts';
import { type ServedConsole, serveConsolePage } from '../e2e/console-page/build.ts';
import { atMost, type BenchFigure, median } from './figure.ts';

/**
 * Frames that come late while every chart of a cluster is on screen and takes new figures twice a second, 300 points a
 * line: in Chromium without a graphics card, under a policy as strict as the product's. The baseline is the same console
 * on its fleet screen, without charts, on the same machine in the same minute.
 */

const seconds = 20;
const runs = 3;
/** How long a page is left alone before it is measured: opening it is another matter. */
const settledMs = 4_000;
const charts = 7;
/** Two of a screen's frames at 60 a second: later than that an operator sees. */
const lateMs = 32;

interface Frames {
  readonly late: number;
  readonly updates: number;
  readonly longestTaskMs: number;
}

export async function benchCharts(): Promise<readonly BenchFigure[]> {
  const served = await serveConsolePage();
  const chromium = await launchChromium({ width: 1280, height: 1700 });
  try {
    const [idle, live]: [Frames[], Frames[]] = [[], []];
    for (let run = 0; run < runs; run += 1) {
      idle.push(await measure(chromium, served, false));
      live.push(await measure(chromium, served, true));
    }
    const late = atMost(
      0,
      'frames',
      'charts-late-frames',
      charts,
      live.map((frames) => frames.late),
    );
    const rates = live.map(({ updates }) => Math.round((updates / seconds) * 10) / 10);
    return [
      { ...late, baseline: median(idle.map((frames) => frames.late)) },
      atMost(
        16,
        'ms',
        'charts-longest-task',
        charts,
        live.map(({ longestTaskMs }) => longestTaskMs),
      ),
      { ...atMost(2, 'Hz', 'charts-update-rate', charts, rates), goal: 2, pass: median(rates) >= 1.8 },
    ];
  } finally {
    await chromium.close();
    await served.close();
  }
}

async function measure(
  { browser, page }: LaunchedChromium,
  { origin }: ServedConsole,
  withCharts: boolean,
): Promise<Frames> {
  await page.goto('about:blank');
  await page.goto(`${origin}/?scene=three-nodes#/${withCharts ? 'cluster/core' : ''}`);
  await page
    .locator(withCharts ? '.strip .curve' : 'main > *')
    .first()
    .waitFor();
  await new Promise((resolve) => setTimeout(resolve, settledMs));
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
  const frames = await page.evaluate(watchFrames, { forMs: seconds * 1_000, lateMs });
  return { ...frames, longestTaskMs: longestTask(await browser.stopTracing()) };
}

/** Runs in the page. */
async function watchFrames({ forMs, lateMs }: { forMs: number; lateMs: number }) {
  let late = 0;
  let updates = 0;
  const changes = new MutationObserver(() => {
    updates += 1;
  });
  const curve = document.querySelector('.strip .curve');
  if (curve) changes.observe(curve, { attributes: true, attributeFilter: ['d'] });
  await new Promise<void>((resolve) => {
    let last: number | undefined;
    let began: number | undefined;
    const frame = (now: number) => {
      if (last !== undefined && now - last > lateMs) late += 1;
      last = now;
      began ??= now;
      if (now - began < forMs) requestAnimationFrame(frame);
      else resolve();
    };
    requestAnimationFrame(frame);
  });
  changes.disconnect();
  return { late, updates };
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** The most of the processor (ms) that one task of the page took: what a busy machine does not stretch. */
function longestTask(trace: Buffer): number {
  const { traceEvents }: { traceEvents: TraceEvent[] } = JSON.parse(trace.toString());
  const drawing = traceEvents.find(({ name }) => name === 'FireAnimationFrame');
  return traceEvents
    .filter(({ name, pid, tid }) => name.endsWith('RunTask') && pid === drawing?.pid && tid === drawing.tid)
    .reduce((longest, { tdur = 0 }) => Math.max(longest, tdur / 1_000), 0);
}
