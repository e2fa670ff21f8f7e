import { describe, expect, test } from 'vitest';
import { failuresOf, strict, succeeded, summaryLine, tallyVitest } from '../../run/tally.ts';

const report = (...files: { status: string; tests: string[] }[]): string =>
  JSON.stringify({
    testResults: files.map(({ status, tests }) => ({
      status,
      assertionResults: tests.map((outcome) => ({ status: outcome })),
    })),
  });

describe('counting a suite', () => {
  test('adds up the tests of every file', () => {
    const text = report(
      { status: 'passed', tests: ['passed', 'passed', 'skipped'] },
      { status: 'failed', tests: ['passed', 'failed', 'todo'] },
    );
    expect(tallyVitest(text, 1)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  });

  test('a suite that died without a report is a failure', () => {
    expect(tallyVitest(undefined, null)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(tallyVitest('{"testResults":[', 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  test('a report cannot hide that the suite itself failed', () => {
    expect(tallyVitest(report({ status: 'passed', tests: ['passed'] }), 1)).toMatchObject({ failed: 1 });
  });

  test('a file that could not be loaded is a failure though none of its tests ran', () => {
    const text = report({ status: 'passed', tests: ['passed'] }, { status: 'failed', tests: [] });
    expect(tallyVitest(text, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test('a suite without a test is a failure', () => {
    expect(tallyVitest(report(), 0)).toMatchObject({ failed: 1 });
  });
});

describe('what failed is named at the end', () => {
  const file = (assertionResults: object[], more: object = {}) => ({
    testResults: [{ name: 'a.test.ts', status: 'failed', assertionResults, ...more }],
  });

  test('a test by its name and the first line of its failure', () => {
    const failed = { status: 'failed', fullName: 'a node answers', failureMessages: ['Error: mute\n  at x'] };
    expect(failuresOf(JSON.stringify(file([{ status: 'passed' }, failed])), 1)).toEqual([
      'a node answers: Error: mute',
    ]);
  });

  test('a file whose tear-down failed though its tests passed', () => {
    const text = JSON.stringify(file([{ status: 'passed' }], { message: 'Hook timed out\nat y' }));
    expect(failuresOf(text, 1)).toEqual(['a.test.ts, outside of its tests: Hook timed out']);
  });

  test('an error that belongs to no test, and a run without a report', () => {
    expect(failuresOf(report({ status: 'passed', tests: ['passed'] }), 1)).toEqual([
      expect.stringContaining('Unhandled'),
    ]);
    expect(failuresOf(undefined, null)).toEqual([expect.stringContaining('no report')]);
    expect(failuresOf(report({ status: 'passed', tests: ['passed'] }), 0)).toEqual([]);
  });
});

describe('the last line', () => {
  test('has the one form that CI reads', () => {
    expect(summaryLine({ passed: 12, failed: 0, skipped: 3 })).toBe('12 passed, 0 failed, 3 skipped');
  });

  test('is a success with something passed and nothing failed', () => {
    expect(succeeded({ passed: 1, failed: 0, skipped: 1 })).toBe(true);
    expect(succeeded({ passed: 0, failed: 0, skipped: 1 })).toBe(false);
    expect(succeeded({ passed: 9, failed: 1, skipped: 0 })).toBe(false);
  });

  test('counts a skip as a failure where nobody would read of it', () => {
    expect(strict({ passed: 5, failed: 1, skipped: 2 })).toEqual({ passed: 5, failed: 3, skipped: 0 });
  });
});
