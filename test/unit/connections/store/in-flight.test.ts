import { describe, expect, it } from 'vitest';
import { inFlightBytes } from '../../../../main/connections/store/in-flight.ts';

const kilobyte = 2 ** 10;
const megabyte = 2 ** 20;

/** A worker that needs so long (ms) for each piece, and is given what the bound allows at once. */
function worker() {
  let now = 0;
  const inFlight = inFlightBytes(() => now);
  const piece = () => Math.min(inFlight.bound(), 256 * kilobyte);
  const work = (pieces: number, ms: number) => {
    for (let done = 0; done < pieces; done += 1) {
      inFlight.sent(piece());
      now += ms;
      inFlight.workedOff();
    }
  };
  return { inFlight, work };
}

describe('how far the worker may be behind', () => {
  it('is little at first, so that the first rows are not asked for behind a heap of others', () => {
    const { inFlight } = worker();
    expect(inFlight.bound()).toBeLessThanOrEqual(32 * kilobyte);
    inFlight.sent(32 * kilobyte);
    expect(inFlight.isFull()).toBe(false);
    inFlight.sent(1);
    expect(inFlight.isFull()).toBe(true);
  });

  it('grows while it keeps up, to some megabytes at most', () => {
    const { inFlight, work } = worker();
    work(5, 10);
    expect(inFlight.bound()).toBeGreaterThan(256 * kilobyte);
    work(500, 10);
    expect(inFlight.bound()).toBe(8 * megabyte);
  });

  it('is halved by each piece that came late, and never falls to what stops a dump at every turn', () => {
    const { inFlight, work } = worker();
    work(500, 10);
    work(1, 100);
    expect(inFlight.bound()).toBe(4 * megabyte);
    work(20, 100);
    expect(inFlight.bound()).toBe(512 * kilobyte);
  });

  it('stays small where even the first pieces come late', () => {
    const { inFlight, work } = worker();
    work(20, 100);
    expect(inFlight.bound()).toBe(32 * kilobyte);
    work(1, 10);
    expect(inFlight.bound()).toBe(64 * kilobyte);
  });

  it('lets who waits go on once half of it is worked off', () => {
    const { inFlight } = worker();
    for (let piece = 0; piece < 4; piece += 1) inFlight.sent(16 * kilobyte);
    expect(inFlight.isFull()).toBe(true);
    expect(inFlight.hasRoom()).toBe(false);
    inFlight.workedOff();
    expect(inFlight.hasRoom()).toBe(false);
    inFlight.workedOff();
    inFlight.workedOff();
    expect(inFlight.hasRoom()).toBe(true);
    inFlight.workedOff();
    inFlight.workedOff();
    expect(inFlight.isFull()).toBe(false);
  });
});
