/** That a node which has just lost the role says until when it waits for PurgeTimeout, and that this alone keeps it amber. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatClock } from '../../shared/domain/format.ts';
import { type Lab, up } from './lab.ts';
import { mustOn } from './node.ts';
import { handoverFile } from './plan.ts';
import { watchStatus } from './watch-status.ts';

const state = mkdtempSync(join(tmpdir(), 'handover-purge-'));
let lab: Lab;
beforeAll(async () => {
  lab = await up();
}, 700_000);
afterAll(async () => {
  await lab?.down();
  rmSync(state, { recursive: true, force: true });
}, 60_000);

test('after a failover and its failback the verdict is amber until the flush, and green within five seconds of it', async () => {
  const watch = watchStatus(lab.inventory.root, { ...process.env, XDG_STATE_HOME: state });
  try {
    await watch.until('the cluster to be well', ({ verdict }) => verdict === 'ok', 60);
    await mustOn('fw1', ['tee', handoverFile], { input: '-100\n' });
    await watch.until('fw2 to be master', ({ master }) => master === 'fw2', 30);
    await mustOn('fw1', ['tee', handoverFile], { input: '0\n' });
    await watch.until('fw1 to be master again', ({ master }) => master === 'fw1', 30);
    const waiting =
      /^fw2 is not ready at this moment: it still holds what it carried, and empties its kernel table of it at (\d\d:\d\d:\d\d) \(PurgeTimeout, \d+ s, after its change of role\)\.$/;
    await watch.until(
      'fw2 to say until when it waits',
      ({ verdict, reasons }) =>
        verdict === 'warning' && reasons.length === 1 && waiting.test(reasons[0]?.message ?? ''),
      30,
    );
    const said = waiting.exec(watch.newest()?.reasons[0]?.message ?? '')?.[1] ?? '';
    const seconds = await watch.until('the verdict to be ok again', ({ verdict }) => verdict === 'ok', 60);
    const late = (secondsOf(formatClock(Date.now())) - secondsOf(said) + 86_400) % 86_400;
    console.warn(
      `it said ${said}, and was green ${late} s after that, ${seconds.toFixed(1)} s after it said so`,
    );
    expect(late).toBeLessThanOrEqual(5);
  } finally {
    watch.end();
  }
}, 180_000);

/** Of the day, from `14:02:11`. */
const secondsOf = (clock: string): number =>
  clock.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);
