import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type History, openHistory } from '../../../main/history/history.ts';
import { migrate, migrations, pragma } from '../../../main/history/schema.ts';
import { fixtureBytes } from '../../support/fixture.ts';
import { chart, temporaryFile } from './made-up.ts';
import { snapshot } from './made-up-snapshot.ts';
import { event, second, start } from './made-up-time.ts';

let path: string;
beforeEach(() => {
  path = temporaryFile();
  mkdirSync(dirname(path));
});

function open(now = start): History {
  const history = openHistory(path, () => now);
  onTestFinished(history.close);
  return history;
}

const aside = () =>
  readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.aside-20260601T120000Z`));

/** Whatever is wrong with the file, the engine goes on and its charts do. */
async function expectAlive(history: History): Promise<void> {
  history.record(snapshot(start, { fw2: { connections: 42 } }, [event(1, start)]));
  expect((await chart(history, start, 60)).fw2.connections).toEqual([42]);
  expect(history.events('edge', 0, start + 1)).toHaveLength(1);
}

/** A history of some minutes. */
function fill(): void {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const clock = { now: start - 600 * second };
  const history = openHistory(path, () => clock.now);
  for (; clock.now < start; clock.now += second) {
    history.record(snapshot(clock.now, { fw1: {}, fw2: {} }));
    vi.advanceTimersByTime(second);
  }
  history.close();
}

describe('a file that is no history of ours', () => {
  it.each([
    ['text', () => writeFileSync(path, 'clusters:\n'.repeat(1_000))],
    ['another program’s database', foreign],
    ['a history whose tables are gone', () => alter('DROP TABLE minute')],
    ['a history that lost its tail', () => writeFileSync(path, readFilled().subarray(0, 8_192))],
  ])('is set aside, whole, and a new one is begun: %s', async (_, spoil) => {
    spoil();
    const before = readFileSync(path);
    const history = open();
    await expectAlive(history);
    expect(history.notices()).toHaveLength(1);
    expect(history.notices()[0]).toContain(`${path} cannot be read as a history: `);
    expect(history.notices()[0]).toMatch(/It was set aside as \S+\.aside-20260601T120000Z, and a new one/);
    expect(readFileSync(join(dirname(path), aside()[0] ?? ''))).toEqual(before);
    history.close();
    const again = open();
    expect(again.notices()).toEqual([]);
    expect(again.events('edge', 0, start + 1)).toHaveLength(1);
  });

  it('never takes the place of one that was set aside before', async () => {
    for (const text of ['one', 'two', 'three']) {
      writeFileSync(path, text.repeat(1_000));
      openHistory(path, () => start).close();
    }
    expect(aside().map((name) => readFileSync(join(dirname(path), name), 'utf8').slice(0, 3))).toEqual([
      'one',
      'two',
      'thr',
    ]);
  });

  it('is set aside as soon as its damage shows, and the engine goes on', async () => {
    fill();
    const bytes = readFileSync(path);
    for (let page = 4_096 * 12; page < bytes.length; page += 4_096) bytes.fill(0xa5, page, page + 4_096);
    writeFileSync(path, bytes);
    const history = open();
    await history.series(snapshot(start), { seconds: 3_600, points: 3_600 });
    await history.series(snapshot(start), { seconds: 86_400, points: 300 });
    await expectAlive(history);
    expect(history.notices()[0]).toContain('malformed');
    expect(aside()).not.toEqual([]);
  });
});

describe('a history made by a newer Handover', () => {
  it('is left alone to the byte, and this one keeps its own in memory', async () => {
    alter(`PRAGMA user_version = ${migrations.length + 1}`);
    const before = readFileSync(path);
    const history = open();
    await expectAlive(history);
    history.close();
    expect(history.notices()).toEqual([
      `${path} was written by a newer Handover (version ${migrations.length + 1} of its schema), and is left alone. Until this Handover ends, it keeps its own history in memory.`,
    ]);
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(dirname(path))).toEqual([basename(path)]);
  });
});

describe('a history made by an older Handover', () => {
  it('shows what is in it, goes on in it, and knows nothing of figures that it did not keep', async () => {
    writeFileSync(path, fixtureBytes('handover/0.1.0/history-1.db'));
    const history = open(start - 450 * second);
    expect(history.notices()).toEqual([]);
    history.record(snapshot(start - 450 * second, { fw2: { connections: 6_000 } }));
    const { fw2, marks } = await chart(history, start - 450 * second, 300);
    expect(fw2.connections.slice(0, 2)).toEqual([5_000, 5_001]);
    expect(fw2.connections.at(-1)).toBe(6_000);
    expect(fw2.lagKind?.[0]).toBe('below');
    expect(fw2.coverage?.[0]).toBe(0.99);
    expect(fw2.coverageError).toEqual([...Array.from({ length: 150 }, () => null), 0.002]);
    expect(marks.map(({ label }) => label)).toEqual(['fw2 is silent']);
  });

  const next = [...migrations, 'ALTER TABLE event ADD COLUMN note TEXT'];

  it('is brought up to date with all that is in it', async () => {
    fill();
    const database = new DatabaseSync(path);
    migrate(database, next);
    expect(pragma(database, 'user_version')).toBe(next.length);
    expect(database.prepare('SELECT count(*) AS n FROM minute').get()?.n).toBe(18);
    database.exec("INSERT INTO event VALUES ('edge', 1, 1, 'role', 'info', NULL, 'm', 's', 'a note')");
    migrate(database, next);
    expect(database.prepare('SELECT note FROM event').get()?.note).toBe('a note');
    database.close();
  });
});

describe('two Handovers on one machine', () => {
  it('share no file: the second says so, keeps its own history, and leaves the first one’s alone', async () => {
    const first = open();
    first.record(snapshot(start, { fw2: { connections: 1 } }));
    const second = open();
    await expectAlive(second);
    expect(second.notices()).toEqual([
      `Another Handover on this machine keeps the history in ${path}. Until this Handover ends, it keeps its own history in memory.`,
    ]);
    second.close();
    first.close();
    const third = open();
    expect(third.notices()).toEqual([]);
    expect((await chart(third, start, 60)).fw2.connections).toEqual([1]);
  });
});

describe('a place where no file can be made', () => {
  it('is told, and the history is kept in memory', async () => {
    mkdirSync(path);
    const history = open();
    await expectAlive(history);
    expect(history.notices()).toEqual([
      `The history cannot be kept in ${path}: unable to open database file. Until this Handover ends, it keeps its own history in memory.`,
    ]);
    writeFileSync(join(dirname(path), 'plain'), '');
    const below = openHistory(join(dirname(path), 'plain', 'history.db'), () => start);
    await expectAlive(below);
    expect(below.notices()[0]).toContain('The history cannot be kept in');
    below.close();
  });
});

it('is readable by its owner alone', async () => {
  open();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(existsSync(`${path}-shm`)).toBe(false);
});

function readFilled(): Buffer {
  fill();
  return readFileSync(path);
}

function alter(sql: string): void {
  fill();
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

function foreign(): void {
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE bookmark (url TEXT); PRAGMA user_version = 3');
  database.close();
}
