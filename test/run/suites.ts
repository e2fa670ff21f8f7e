import { join } from 'node:path';
import { labPrograms, type Need, rights, screen } from './needs.ts';

/** One line of `npm test`. */
export interface Suite {
  readonly name: string;
  /** What it shows, for `--list`. */
  readonly about: string;
  /** Argument vector; `report` is where a suite of tests has to leave vitest's JSON report. */
  command(report: string): readonly string[];
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
  command: (report) => [
    process.execPath,
    join('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    `--project=${name}`,
    `--reporter=${reporter}`,
    '--reporter=json',
    `--outputFile.json=${report}`,
  ],
  counts: 'tests',
  limitMinutes,
  needs,
});

/** In the order in which they run: the cheapest answer first. */
export const suites: readonly Suite[] = [
  script('types', 'the types of every runtime'),
  script('lint', 'lint and format'),
  script('unused', 'files, exports and packages that nothing uses'),
  tests('house', 'who may know whom', 'default', 2),
  tests('unit', 'everything that needs no root', 'default', 6),
  script('build', 'the console and the engine, as they ship'),
  tests('lab', 'real conntrackd, keepalived and sshd in namespaces', 'verbose', 18, [
    ...rights,
    ...labPrograms,
  ]),
  tests('e2e', 'the console in Electron and in Chromium, on the lab', 'verbose', 15, [
    ...rights,
    ...labPrograms,
    ...screen,
  ]),
];
