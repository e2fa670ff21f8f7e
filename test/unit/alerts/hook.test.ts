/** The operator's command for alerts: what it is told, and that nothing it does harms the engine. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AlertHook, alertHook } from '../../../main/alerts/hook.ts';
import type { Alert, AlertPhase } from '../../../shared/domain/alert.ts';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';

let folder: string;
let hook: AlertHook | undefined;
let failures: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handover-hook-'));
  failures = [];
});
afterEach(async () => {
  await hook?.close();
  rmSync(folder, { recursive: true });
});

const firing: AlertPhase = { kind: 'firing', raisedAt: 2_000 };
const alert = (name: Alert['name'], phase: AlertPhase = firing): Alert => ({
  id: `${name} fw2`,
  name,
  severity: 'critical',
  node: 'fw2',
  message: `It is "${name}"; $(touch ${folder}/harm).`,
  since: 1_000,
  phase,
});
const cluster = (alerts: Alert[], name = 'edge'): ClusterSnapshot => ({
  name,
  environment: 'production',
  revision: 1,
  observedAt: 0,
  verdict: 'critical',
  sentence: '',
  reasons: [],
  master: null,
  activeActive: false,
  nodes: [],
  events: [],
  run: null,
  alerts,
});

const path = (name: string) => join(folder, name);
const lines = (name: string): string[] =>
  existsSync(path(name)) ? readFileSync(path(name), 'utf8').split('\n').slice(0, -1) : [];

/** Starts a hook whose command is a Node program. */
function withProgram(source: string, { timeoutMs = 10_000, words = [] as string[] } = {}): AlertHook {
  writeFileSync(path('program.cjs'), `const fs = require('node:fs');\n${source}`);
  hook = alertHook(
    () => ({ argv: [process.execPath, path('program.cjs'), ...words], timeoutMs }),
    () => 9_000,
    (name, why) => failures.push(`${name}: ${why}`),
  );
  return hook;
}
const appends = (file: string) =>
  `fs.appendFileSync(${JSON.stringify(path(file))}, fs.readFileSync(0, 'utf8'));`;

describe('the alert command', () => {
  it('reads one JSON object on its standard input for each alert raised, acknowledged and cleared', async () => {
    const { observe } = withProgram(appends('told'));
    observe(cluster([alert('node-gone', { kind: 'pending', heldMs: 0 })]));
    observe(cluster([alert('node-gone')]));
    observe(cluster([alert('node-gone')]));
    observe(cluster([alert('node-gone', { ...firing, acknowledged: { at: 3_000, note: 'mine' } })]));
    observe(cluster([]));
    await vi.waitFor(() => expect(lines('told')).toHaveLength(3), 10_000);
    const events = lines('told').map((line) => JSON.parse(line));
    expect(events.map(({ event }) => event)).toEqual(['raised', 'acknowledged', 'cleared']);
    expect(events[1]).toEqual({
      version: 1,
      event: 'acknowledged',
      at: '1970-01-01T00:00:09.000Z',
      cluster: 'edge',
      environment: 'production',
      verdict: 'critical',
      alert: {
        id: 'node-gone fw2',
        name: 'node-gone',
        severity: 'critical',
        node: 'fw2',
        message: `It is "node-gone"; $(touch ${folder}/harm).`,
        since: '1970-01-01T00:00:01.000Z',
        raisedAt: '1970-01-01T00:00:02.000Z',
        acknowledged: { at: '1970-01-01T00:00:03.000Z', note: 'mine' },
      },
    });
    expect(failures).toEqual([]);
  });

  it('gets its words as they are: no shell reads them', async () => {
    const words = [`$(touch ${path('harm')})`, `; touch ${path('harm')}`, 'a b'];
    const { observe } = withProgram(
      `fs.writeFileSync(${JSON.stringify(path('words'))}, JSON.stringify(process.argv.slice(2)) + '\\n');`,
      { words },
    );
    observe(cluster([alert('node-gone')]));
    await vi.waitFor(() => expect(lines('words')).toEqual([JSON.stringify(words)]), 10_000);
    expect(existsSync(path('harm'))).toBe(false);
  });

  it('that fails is told as such, and the next event is tried again', async () => {
    const { observe } = withProgram('process.exit(3);');
    observe(cluster([alert('node-gone')]));
    observe(cluster([]));
    await vi.waitFor(() => expect(failures).toHaveLength(2), 10_000);
    expect(failures[0]).toBe(
      `edge: The alert command ${process.execPath} was not told that "node-gone fw2" was raised: it ended with status 3.`,
    );
    expect(failures[1]).toContain('was cleared: it ended with status 3');
  });

  it('that is not there is told as such', async () => {
    hook = alertHook(
      () => ({ argv: [path('none')], timeoutMs: 1_000 }),
      () => 0,
      (_, why) => failures.push(why),
    );
    hook.observe(cluster([alert('node-gone')]));
    await vi.waitFor(() => expect(failures).toEqual([expect.stringContaining('cannot be started')]));
  });

  it('that hangs is killed with all it started', async () => {
    const { observe } = withProgram(
      `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
       fs.writeFileSync(${JSON.stringify(path('pid'))}, child.pid + '\\n');
       setInterval(() => {}, 1000);`,
      { timeoutMs: 1_500 },
    );
    observe(cluster([alert('node-gone')]));
    await vi.waitFor(() => expect(failures).toEqual([expect.stringContaining('within 1.5 s')]), 10_000);
    const pid = Number(lines('pid')[0]);
    expect(pid).toBeGreaterThan(1);
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 5_000);
  });

  it('that does not read its input harms nothing, however long that is', async () => {
    const { observe } = withProgram(
      `fs.closeSync(0); ${'fs.appendFileSync'}(${JSON.stringify(path('ran'))}, 'x\\n');`,
    );
    observe(cluster([{ ...alert('node-gone'), message: 'x'.repeat(1_000_000) }]));
    await vi.waitFor(() => expect(lines('ran')).toEqual(['x']), 10_000);
  });

  it('runs for four clusters at once and for one of them never twice', async () => {
    const release = JSON.stringify(path('release'));
    const { observe } = withProgram(
      `const { cluster } = JSON.parse(fs.readFileSync(0, 'utf8'));
       fs.appendFileSync(${JSON.stringify(path('started'))}, cluster + '\\n');
       setInterval(() => fs.existsSync(${release}) && process.exit(0), 20);`,
    );
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      observe(cluster([alert('node-gone'), alert('agent-gone')], name));
    await vi.waitFor(() => expect(lines('started')).toHaveLength(4), 10_000);
    expect(lines('started').toSorted()).toEqual(['a', 'b', 'c', 'd']);
    writeFileSync(path('release'), '');
    await vi.waitFor(() => expect(lines('started')).toHaveLength(10), 10_000);
    expect(failures).toEqual([]);
  });

  it('a flood of events drops the oldest, says so, and holds up nobody', async () => {
    const { observe } = withProgram('setInterval(() => {}, 1000);');
    for (let each = 0; each < 120; each += 1) {
      observe(cluster([alert('node-gone')]));
      observe(cluster([]));
    }
    expect(failures).toHaveLength(39);
    expect(failures[0]).toContain('200 newer events were waiting');
  });

  it('is not started any more once the engine closes', async () => {
    const { observe, close } = withProgram(appends('told'));
    await close();
    observe(cluster([alert('node-gone')]));
    await close();
    expect(lines('told')).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
