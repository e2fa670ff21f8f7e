import { spawnSync } from 'node:child_process';

/** What starting a program takes (ms) on a machine for which the time limits of the tests are meant, in its worst moments. */
const usualMs = 5;
const most = 8;

/**
 * How many times longer than usual this machine takes at this moment to start a program, which is what a node does to
 * answer, and what a test does to break it: 1 to 8. What is awaited may take that much longer; what took how long is said.
 */
export function slowness(): number {
  const starts = Array.from({ length: 9 }, () => {
    const at = performance.now();
    spawnSync('/bin/true');
    return performance.now() - at;
  }).sort((a, b) => a - b);
  return Math.min(most, Math.max(1, (starts[4] ?? 0) / usualMs));
}
