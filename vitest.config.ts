import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** One file at a time, in one order: these tests own the machine's namespaces, its screen or both. */
const oneByOne = { fileParallelism: false, maxWorkers: 1, sequence: { shuffle: false } };

/** A busy machine may stand still for the second that vitest gives; what never comes is told soon enough in ten. */
const patient = { expect: { poll: { timeout: 10_000 } } };

/**
 * V8 keeps one list of code pages for all threads of a process, and dies of a gap in it where threads come and go on a
 * processor with protection keys ("Check failed: jit_page.has_value()"; nodejs/node#64500). Node 20 does not know the option.
 */
const execArgv = Number(process.versions.node.split('.')[0]) >= 24 ? ['--no-memory-protection-keys'] : [];

/**
 * Tests that open sessions, servers and files, that stop the clock, or look at what their process holds: what others left
 * behind in it would be in their way.
 */
const alone = readdirSync('test/unit', { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.test\.tsx?$/.test(file))
  .map((file) => `test/unit/${file}`)
  .filter(
    (file) =>
      /^test\/unit\/(transport|hosts|engine|electron|history)\//.test(file) ||
      readFileSync(file, 'utf8').includes('useFakeTimers'),
  );

const unit = {
  ...patient,
  testTimeout: 20_000,
  hookTimeout: 20_000,
  // many wait for a process or a session: as many as there are cores would leave a small machine half idle
  maxWorkers: 5,
  sequence: { groupOrder: 0 },
};

export default defineConfig({
  test: {
    environment: 'node',
    execArgv,
    passWithNoTests: false,
    projects: [
      {
        test: {
          ...unit,
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}', 'test/fuzz/**/*.test.ts'],
          exclude: alone,
          // a process of its own for each file takes longer than most of the files do
          isolate: false,
        },
      },
      { test: { ...unit, name: 'unit-alone', include: alone } },
      {
        test: {
          name: 'house',
          include: ['test/house/**/*.test.ts'],
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...oneByOne,
          ...patient,
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { ...oneByOne.sequence, groupOrder: 1 },
        },
      },
      {
        test: {
          ...oneByOne,
          ...patient,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { ...oneByOne.sequence, groupOrder: 2 },
        },
      },
    ],
  },
});
