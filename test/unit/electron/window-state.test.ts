import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { firstSize, placeWindow, readWindowState, writeWindowState } from '../../../electron/window-state.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const state = { bounds: { x: 100, y: 50, width: 1000, height: 700 }, maximized: false };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handover-window-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the window opens where it was closed', () => {
  const file = join(folder, 'not', 'there', 'yet', 'window.json');
  expect(readWindowState(file)).toBeUndefined();
  writeWindowState(file, state);
  expect(placeWindow(readWindowState(file), [screen])).toEqual(state.bounds);
});

test('the first window, and one whose file was damaged, has our size', () => {
  const file = join(folder, 'window.json');
  writeFileSync(file, '{"bounds": {"x": "left"');
  expect(placeWindow(readWindowState(file), [screen])).toEqual(firstSize);
});

test('a window on a screen that was unplugged keeps its size and comes back into sight', () => {
  const away = { ...state, bounds: { ...state.bounds, x: 2500 } };
  expect(placeWindow(away, [screen])).toEqual({ width: 1000, height: 700 });
  expect(placeWindow(away, [screen, { ...screen, x: 1920 }])).toEqual(away.bounds);
});
