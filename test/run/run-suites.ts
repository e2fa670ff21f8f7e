import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, run } from './child.ts';
import { type Machine, unmet } from './needs.ts';
import type { Suite } from './suites.ts';
import {
  add,
  failuresOf,
  nothing,
  oneFailed,
  onePassed,
  oneSkipped,
  strict,
  summaryLine,
  type Tally,
  tallyVitest,
} from './tally.ts';

interface Surroundings {
  /** Awaited only by what needs something of it: what is installed comes while the first suites run. */
  readonly machine: Machine | Promise<Machine>;
  /** An empty folder for the reports of the suites. */
  readonly reports: string;
  /** Whether a skip counts as a failure. */
  readonly ci: boolean;
  readonly signal: AbortSignal;
  say(line: string): void;
}

/** The whole run stays under the 25 minutes that CI gives it, whatever hangs. */
const RUN_LIMIT_MINUTES = 24.4;

/**
 * Runs the suites one after another, says how long each took, and lists last those that this machine could not run.
 *
 * @returns what became of all tests; where a skip is a failure it is counted as one
 */
export async function runSuites(chosen: readonly Suite[], around: Surroundings): Promise<Tally> {
  const { ci, signal, say } = around;
  const end = Date.now() + RUN_LIMIT_MINUTES * 60_000;
  const lines: string[] = [];
  const skipped: string[] = [];
  const failures: string[] = [];
  let total = nothing;

  for (const suite of chosen) {
    // tests look for programs by themselves, too
    const isFree = suite.needs.length === 0 && suite.counts === 'itself';
    const lacking = isFree ? [] : unmet(suite.needs, await around.machine).map((need) => need.label);
    if (lacking.length > 0 || signal.aborted) {
      const why = lacking.length > 0 ? `needs ${lacking.join(', ')}` : 'the run was interrupted';
      skipped.push(`  ${suite.name}: ${why}`);
      total = add(total, oneSkipped);
      continue;
    }
    say(`\n━━ ${suite.name}: ${suite.about}`);
    const started = Date.now();
    await suite.prepare?.().catch((error: Error) => say(`${suite.name}: ${error.message}`));
    const parts = [suite.command, ...(suite.beside ?? [])];
    const runs = await Promise.all(
      parts.map(async (command, part): Promise<Part> => {
        const report = join(around.reports, `${suite.name}-${part + 1}.json`);
        const ended = await run(command(report), {
          env: process.env,
          limitMs: Math.max(0, Math.min(suite.limitMinutes * 60_000, end - started)),
          signal,
        });
        return { ended, report };
      }),
    );
    const tallies = runs.map((part) => tallyOf(suite, part));
    const tally = tallies.reduce(add, nothing);
    const stopped = runs.find(({ ended }) => ended.stopped)?.ended.stopped;
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    lines.push(
      `  ${suite.name.padEnd(8)}${seconds.padStart(7)} s  ${summaryLine(tally)}${stopped ? `, ${stopped}` : ''}`,
    );
    total = add(total, tally);
    if (suite.counts === 'tests')
      for (const [part, { ended, report }] of runs.entries())
        if ((tallies[part]?.failed ?? 0) > 0)
          failures.push(
            ...failuresOf(readIfThere(report), ended.status).map((line) => `  ${suite.name}: ${line}`),
          );
  }

  if (failures.length > 0) {
    say('\nFailed');
    for (const line of failures) say(line);
  }
  say('\nSuites');
  for (const line of lines) say(line);
  if (skipped.length > 0) {
    say('\nNot run on this machine');
    for (const line of skipped) say(line);
  }
  if (ci && total.skipped > 0) say('\nWith CI=true each skip counts as a failure.');
  say('');
  return ci ? strict(total) : total;
}

interface Part {
  readonly ended: Ended;
  readonly report: string;
}

function tallyOf(suite: Suite, { ended, report }: Part): Tally {
  const tally =
    suite.counts === 'itself'
      ? ended.status === 0
        ? onePassed
        : oneFailed
      : tallyVitest(readIfThere(report), ended.status);
  return ended.stopped && tally.failed === 0 ? add(tally, oneFailed) : tally;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
