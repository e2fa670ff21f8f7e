const gapMs = 60_000;
const settledMs = 120_000;
const everyMs = 10_000;

/**
 * Asked at every write whether old rows may be taken out now: a clock that has just leapt (a dead battery, a wrong
 * time server) must not cost a year of history, so it has to go on steadily for two minutes first.
 */
export function steadiness(): (now: number) => boolean {
  let since = Number.POSITIVE_INFINITY;
  let before = Number.NEGATIVE_INFINITY;
  return (now) => {
    if (now < before || now - before > gapMs) since = now;
    const due = Math.floor(now / everyMs) !== Math.floor(before / everyMs);
    before = now;
    return due && now - since >= settledMs;
  };
}
