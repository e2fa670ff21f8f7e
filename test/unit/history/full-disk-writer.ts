import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mock } from 'node:test';
import { openHistory } from '../../../main/history/history.ts';
import { snapshot } from './made-up-snapshot.ts';
import { second, start } from './made-up-time.ts';

// Runs on a disk of its own, fills it up, makes room again, and prints what its operator saw meanwhile.
const [, , disk = ''] = process.argv;
const path = join(disk, 'history.db');
const clock = { now: start };
mock.timers.enable({ apis: ['setTimeout'] });
const history = openHistory(path, () => clock.now);
const see = (count: number) => {
  for (let each = 0; each < count; each += 1) {
    history.record(snapshot(clock.now, { fw1: {}, fw2: {} }));
    mock.timers.tick(second);
    clock.now += second;
  }
};
const shown = async (from = history) =>
  (await from.series(snapshot(clock.now), { seconds: 3_600, points: 3_600 })).times.length;

see(60);
const filling = join(disk, 'filling');
try {
  for (;;) writeFileSync(filling, Buffer.alloc(65_536), { flag: 'a' });
} catch {
  // The disk is full.
}
see(120);
const full = { notices: history.notices(), shown: await shown() };
rmSync(filling);
see(60);
const roomy = { notices: history.notices(), shown: await shown() };
history.close();
const again = openHistory(path, () => clock.now);
const restarted = { notices: again.notices(), shown: await shown(again) };
again.close();
process.stdout.write(JSON.stringify({ full, roomy, restarted }));
