import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inventoryErrorText, loadAlertCommand, loadInventory } from '../../../main/inventory/load.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/inventory');
const operator = { user: 'kim', home: '/home/kim' };
const folder = mkdtempSync(join(tmpdir(), 'handover-inventory-'));
afterAll(() => rmSync(folder, { recursive: true }));

const namesIn = (kind: string): string[] =>
  readdirSync(join(fixtures, kind))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length));

describe('an inventory file', () => {
  it.each(namesIn('valid'))('%s is read with every default filled in', (name) => {
    const loaded = loadInventory(join(fixtures, 'valid', `${name}.yaml`), operator);
    const expected: unknown = JSON.parse(readFileSync(join(fixtures, 'valid', `${name}.json`), 'utf8'));
    expect(loaded).toStrictEqual({ ok: true, value: expected });
  });

  it.each(namesIn('errors'))('%s is refused with the place and what was expected', (name) => {
    const loaded = loadInventory(join(fixtures, 'errors', `${name}.yaml`), operator);
    expect(loaded.ok).toBe(false);
    if (loaded.ok) return;
    const told = inventoryErrorText({ ...loaded.error, file: `${name}.yaml` });
    expect(`${told}\n`).toBe(readFileSync(join(fixtures, 'errors', `${name}.txt`), 'utf8'));
  });

  it('that is not there holds no clusters', () => {
    expect(loadInventory(join(folder, 'none.yaml'))).toEqual({ ok: true, value: [] });
  });

  it('that is a folder is an error that names it', () => {
    expect(loadInventory(folder)).toMatchObject({ ok: false, error: { file: folder } });
  });

  it('that is not text is an error, not a list of strange names', () => {
    const path = join(folder, 'latin1.yaml');
    writeFileSync(path, Buffer.from('clusters:\n  - name: Z\xfcrich\n', 'latin1'));
    expect(loadInventory(path)).toMatchObject({ ok: false, error: { message: 'is not UTF-8 text' } });
  });

  it('whose aliases multiply beyond measure is refused before they fill the memory', () => {
    const path = join(folder, 'laughs.yaml');
    const levels = Array.from({ length: 12 }, (_, i) =>
      i === 0
        ? 'l0: &l0 [x]'
        : `l${i}: &l${i} [${Array(10)
            .fill(`*l${i - 1}`)
            .join(', ')}]`,
    );
    writeFileSync(path, levels.join('\n'));
    expect(loadInventory(path)).toMatchObject({ ok: false, error: { expected: 'valid YAML' } });
  });

  it('names the command for alerts, with the home of the operator who runs it and 10 s', () => {
    expect(loadAlertCommand(join(fixtures, 'valid', 'alerts.yaml'), operator)).toEqual({
      ok: true,
      value: { argv: ['/home/kim/bin/page', '--team', 'network'], timeoutMs: 10_000 },
    });
    expect(loadAlertCommand(join(fixtures, 'valid', 'full.yaml'))).toEqual({ ok: true, value: undefined });
  });

  it('takes the login, the home and sudo from the operator who runs it', () => {
    const path = join(folder, 'root.yaml');
    writeFileSync(path, 'clusters: [{ name: a, nodes: [{ name: n, host: h, identityFile: ~/id }] }]');
    const loaded = loadInventory(path, { user: 'root', home: '/root' });
    expect(loaded.ok && loaded.value[0]?.nodes[0]).toEqual({
      name: 'n',
      host: 'h',
      port: 22,
      user: 'root',
      identityFile: '/root/id',
      knownHostsFile: '/root/.ssh/known_hosts',
      sudo: false,
    });
  });
});
