/** Lag as a time, on a real cluster. */
import { afterAll, beforeAll, test } from 'vitest';
import { type Lab, up } from './lab.ts';
import { setSyncDelay } from './network.ts';
import { type LagWatch, watchLag } from './watch-lag.ts';

let lab: Lab;
let lag: LagWatch;

beforeAll(async () => {
  // nobody acknowledges anything: the queue says nothing here
  lab = await up({ mode: 'notrack' });
  const [one, other] = lab.plan.nodes;
  if (!one || !other) throw new Error('two nodes are needed');
  await setSyncDelay([one, other], 500);
  lag = watchLag(lab.inventory.ops, 3_000);
}, 700_000);

afterAll(async () => {
  lag?.close();
  await lab?.traffic.stop().catch(() => undefined);
  await lab?.down();
}, 60_000);

test('a sync link that takes half a second is seen as such, in a mode that acknowledges nothing', async () => {
  // the counters are compared while nothing changes
  await lag.until('a burst', () => lag.estimate('fw2', 'counter-delay') !== undefined, 30_000);
  await lab.traffic.start();
  await lag.until(
    'half a second',
    ({ nodes }) => {
      const { kind, seconds = 0, from } = nodes[1]?.replication?.lag ?? {};
      return from === 'counter-delay' && kind === 'measured' && seconds > 0.35 && seconds < 0.75;
    },
    40_000,
  );
}, 90_000);
