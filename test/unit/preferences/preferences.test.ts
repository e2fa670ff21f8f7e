import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPreferences } from '../../../main/preferences/preferences.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handover-preferences-'));
  path = join(folder, 'state', 'preferences.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('what an operator arranged', () => {
  it('is there after a restart, and for its owner alone', () => {
    expect(openPreferences(path).write('filters/edge', '["tcp"]').ok).toBe(true);
    expect(openPreferences(path).read('filters/edge')).toBe('["tcp"]');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'state'))).toEqual(['preferences.json']);
  });

  it('was never arranged: nothing, also for names that every object has', () => {
    expect(openPreferences(path).read('filters/edge')).toBeUndefined();
    expect(openPreferences(path).read('constructor')).toBeUndefined();
  });

  it('in one console does not undo what was arranged in another', () => {
    const [one, other] = [openPreferences(path), openPreferences(path)];
    one.write('filters/edge', 'a');
    other.write('columns', 'b');
    one.write('filters/core', 'c');
    expect(['filters/edge', 'columns', 'filters/core'].map(other.read)).toEqual(['a', 'b', 'c']);
  });

  it('is forgotten when it is emptied', () => {
    const preferences = openPreferences(path);
    preferences.write('columns', 'b');
    preferences.write('columns', '');
    expect(readFileSync(path, 'utf8')).toBe('{}\n');
  });

  it('is set aside where the file is broken, and not lost', () => {
    openPreferences(path).write('columns', 'b');
    writeFileSync(path, '{"columns": 3');
    expect(openPreferences(path).read('columns')).toBeUndefined();
    expect(openPreferences(path).write('columns', 'c').ok).toBe(true);
    expect(openPreferences(path).read('columns')).toBe('c');
    const aside = readdirSync(join(folder, 'state')).find((name) => name.includes('.broken-')) ?? '';
    expect(readFileSync(join(folder, 'state', aside), 'utf8')).toBe('{"columns": 3');
  });

  it('is refused, with the reason, where it cannot be kept', () => {
    writeFileSync(join(folder, 'state'), 'a file where the folder should be');
    expect(openPreferences(path).write('columns', 'b')).toMatchObject({ ok: false });
    rmSync(join(folder, 'state'));
    expect(openPreferences(path).write('columns', 'x'.repeat(1_000_001))).toMatchObject({ ok: false });
  });
});
