import { benchCharts } from './charts.ts';
import type { BenchFigure } from './figure.ts';
import { benchFleet } from './fleet.ts';
import { benchHistory } from './history.ts';
import { benchLag } from './lag.ts';

/** `npm run -s bench -- <name>… [--json]`: measures, prints a line a figure, and ends with 1 if one misses its goal. */
const benches: Readonly<Record<string, () => Promise<readonly BenchFigure[]>>> = {
  charts: benchCharts,
  fleet: benchFleet,
  history: benchHistory,
  lag: benchLag,
};

const words = process.argv.slice(2);
const names = words.filter((word) => word !== '--json');
const unknown = names.filter((name) => !Object.hasOwn(benches, name));
if (names.length === 0 || unknown.length > 0) {
  console.error(`usage: npm run -s bench -- <name>... [--json], of ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
for (const name of names) {
  for (const figure of (await benches[name]?.()) ?? []) {
    process.stdout.write(`${words.includes('--json') ? JSON.stringify(figure) : text(figure)}\n`);
    if (!figure.pass) process.exitCode = 1;
  }
}

function text({ name, value, unit, goal, pass, runs }: BenchFigure): string {
  return `${pass ? 'ok  ' : 'MISS'} ${name}: ${value} ${unit} (goal: at most ${goal}; runs: ${runs.join(', ')})`;
}
