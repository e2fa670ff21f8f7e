import { type Browser, chromium, type Page } from 'playwright-core';

export interface ChromiumOptions {
  /** Opened at once, if given: the one-time link of `handover serve`, say. */
  readonly url?: string;
  /** Of the page, in CSS pixels, as is the height. */
  readonly width?: number;
  readonly height?: number;
  /** Physical pixels per CSS pixel. */
  readonly scale?: number;
}

export interface LaunchedChromium {
  readonly browser: Browser;
  readonly page: Page;
  close(): Promise<void>;
}

/** Debian's browser. Root cannot use its sandbox; it sees nothing but this project's own pages. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Opens a page in a headless Chromium with an empty profile. */
export async function launchChromium(options: ChromiumOptions = {}): Promise<LaunchedChromium> {
  const { url, width = 1280, height = 800, scale = 1 } = options;
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: scale });
    if (url !== undefined) await page.goto(url);
    return { browser, page, close: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
