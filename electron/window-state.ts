import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod/mini';

const Bounds = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
export type Bounds = z.infer<typeof Bounds>;

const WindowState = z.object({ bounds: Bounds, maximized: z.boolean() });
export type WindowState = z.infer<typeof WindowState>;

/** A console's first size: what a laptop's screen takes, and what shows a cluster without scrolling. */
export const firstSize = { width: 1280, height: 840 };
export const smallestSize = { width: 720, height: 480 };

/** What was kept of the last window; undefined when there was none, or the file is not readable as ours. */
export function readWindowState(path: string): WindowState | undefined {
  try {
    return z.parse(WindowState, JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Losing it costs a drag of the mouse, so a disk that takes no more is not worth a word. */
export function writeWindowState(path: string, state: WindowState): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(state));
  } catch {
    return;
  }
}

/** Where to open: as it was, unless its title bar would be on no screen of today. */
export function placeWindow(
  state: WindowState | undefined,
  workAreas: readonly Bounds[],
): Bounds | typeof firstSize {
  const kept = state?.bounds;
  if (kept === undefined) return firstSize;
  const middle = kept.x + kept.width / 2;
  const reachable = workAreas.some(
    ({ x, y, width, height }) => middle >= x && middle < x + width && kept.y >= y && kept.y < y + height,
  );
  return reachable ? kept : { width: kept.width, height: kept.height };
}
