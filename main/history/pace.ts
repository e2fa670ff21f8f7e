import { setImmediate } from 'node:timers/promises';

/** How long (ms) work may go on before the polls get their turn. */
const turnMs = 4;

/** For long work in pieces: awaited between two of them, it lets everything else have its turn when it is due. */
export function pace(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < turnMs) return;
    await setImmediate();
    since = performance.now();
  };
}
