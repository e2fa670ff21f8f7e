import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
// for measured spans, not for waits until something happens
import { setTimeout as after } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { launchChromium } from '../e2e/chromium-launch.ts';
import { privateHome } from '../e2e/private-home.ts';
import { atMost, type BenchFigure } from './figure.ts';
import { type Seen, watchFrames } from './fleet-page.ts';
import { stallable } from './stallable.ts';

const clusters = 100;
const nodes = 250;
/** Every session is up and every slow reading was taken once. */
const settleMs = 40_000;
const runMs = 20_000;
const runs = 3;
const clockTicks = 100;
const project = join(import.meta.dirname, '..', '..');

/**
 * A hundred clusters of simulated nodes behind real SSH servers of a second process, watched by `handover serve` and
 * shown in Chromium: what the engine costs, how long a snapshot takes to the screen, and what one hung node does to
 * the others.
 */
export async function benchFleet(): Promise<readonly BenchFigure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'handover-bench-'));
  const home = privateHome(undefined);
  const children: ChildProcess[] = [];
  const start = async (argv: readonly string[], ready: RegExp): Promise<{ pid: number; match: string }> => {
    const child = spawn(process.execPath, argv, {
      cwd: project,
      env: { ...process.env, ...home.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    for await (const line of createInterface({ input: child.stdout })) {
      const found = ready.exec(line);
      if (found && child.pid !== undefined) return { pid: child.pid, match: found[1] ?? '' };
    }
    throw new Error(`${argv[0]} ended early`);
  };
  try {
    await start([join(import.meta.dirname, 'fleet-nodes.ts'), folder, `${clusters}`, `${nodes}`], /^ready$/);
    const inventory = join(folder, 'clusters.yaml');
    const hung = await stallable(inventory);
    const engine = await start(
      [join(project, 'main', 'cli', 'main.ts'), 'serve', '--inventory', inventory],
      /^Open (\S+)$/,
    );
    const chromium = await launchChromium();
    const frames = await watchFrames(chromium.page);
    await chromium.page.goto(engine.match);
    await after(settleMs);
    const cores: number[] = [];
    const calm: Seen[] = [];
    for (let run = 0; run < runs; run += 1) {
      const spentBefore = cpuSeconds(engine.pid);
      const from = performance.now();
      await frames.take();
      await after(runMs);
      cores.push(((cpuSeconds(engine.pid) - spentBefore) / (performance.now() - from)) * 1000);
      calm.push(await frames.take());
    }
    await assertWatched(chromium.page);
    hung.stall();
    const stalled: Seen[] = [];
    for (let run = 0; run < runs; run += 1) {
      await after(runMs);
      stalled.push(await frames.take(hung.cluster));
    }
    const memory = residentMb(engine.pid);
    await chromium.close();
    hung.close();
    const n = nodes;
    const before = atMost(
      0,
      'ms',
      'before',
      n,
      calm.map((seen) => seen.gapMs),
    ).value;
    const gap = atMost(
      before * 1.25,
      'ms',
      'fleet-hung-node',
      n,
      stalled.map((seen) => seen.gapMs),
    );
    return [
      round(
        atMost(
          0.5,
          `cores of ${cpus().length}`,
          'fleet-cpu',
          n,
          cores.map((each) => each * 100),
        ),
        100,
      ),
      atMost(500, 'MB', 'fleet-memory', n, [memory]),
      atMost(
        100,
        'ms',
        'fleet-snapshot-to-screen',
        n,
        calm.map((seen) => seen.medianMs),
      ),
      atMost(
        250,
        'ms',
        'fleet-snapshot-to-screen-p95',
        n,
        calm.map((seen) => seen.p95Ms),
      ),
      { ...gap, baseline: before, ratio: Math.round((gap.value / before) * 100) / 100 },
    ];
  } finally {
    for (const child of children) {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      if (child.exitCode === null && child.signalCode === null) await ended;
    }
    home.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A figure in hundredths, as itself. */
const round = (figure: BenchFigure, by: number): BenchFigure => {
  const value = figure.value / by;
  return {
    ...figure,
    value,
    runs: figure.runs.map((run) => run / by),
    pass: value <= (figure.goal ?? value),
  };
};

/** User and system time that a process has used. Fields 14 and 15 of proc(5)'s stat, behind the name in brackets. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / clockTicks;
}

const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** A bench of clusters that nobody could read would be fast. */
async function assertWatched(page: Page): Promise<void> {
  const rows = await page
    .getByRole('row')
    .filter({ hasText: /site-\d+/ })
    .count();
  if (rows < clusters) throw new Error(`the fleet shows ${rows} of ${clusters} clusters`);
}
