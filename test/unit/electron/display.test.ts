import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { displayAddresses, hasDisplay } from '../../../electron/display.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handover-display-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a display that takes a connection is one, and what an old session left behind is not', async () => {
  const env = { WAYLAND_DISPLAY: 'wayland-7', XDG_RUNTIME_DIR: folder };
  expect(await hasDisplay(env, 'linux')).toBe(false);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folder, 'wayland-7'), resolve));
  expect(await hasDisplay(env, 'linux')).toBe(true);
  await new Promise((resolve) => server.close(resolve));
  expect(await hasDisplay(env, 'linux')).toBe(false);
});

test('every form of DISPLAY leads to its socket', () => {
  const ofDisplay = (name: string) => displayAddresses({ DISPLAY: name });
  const local = [{ path: '/tmp/.X11-unix/X12' }, { path: '\0/tmp/.X11-unix/X12' }];
  expect(ofDisplay(':12')).toEqual(local);
  expect(ofDisplay(':12.1')).toEqual(local);
  expect(ofDisplay('unix:12')).toEqual(local);
  expect(ofDisplay('localhost:10.0')).toEqual([{ host: 'localhost', port: 6010 }]);
  expect(ofDisplay('nonsense')).toEqual([]);
  expect(displayAddresses({})).toEqual([]);
});

test('macOS and Windows have a screen without saying so', async () => {
  expect(await hasDisplay({}, 'darwin')).toBe(true);
  expect(await hasDisplay({}, 'win32')).toBe(true);
  expect(await hasDisplay({}, 'linux')).toBe(false);
});
