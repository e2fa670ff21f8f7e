import { join } from 'node:path';
import { _electron, type ElectronApplication, errors, type Page } from 'playwright-core';
import { electronRuntime } from '../electron-runtime/electron-runtime.ts';
import { closedFolder, privateHome } from './private-home.ts';
import { openDisplay } from './xvfb.ts';

const project = join(import.meta.dirname, '..', '..');

export interface ElectronOptions {
  /** The folder whose package.json names the main script; this project by default. */
  readonly appDir?: string;
  /** An inventory file for the launched console; without one it starts as a newcomer's does. */
  readonly inventory?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Of the window's content, in CSS pixels, as is the height. */
  readonly width?: number;
  readonly height?: number;
  /** Physical pixels per CSS pixel. */
  readonly scale?: number;
}

export interface LaunchedElectron {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** What the app wrote to stdout and stderr so far. */
  output(): string;
  close(): Promise<void>;
}

/** A window is there within seconds, also on a busy machine. */
const launchMs = 60_000;

/**
 * Starts the app in a real Electron, as an ordinary user with an empty home, on a display of its own. Playwright may miss a
 * window that is made in the moment in which it connects, and then waits for ever (microsoft/playwright#17765, #29386): a
 * launch that it did not see the end of is tried once more, and said so.
 */
export async function launchElectron(options: ElectronOptions = {}): Promise<LaunchedElectron> {
  try {
    return await launchOnce(options);
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
    process.stderr.write(
      `Electron was not seen to come up within ${launchMs / 1000} s: launched once more\n`,
    );
    return await launchOnce(options);
  }
}

async function launchOnce(options: ElectronOptions): Promise<LaunchedElectron> {
  const { appDir = project, inventory, env = {}, width = 1280, height = 800, scale = 1 } = options;
  const dist = await electronRuntime();
  const home = privateHome(inventory);
  const display = await openDisplay(width * scale, height * scale);
  let app: ElectronApplication | undefined;
  const close = async () => {
    await app?.close().catch(() => {});
    await display.close();
    home.remove();
  };
  try {
    app = await _electron.launch({
      executablePath: join(import.meta.dirname, '..', 'electron-runtime', 'unprivileged.sh'),
      args: [`--force-device-scale-factor=${scale}`, '--disable-gpu', appDir],
      chromiumSandbox: true,
      timeout: launchMs,
      cwd: '/',
      env: {
        PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
        LANG: 'C.UTF-8',
        ...home.env,
        DISPLAY: display.name,
        ELECTRON: join(dist, 'electron'),
        PROJECT: project,
        CLOSED_FOLDER: closedFolder(project) ?? '',
        ...env,
      },
    });
    let output = '';
    const child = app.process();
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => (output += bytes));
    const page = await app.firstWindow();
    const window = await app.browserWindow(page);
    await window.evaluate((w, size) => w.setContentBounds({ x: 0, y: 0, ...size }), { width, height });
    return { app, page, output: () => output, close };
  } catch (error) {
    await close();
    throw error;
  }
}
