import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments, usage } from './arguments.ts';
import { provide } from './provide.ts';
import { runSuites } from './run-suites.ts';
import { suites } from './suites.ts';
import { succeeded, summaryLine } from './tally.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const asked = readArguments(
  process.argv.slice(2),
  suites.map((suite) => suite.name),
);

if (typeof asked === 'string') {
  console.error(asked);
  process.exitCode = 64;
} else if (asked.help) {
  say(usage);
} else if (asked.list) {
  for (const suite of suites) say(`${suite.name.padEnd(8)}${suite.about}`);
} else {
  const interruption = new AbortController();
  let status = 130;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interruption.abort());
  }
  const ci = process.env.CI === 'true';
  const chosen = suites.filter((suite) => asked.only?.includes(suite.name) ?? true);
  const reports = mkdtempSync(join(tmpdir(), 'handover-test-'));
  try {
    const signal = interruption.signal;
    const provided = provide(chosen, { install: asked.install, ci, signal, say });
    // where somebody may be asked, nothing else is said meanwhile
    const machine = ci ? provided : await provided;
    const tally = await runSuites(chosen, { machine, reports, ci, signal, say });
    say(summaryLine(tally));
    if (!signal.aborted) status = succeeded(tally) ? 0 : 1;
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
  process.exitCode = status;
}
