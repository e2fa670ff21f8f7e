import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from '../../main/engine.ts';
import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { TableLab } from './table-lab.ts';

/** Who is master may be doubted once more in the first seconds. */
const steadyMs = 2_500;

/** A console without a screen, as `ops`, once it knows who is master and reads both nodes. */
export async function withEngine<T>({ lab }: TableLab, act: (engine: Engine) => Promise<T>): Promise<T> {
  const stateDir = mkdtempSync(join(tmpdir(), 'handover-bench-'));
  const engine = await createEngine({
    kind: 'browser',
    version: '0',
    inventoryPath: lab.inventory.ops,
    stateDir,
  });
  try {
    await new Promise<void>((resolve) => {
      let since: number | undefined;
      const stop = engine.subscribe('fleet', ({ clusters }) => {
        since = clusters.some(isKnown) ? (since ?? performance.now()) : undefined;
        if (since === undefined || performance.now() - since < steadyMs) return;
        resolve();
        queueMicrotask(() => stop());
      });
    });
    return await act(engine);
  } finally {
    await engine.close();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

const isKnown = ({ master, nodes }: ClusterSnapshot): boolean =>
  master !== undefined && nodes.every(({ readings }) => readings.agent?.ok && readings.connections?.ok);
