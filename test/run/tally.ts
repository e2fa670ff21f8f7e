/** What became of the tests of one suite, or of them all. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const nothing: Tally = { passed: 0, failed: 0, skipped: 0 };
export const onePassed: Tally = { ...nothing, passed: 1 };
export const oneFailed: Tally = { ...nothing, failed: 1 };
export const oneSkipped: Tally = { ...nothing, skipped: 1 };

export const add = (a: Tally, b: Tally): Tally => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** The part of vitest's JSON report that is counted: one entry a file, one assertion result a test. */
interface VitestReport {
  readonly testResults: readonly {
    readonly name?: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName?: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/**
 * Counts a run of vitest.
 *
 * @param report the text of its JSON report; undefined where it left none
 * @param exitStatus its exit status; null where a signal ended it
 * @returns the tests counted. A run without a readable report, a file that could not be loaded, an exit status other
 *   than 0 and a run of no tests at all each count as at least one failure.
 */
export function tallyVitest(report: string | undefined, exitStatus: number | null): Tally {
  const files = report === undefined ? undefined : readReport(report);
  if (files === undefined) return oneFailed;
  let tally = nothing;
  for (const file of files) {
    const statuses = file.assertionResults.map((test) => test.status);
    const failed = statuses.filter((status) => status === 'failed').length;
    tally = add(tally, {
      passed: statuses.filter((status) => status === 'passed').length,
      failed: failed === 0 && file.status === 'failed' ? 1 : failed,
      skipped: statuses.filter((status) => status !== 'passed' && status !== 'failed').length,
    });
  }
  const ranNothing = tally.passed + tally.failed + tally.skipped === 0;
  return tally.failed === 0 && (exitStatus !== 0 || ranNothing) ? add(tally, oneFailed) : tally;
}

/**
 * What failed in a run of vitest, a line each, for the end of a long log: the test with the first line of its failure,
 * the file whose set-up or tear-down failed, or that it ended badly though nothing of it failed.
 */
export function failuresOf(report: string | undefined, exitStatus: number | null): string[] {
  const files = report === undefined ? undefined : readReport(report);
  if (files === undefined) return ['it left no report: see its output above'];
  const failures = files.flatMap((file) => {
    const tests = file.assertionResults.filter((test) => test.status === 'failed');
    if (tests.length === 0 && file.status === 'failed') {
      return [`${file.name ?? 'a file'}, outside of its tests: ${firstLine(file.message)}`];
    }
    return tests.map((test) => `${test.fullName ?? 'a test'}: ${firstLine(test.failureMessages?.[0])}`);
  });
  if (failures.length > 0 || exitStatus === 0) return failures;
  return ['an error outside of every test: look for "Unhandled" in its output above'];
}

const firstLine = (text = ''): string => text.split('\n')[0] || 'see its output above';

function readReport(text: string): VitestReport['testResults'] | undefined {
  try {
    const report = JSON.parse(text) as Partial<VitestReport>;
    return report.testResults;
  } catch {
    return undefined;
  }
}

/** With `CI=true` a skip is a failure: nobody reads the list of what was not tried. */
export const strict = (tally: Tally): Tally => ({
  passed: tally.passed,
  failed: tally.failed + tally.skipped,
  skipped: 0,
});

/** The last line of a run, in the one form that CI reads. */
export const summaryLine = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** A run that passed nothing proves nothing. */
export const succeeded = (tally: Tally): boolean => tally.failed === 0 && tally.passed > 0;
