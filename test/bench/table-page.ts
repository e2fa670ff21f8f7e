import type { Page } from 'playwright-core';
import { launchChromium } from '../e2e/chromium-launch.ts';
import { type ServedConsole, serveConsole } from '../e2e/served-console.ts';

/** What was seen on screen from a click to the whole table. Times in ms since the click, when the frame was drawn. */
export interface Watched {
  /** The first rows; undefined where rows were there before. */
  readonly firstMs: number;
  readonly wholeMs: number;
}

/** How many frames came later than two of a screen's, and the longest time between two, ms. */
export interface Frames {
  readonly late: number;
  readonly longestMs: number;
}

/** The console in a browser. Each `start` is a new engine, which has read no table yet. */
export interface TableScreen {
  readonly page: Page;
  /** Shows the connections of a node of the lab. */
  show(node: string): Promise<void>;
  /** Clicks and watches until a dump has ended and the table on screen has `least` connections, and says `words`. */
  watch(button: string, least: number, words?: string): Promise<Watched>;
  /** The same, and draws every frame that a screen would show meanwhile, which takes a tenth of a core. */
  watchFrames(button: string, least: number, words?: string): Promise<Watched & Frames>;
}

/** Opens the console, hands it to `act`, and closes it. */
export async function onTableScreen<T>(
  inventory: string,
  act: (screen: TableScreen) => Promise<T>,
): Promise<T> {
  let served: ServedConsole | undefined;
  const { page, close } = await launchChromium();
  page.setDefaultTimeout(60_000);
  try {
    served = await serveConsole(inventory);
    await page.goto(served.link);
    return await act({
      page,
      show: async (node) => {
        await page.evaluate(`location.hash = '#/cluster/lab/connections/${node}'`);
        await page.getByRole('link', { name: node }).and(page.locator('[aria-current=page]')).waitFor();
      },
      watch: watchBy(page, false),
      watchFrames: watchBy(page, true),
    });
  } finally {
    await close();
    await served?.close();
  }
}

const watchBy =
  (page: Page, frames: boolean) =>
  async (button: string, least: number, words = ''): Promise<Watched & Frames> => {
    await page.getByRole('button', { name: button }).first().waitFor();
    return page.evaluate(clickAndWatch, { button, least, words, lateMs: 32, frames });
  };

/** Runs in the page. What stands in the page when a frame begins is drawn in it: the task after it tells when. */
function clickAndWatch(asked: {
  button: string;
  least: number;
  words: string;
  lateMs: number;
  frames: boolean;
}): Promise<Watched & Frames> {
  const buttons = () => [...document.querySelectorAll('button')];
  // not innerText, which has the page laid out anew each time
  const begins = (word: string) => buttons().find((each) => each.textContent.trim().startsWith(word));
  const hasRows = () => document.querySelector('[role=gridcell]:not(:empty)') !== null;
  const total = () =>
    Number(
      /[\d,]+(?= connections)/
        .exec(document.querySelector('.table-status')?.textContent ?? '')?.[0]
        .replaceAll(',', ''),
    );
  const says = () => document.querySelector('.table-foot')?.textContent?.includes(asked.words) ?? false;
  const target = begins(asked.button);
  if (!target) throw new Error(`there is no button ${asked.button}`);
  return new Promise((resolve) => {
    let firstMs = hasRows() ? 0 : Number.NaN;
    let [sawRows, sawReading, isDone] = [hasRows(), false, false];
    let late = 0;
    let longestMs = 0;
    let last: number | undefined;
    const clickedAt = performance.now();
    const drawn = (act: (ms: number) => void) =>
      requestAnimationFrame(() => setTimeout(() => act(performance.now() - clickedAt)));
    const frame = (now: number) => {
      if (last !== undefined) {
        longestMs = Math.max(longestMs, now - last);
        if (now - last > asked.lateMs) late += 1;
      }
      last = now;
      if (!isDone) requestAnimationFrame(frame);
    };
    const look = () => {
      if (!sawRows && hasRows()) {
        sawRows = true;
        drawn((ms) => {
          firstMs = ms;
        });
      }
      const isReading = begins('Cancel') !== undefined;
      sawReading ||= isReading;
      if (isDone || !sawReading || isReading || !(total() >= asked.least) || !says()) return;
      observer.disconnect();
      drawn((wholeMs) => {
        isDone = true;
        resolve({ firstMs, wholeMs, late, longestMs });
      });
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    target.click();
    if (asked.frames) requestAnimationFrame(frame);
  });
}
