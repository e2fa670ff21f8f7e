import { join } from 'node:path';
import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import { clusterUrl, consoleUrl } from './scheme.ts';
import { placeWindow, readWindowState, smallestSize, writeWindowState } from './window-state.ts';

/** Opens the console's window where the last one was. */
export function openWindow(statePath: string): BrowserWindow {
  const state = readWindowState(statePath);
  const window = new BrowserWindow({
    ...placeWindow(
      state,
      screen.getAllDisplays().map(({ workArea }) => workArea),
    ),
    minWidth: smallestSize.width,
    minHeight: smallestSize.height,
    title: app.getName(),
    show: false,
    // The page's own background, so that the first frame does not flash.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181d' : '#ffffff',
    webPreferences: {
      preload: join(import.meta.dirname, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  if (state?.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    writeWindowState(statePath, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  });
  window.webContents.on('did-fail-load', (_event, _code, reason) => {
    console.error(`the console did not load: ${reason}`);
  });
  // It also rejects when a reload overtakes it; what is a failure is said above.
  window.loadURL(consoleUrl).catch(() => undefined);
  return window;
}

/** Brings a console's window to the front, on the screen of a cluster if one is named. */
export function showConsole(window: BrowserWindow, cluster?: string): void {
  // Only the hash changes, so the page stays as it is and goes there by itself.
  if (cluster !== undefined) window.loadURL(clusterUrl(cluster)).catch(() => undefined);
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
