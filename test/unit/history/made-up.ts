import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { History } from '../../../main/history/history.ts';
import { snapshot } from './made-up-snapshot.ts';

/** A file in a folder of its own, which goes with the test. */
export function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'handover-history-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'state', 'history.db');
}

/** What a chart shows of the only node. */
export async function chart(
  history: History,
  now: number,
  seconds: number,
  points = 300,
  between: { readonly from?: number; readonly to?: number } = {},
) {
  const series = await history.series(snapshot(now), { seconds, points, ...between });
  const [fw2] = series.nodes;
  if (!fw2) throw new Error('the chart has no node');
  return { ...series, fw2 };
}
