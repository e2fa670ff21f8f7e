import { join } from 'node:path';
import { electronRuntime } from '../electron-runtime/electron-runtime.ts';
import { benchPrograms, labPrograms, type Need, rights, screen } from './needs.ts';

/** One line of `npm test`. */
export interface Suite {
  readonly name: string;
  /** What it shows, for `--list`. */
  readonly about: string;
  /** Argument vector; `report` is where a suite of tests has to leave vitest's JSON report. */
  command(report: string): readonly string[];
  /** Fetches what it needs of the network of this machine, which it may not reach while it runs. */
  prepare?(): Promise<unknown>;
  /** Other parts of it, which run at the same time, each with a report of its own. */
  readonly beside?: readonly ((report: string) => readonly string[])[];
  /** Whether its tests are counted from vitest's report, or the command is one test that passes with status 0. */
  readonly counts: 'tests' | 'itself';
  /** Past this it is ended and counts as failed: a suite that hangs must not take the summary line with it. */
  readonly limitMinutes: number;
  readonly needs: readonly Need[];
}

const script = (name: string, about: string, limitMinutes = 3): Suite => ({
  name,
  about,
  command: () => ['npm', 'run', '--silent', name],
  counts: 'itself',
  limitMinutes,
  needs: [],
});

const tests = (
  name: string,
  about: string,
  reporter: 'default' | 'verbose',
  limitMinutes: number,
  needs: readonly Need[] = [],
): Suite => ({
  name,
  about,
  command: (report) => vitest(name, reporter, report),
  counts: 'tests',
  limitMinutes,
  needs,
});

const vitest = (project: string, reporter: string, report: string): string[] => [
  process.execPath,
  join('node_modules', 'vitest', 'vitest.mjs'),
  'run',
  // the tests of one suite may be several projects: unit and unit-alone
  `--project=${project}*`,
  `--reporter=${reporter}`,
  '--reporter=json',
  `--outputFile.json=${report}`,
];

const ownNetwork = ['sh', join('test', 'lab', 'in-own-network.sh')];

/**
 * Tests that wait for real programs more than they compute: in parts side by side, each with a lab in a network of its own.
 * `parts` names the files of all but the last part, to which whatever else there is belongs.
 */
const inParts = (suite: Suite, folder: string, ...parts: readonly (readonly string[])[]): Suite => {
  const files = (names: readonly string[]) => names.map((name) => join('test', folder, `${name}.test.ts`));
  const part =
    (words: readonly string[]) =>
    (report: string): string[] => [...ownNetwork, ...suite.command(report), ...words];
  const rest = part(files(parts.flat()).map((file) => `--exclude=${file}`));
  return { ...suite, command: rest, beside: parts.map((names) => part(files(names))) };
};

/** In the order in which they run: the cheapest answer first. */
export const suites: readonly Suite[] = [
  script('types', 'the types of every runtime'),
  script('lint', 'lint and format'),
  script('unused', 'files, exports and packages that nothing uses'),
  tests('house', 'who may know whom', 'default', 2),
  tests('unit', 'everything that needs no root', 'default', 6),
  script('build', 'the console and the engine, as they ship'),
  inParts(
    tests('lab', 'real conntrackd, keepalived and sshd in namespaces', 'verbose', 14, [
      ...rights,
      ...labPrograms,
    ]),
    'lab',
    // more than two starve each other: on a slow machine nodes then do not answer in time
    ['matrix', 'missing-reasons', 'lab', 'coverage', 'traps', 'purge-timeout', 'sudo-log'],
  ),
  {
    ...script(
      'bench',
      'that every bench of the table runs and sees the right rows, at a tenth of its size',
      4,
    ),
    // how fast a busy machine is says nothing about the change under test
    command: () => ['npm', 'run', '--silent', 'bench', '--', 'table', '--rows', '100000', '--no-goals'],
    needs: [...rights, ...labPrograms, ...screen, ...benchPrograms],
  },
  inParts(
    {
      ...tests('e2e', 'the console in Electron and in Chromium, on the lab', 'verbose', 12, [
        ...rights,
        ...labPrograms,
        ...screen,
      ]),
      prepare: electronRuntime,
    },
    'e2e',
    [
      ...['chromium-lab', 'electron-lab', 'electron-alerts', 'browser-notices', 'browser-host'],
      ...['timeline', 'readiness-and-alerts', 'launch', 'electron-host', 'difference'],
    ],
  ),
];
