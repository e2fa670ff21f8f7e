import { describe, expect, test } from 'vitest';
import { pollPace, sparing, untilBeat, untilTurn } from '../../../main/cluster/poll-pace.ts';
import fc from '../../support/fast-check.ts';

const instants = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });
const places = fc.nat(500);
const paces = fc.constantFrom(pollPace(2), sparing(pollPace(2)), pollPace(250));

describe('the pace of a fleet', () => {
  test('is a second for a desk of clusters, and two past fifty nodes', () => {
    expect(pollPace(50).pollMs).toBe(1_000);
    expect(pollPace(51).pollMs).toBe(2_000);
  });

  test('is two seconds for a node that is busy, whatever the fleet', () => {
    expect(sparing(pollPace(2)).pollMs).toBe(2_000);
    expect(sparing(pollPace(250)).pollMs).toBe(2_000);
  });

  test('has a turn in each round, and never a second one at once', () => {
    fc.assert(
      fc.property(paces, places, instants, (pace, place, now) => {
        const wait = untilTurn(pace, place, now);
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(pace.pollMs + 10);
        // a timer that rings up to 5 ms early or late still comes to the turn that follows, not to the same again
        for (const off of [-5, 0, 5])
          expect(untilTurn(pace, place, now + wait + off)).toBeGreaterThanOrEqual(pace.pollMs - 5);
      }),
    );
  });

  test('reads a cluster just behind one of its beats, so that all it reads is judged at the next', () => {
    fc.assert(
      fc.property(paces, places, instants, (pace, place, now) => {
        const turn = now + untilTurn(pace, place, now);
        expect(untilBeat(pace, place, turn)).toBe(pace.beatMs - 10);
      }),
    );
  });

  test('gives neighbours different turns, and all turns the same number of clusters', () => {
    const pace = pollPace(250);
    const now = 1_800_000_000_000;
    const turns = Map.groupBy(Array.from({ length: 100 }).keys(), (place) => untilTurn(pace, place, now));
    expect([...turns.values()].map((clusters) => clusters.length)).toEqual(
      Array.from({ length: pace.pollMs / pace.turnMs }, () => 100 / (pace.pollMs / pace.turnMs)),
    );
  });
});
