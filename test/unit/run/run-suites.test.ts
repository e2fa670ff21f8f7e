import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Machine, Need } from '../../run/needs.ts';
import { runSuites } from '../../run/run-suites.ts';
import type { Suite } from '../../run/suites.ts';

const bare: Machine = {
  isRoot: false,
  canUnshare: false,
  canSandbox: false,
  hasProgram: () => false,
  hasLibrary: () => false,
  hasFile: () => false,
};
const keepalived: Need = { label: 'keepalived', packages: ['keepalived'], met: (machine) => machine.isRoot };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handover-suites-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A suite that is a script for Node. `REPORT` in it is where its report has to be written. */
const suite = (name: string, script: string, more: Partial<Suite> = {}): Suite => ({
  name,
  about: '',
  command: (report) => [process.execPath, '--eval', script.replaceAll('REPORT', JSON.stringify(report))],
  counts: 'itself',
  limitMinutes: 1,
  needs: [],
  ...more,
});

const writing = (outcomes: string[]) => {
  const report = {
    testResults: [{ status: 'passed', assertionResults: outcomes.map((status) => ({ status })) }],
  };
  return `require('node:fs').writeFileSync(REPORT, ${JSON.stringify(JSON.stringify(report))});`;
};

async function running(suites: Suite[], { ci = false, signal = new AbortController().signal } = {}) {
  const said: string[] = [];
  const tally = await runSuites(suites, {
    machine: bare,
    reports: folder,
    ci,
    signal,
    say: (line) => said.push(line),
  });
  return { tally, said: said.join('\n') };
}

describe('a run', () => {
  test('adds up its suites and says how long each took', async () => {
    const { tally, said } = await running([
      suite('types', ''),
      suite('unit', writing(['passed', 'passed', 'skipped']), { counts: 'tests' }),
      suite('lint', 'process.exit(1)'),
    ]);
    expect(tally).toEqual({ passed: 3, failed: 1, skipped: 1 });
    expect(said).toMatch(/unit +[\d.]+ s {2}2 passed, 0 failed, 1 skipped/);
  });

  test('runs all parts of a suite at once, adds them up, and fails where one does', async () => {
    const [here, there] = ['here', 'there'].map((name) => JSON.stringify(join(folder, name)));
    // each ends only once the other one has begun
    const meeting = (own = '', other = '') =>
      `const fs = require('node:fs'); fs.writeFileSync(${own}, ''); while (!fs.existsSync(${other}));`;
    const half = (script: string) => suite('', script).command;
    const lab = suite('lab', meeting(here, there) + writing(['passed', 'passed']), {
      counts: 'tests',
      beside: [half(meeting(there, here) + writing(['passed', 'failed']))],
    });
    const { tally, said } = await running([lab]);
    expect(tally).toEqual({ passed: 3, failed: 1, skipped: 0 });
    expect(said).toMatch(/lab +[\d.]+ s {2}3 passed, 1 failed/);
  });

  test('counts a suite that crashes as a failure', async () => {
    const { tally } = await running([
      suite('unit', 'process.kill(process.pid, "SIGKILL")', { counts: 'tests' }),
    ]);
    expect(tally).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  test('counts a suite whose program is missing as a failure', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { tally } = await running([suite('lint', '', { command: () => [join(folder, 'missing')] })]);
    expect(tally.failed).toBe(1);
    expect(logged).toHaveBeenCalledOnce();
    logged.mockRestore();
  });

  test('ends a suite that hangs, and counts it as a failure whatever it reported', async () => {
    const hanging = suite('unit', `${writing(['passed'])} setInterval(() => {}, 1000)`, {
      counts: 'tests',
      limitMinutes: 0.01,
    });
    const { tally, said } = await running([hanging]);
    expect(tally).toEqual({ passed: 1, failed: 1, skipped: 0 });
    expect(said).toContain('past its limit');
  });
});

describe('a suite that this machine cannot run', () => {
  const lab = suite('lab', '', { needs: [keepalived] });

  test('is named last with what it needs', async () => {
    const { tally, said } = await running([lab, suite('types', '')]);
    expect(tally).toEqual({ passed: 1, failed: 0, skipped: 1 });
    expect(said.trimEnd()).toMatch(/lab: needs keepalived$/);
  });

  test('is a failure in CI, as is a test that was skipped', async () => {
    const { tally } = await running(
      [lab, suite('unit', writing(['passed', 'skipped']), { counts: 'tests' })],
      {
        ci: true,
      },
    );
    expect(tally).toEqual({ passed: 1, failed: 2, skipped: 0 });
  });
});

test('an interruption ends the suite with all that it started, and runs no further one', async () => {
  const note = join(folder, 'grandchild');
  const interruption = new AbortController();
  const parent = suite(
    'unit',
    `const child = require('node:child_process').spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)']);
     require('node:fs').writeFileSync(${JSON.stringify(note)}, String(child.pid));`,
  );
  const run = running([parent, suite('build', '')], { signal: interruption.signal });
  await vi.waitUntil(() => existsSync(note) && readFileSync(note, 'utf8') !== '', { timeout: 10_000 });
  interruption.abort();
  const { tally } = await run;
  expect(tally).toEqual({ passed: 0, failed: 1, skipped: 1 });
  const grandchild = Number(readFileSync(note, 'utf8'));
  await vi.waitUntil(() => !isAlive(grandchild), { timeout: 10_000 });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the command', () => {
  const main = join(import.meta.dirname, '..', '..', 'run', 'main.mjs');
  const command = async (...args: string[]) => {
    const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += bytes));
    const [status] = await once(child, 'close');
    return { status, output };
  };

  test('names its suites', async () => {
    const { status, output } = await command('--list');
    expect(status).toBe(0);
    for (const name of ['types', 'lint', 'unused', 'house', 'unit', 'build', 'lab', 'bench', 'e2e']) {
      expect(output).toMatch(new RegExp(`^${name} `, 'm'));
    }
  });

  test('refuses a suite that it does not have, rather than running none and passing', async () => {
    const { status, output } = await command('--only', 'unti');
    expect(status).toBe(64);
    expect(output).toContain('There is no suite "unti"');
  });

  test('fails where it was asked to run nothing', async () => {
    const { status, output } = await command('--only', '');
    expect(status).toBe(1);
    expect(output.trimEnd().split('\n').at(-1)).toBe('0 passed, 0 failed, 0 skipped');
  });
});
