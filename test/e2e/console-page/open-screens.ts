import type { Page } from 'playwright-core';
import { violationsOn } from '../axe.ts';
import { launchChromium } from '../chromium-launch.ts';
import { serveConsolePage } from './build.ts';

/** The console over made-up clusters in a real browser. */
export interface Screens {
  readonly page: Page;
  /** What the page has complained about since it was opened: policy violations, errors, warnings of React. */
  readonly complaints: readonly string[];
  readonly open: (scene: string, hash: string, colorScheme?: 'light' | 'dark') => Promise<void>;
  /** What axe finds, one line each; nothing is what we want. */
  readonly findings: () => Promise<string[]>;
  readonly close: () => Promise<void>;
}

export async function openScreens(): Promise<Screens> {
  const served = await serveConsolePage();
  const chromium = await launchChromium();
  const { page } = chromium;
  let complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return {
    page,
    get complaints() {
      return complaints;
    },
    open: async (scene, hash, colorScheme = 'light') => {
      complaints = [];
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto('about:blank');
      await page.goto(`${served.origin}/?scene=${scene}${hash}`);
      await page.locator('main > *').first().waitFor();
    },
    findings: () => violationsOn(page),
    close: async () => {
      await chromium.close();
      await served.close();
    },
  };
}
