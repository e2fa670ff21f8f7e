import { writeSync } from 'node:fs';
import { openFile } from '../../../main/history/open-file.ts';
import { openStore } from '../../../main/history/store.ts';
import { summaryOf } from '../../../main/history/summary.ts';
import { event, second, start } from './made-up-time.ts';

// Writes batch after batch, as fast as it can, until it is killed; prints the number of each that was taken.
const [, , path = '', first = '0'] = process.argv;
const opened = openFile(path);
if (!opened.ok) throw new Error(JSON.stringify(opened.error));
const store = openStore(opened.value);
for (let n = Number(first); ; n += 1) {
  const at = start + n * second;
  const rows = [{ at, summary: summaryOf([n, n, n, n, n, n, n, n, n, n, n]) }];
  store.write(
    {
      readings: ['fw1', 'fw2'].map((node) => ({ cluster: 'edge', node, rows })),
      events: [{ cluster: 'edge', event: event(n + 1, at) }],
    },
    at,
    true,
  );
  writeSync(1, `${n}\n`);
}
