import { writeSync } from 'node:fs';
import { figureNames } from '../../../main/history/figures.ts';
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
  const rows = [{ at, summary: summaryOf(figureNames.map(() => n)) }];
  store.write(
    {
      readings: ['fw1', 'fw2'].map((node) => ({ cluster: 'edge', node, rows })),
      logs: [],
      events: [{ cluster: 'edge', event: event(n + 1, at) }],
    },
    at,
    ({ kept }) => kept,
  );
  writeSync(1, `${n}\n`);
}
