import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openHistory } from '../../../main/history/history.ts';
import { temporaryFile } from './made-up.ts';
import { second, start } from './made-up-time.ts';

const rounds = 10;

it('survives kill -9 in the middle of a write: all that was taken is there, and nothing by half', async () => {
  const path = temporaryFile();
  let taken = -1;
  for (let round = 0; round < rounds; round += 1) {
    const before = taken;
    taken = await writeUntilKilled(path, taken + 1, Math.random() * 60);
    expect(taken).toBeGreaterThan(before);
    taken = expectWhole(path, taken);
  }
  const history = openHistory(path, () => start + taken * second);
  expect(history.notices()).toEqual([]);
  expect(history.events('edge', 0, Number.MAX_SAFE_INTEGER).at(-1)?.id).toBe(taken + 1);
  history.close();
}, 60_000);

/** The number of the last batch that the writer said was taken before it was killed. */
async function writeUntilKilled(path: string, first: number, forMs: number): Promise<number> {
  const writer = spawn(
    process.execPath,
    [fileURLToPath(new URL('./killed-writer.ts', import.meta.url)), path, String(first)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exited = once(writer, 'exit');
  let taken = -1;
  for await (const line of createInterface({ input: writer.stdout })) {
    if (taken === -1) setTimeout(() => writer.kill('SIGKILL'), forMs);
    taken = Number(line);
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  return taken;
}

/** Looks at the file as it was left. Answers with its newest batch: one may be taken that was not said any more. */
function expectWhole(path: string, taken: number): number {
  const database = new DatabaseSync(path);
  const numbers = (sql: string) =>
    Object.values(database.prepare(sql).get() ?? {}).map((each) => Number(each));
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  const [newest = -1] = numbers('SELECT max(connections) FROM second');
  expect(newest).toBeGreaterThanOrEqual(taken);
  expect(newest).toBeLessThanOrEqual(taken + 1);
  const seconds = numbers(`SELECT count(*), count(DISTINCT at), max(at) - min(at) FROM second`);
  const kept = (seconds[1] ?? 0) * 2;
  expect(seconds).toEqual([kept, kept / 2, (kept / 2 - 1) * second]);
  expect(numbers('SELECT count(*), max(id) FROM event')).toEqual([newest + 1, newest + 1]);
  const whole = Math.floor((newest * second) / 10_000);
  expect(
    numbers(`SELECT count(*), count(DISTINCT at), ifnull(max(connections), -1) FROM ten_seconds
      WHERE connections = (at - ${start}) / 1000 + 9 AND connections_low = (at - ${start}) / 1000
        AND connections_high IS NULL`),
  ).toEqual([whole * 2, whole, whole * 10 - 1]);
  database.close();
  return newest;
}
