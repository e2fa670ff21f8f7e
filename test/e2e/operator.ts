/** What an operator of the lab sees and does on a console, whichever door they came in by. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { Lab } from '../lab/lab.ts';
import { violationsOn } from './axe.ts';

export interface Operator {
  readonly lab: Lab;
  readonly page: Page;
  /** By which they came in: their pictures lie in the folder of test-results of this name. */
  readonly door: string;
  /** As whom the console logs in to the nodes. */
  readonly login: 'ops' | 'root';
  /** What the page complained of in its log so far; of a violated policy above all. */
  readonly complaints: readonly string[];
  /** Of the console, in CSS pixels. */
  resize(width: number, height: number): Promise<void>;
}

/** The page's errors and warnings from now on. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}

/** The box of a node in the drawn cluster, once it says all of this. */
export function nodeBox(page: Page, name: string, ...says: RegExp[]): Locator {
  return says.reduce((box, hasText) => box.filter({ hasText }), page.getByRole('article', { name }));
}

export const verdict = (page: Page): Locator => page.getByRole('region', { name: 'Verdict' });

/** From wherever one is. */
export async function openCluster(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Handover: all clusters' }).click();
  await page.getByRole('link', { name: 'lab', exact: true }).click();
}

export async function goTo(page: Page, screen: 'Overview' | 'Connections' | 'Fail over'): Promise<void> {
  await page.getByRole('link', { name: screen, exact: true }).click();
}

/** When the box of the node first showed the role, in ms since the epoch, seen in the page itself frame by frame. */
export async function roleShown(page: Page, node: string, role: string): Promise<number> {
  const shown = await page.waitForFunction(
    ([name, word]) => {
      const box = [...document.querySelectorAll('article')].find((each) => each.ariaLabel === name);
      return box?.innerText.split('\n').some((line) => line.startsWith(word)) ? Date.now() : false;
    },
    [node, role] as const,
    { timeout: 30_000, polling: 'raf' },
  );
  return Number(await shown.jsonValue());
}

/** Each size and each look once: all four together take twice as long. */
const sights = [
  { look: 'dark', width: 1920, height: 1080 },
  { look: 'light', width: 1280, height: 800 },
] as const;

/** Pictures of the screen as it is, dark and large, light and small; returns what is wrong with any of them. */
export async function lookAt(operator: Operator, screen: string): Promise<string[]> {
  const { page, door, resize } = operator;
  const folder = join('test-results', door);
  mkdirSync(folder, { recursive: true });
  const found: string[] = [];
  // the pages are the same in both: what is wrong with them is looked for in one
  for (const { look, width, height } of door === 'electron' ? sights.slice(0, 1) : sights) {
    await resize(width, height);
    await page.emulateMedia({ colorScheme: look });
    await page.screenshot({ path: join(folder, `${screen}-${look}-${width}.png`) });
    const complaints = await inspect(page);
    found.push(...complaints.map((complaint) => `${screen}, ${look}, ${width}: ${complaint}`));
  }
  return found;
}

/** What is wrong with the screen as it is now: in axe's words, and where it does not keep to the window. */
async function inspect(page: Page): Promise<string[]> {
  const tooLarge = await page.evaluate(() => {
    const { scrollWidth, scrollHeight } = document.documentElement;
    return scrollWidth > innerWidth || scrollHeight > innerHeight
      ? [`the document is ${scrollWidth} × ${scrollHeight}: the window scrolls beside the page`]
      : [];
  });
  return [...(await violationsOn(page)), ...tooLarge];
}
