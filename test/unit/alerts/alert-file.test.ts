/** Alerts that were told, and their notes, over a restart. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAlertFile } from '../../../main/alerts/alert-file.ts';
import type { Alert } from '../../../shared/domain/alert.ts';
import { keptOf, restored } from '../../../shared/domain/alert-kept.ts';
import { nextAlerts } from '../../../shared/domain/alert-state.ts';
import { calmFor, lose } from '../domain/watched.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handover-alert-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = () => join(folder, 'state', 'alerts.json');
const open = () => openAlertFile(path(), () => 1_700_000_000_000);
const firing: Alert = {
  id: 'node-gone fw2',
  name: 'node-gone',
  severity: 'critical',
  node: 'fw2',
  message: 'fw2 cannot be read.',
  since: 1,
  phase: { kind: 'firing', raisedAt: 2, acknowledged: { at: 3, note: 'power supply' } },
};

describe('the alerts of an earlier session', () => {
  it('are there again with their notes, readable by their owner alone', () => {
    const file = open();
    file.keep('edge', { alerts: [firing] });
    file.close();
    expect(open().of('edge')).toEqual({ alerts: [firing] });
    expect(open().of('core')).toBeUndefined();
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'state'))).toEqual(['alerts.json']);
  });

  it('are gone when their condition ended, and when the cluster was removed', () => {
    const file = open();
    file.keep('edge', { alerts: [firing] });
    file.keep('core', { alerts: [firing] });
    file.close();
    const next = open();
    next.keep('edge', { alerts: [] });
    next.forget('core');
    next.close();
    expect([open().of('edge'), open().of('core')]).toEqual([undefined, undefined]);
  });

  it.each(['{"version": 1, "clus', '{"version": 2, "clusters": {}}', ''])(
    'in a file that is broken or not ours (%j) are set aside, not deleted, and it is said',
    (text) => {
      mkdirSync(join(folder, 'state'));
      writeFileSync(path(), text);
      const file = open();
      expect(file.of('edge')).toBeUndefined();
      const [aside = ''] = readdirSync(join(folder, 'state'));
      expect(aside).toMatch(/^alerts\.json\.aside-2023/);
      expect(readFileSync(join(folder, 'state', aside), 'utf8')).toBe(text);
      expect(file.notices()).toEqual([expect.stringContaining('It was set aside as')]);
      file.keep('edge', { alerts: [firing] });
      file.close();
      expect(open().of('edge')).toEqual({ alerts: [firing] });
    },
  );

  it('that cannot be written are said to be so, and nothing else happens', () => {
    writeFileSync(join(folder, 'state'), 'a file where the folder should be');
    const file = open();
    file.keep('edge', { alerts: [firing] });
    file.close();
    expect(file.notices().at(-1)).toContain('are not kept over a restart');
  });

  it('go on where they were: still raised while the nodes are read anew, cleared only once it is seen to be over', () => {
    const watched = calmFor(6);
    lose(watched, 'fw2');
    watched.seconds(15, { fw2: null });
    expect(watched.phase('node-gone fw2')).toBe('firing');
    watched.acknowledge('node-gone fw2', 'mine');
    const kept = keptOf(watched.alerts);
    expect(kept.alerts.map(({ id }) => id)).toContain('node-gone fw2');

    const after = calmFor(0);
    const before = restored(kept);
    const unread = nextAlerts(before, after.story.snapshot, after.story.now);
    expect(unread.alerts.find(({ id }) => id === 'node-gone fw2')?.phase).toMatchObject({
      kind: 'firing',
      acknowledged: { note: 'mine' },
    });
    after.alerts = before;
    after.seconds(25);
    expect(after.phase('node-gone fw2')).toBe('calm');
    expect(after.told).toContain('cleared node-gone fw2');
    expect(after.told).not.toContain('raised node-gone fw2');
  });
});
