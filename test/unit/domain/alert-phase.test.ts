import { describe, expect, it } from 'vitest';
import type { AlertPhase } from '../../../shared/domain/alert.ts';
import { nextPhase } from '../../../shared/domain/alert-state.ts';
import fc from '../../support/fast-check.ts';

describe('an alert moves from phase to phase', () => {
  const rule = { holdMs: 3_000, clearMs: 2_000 };
  const pending = (heldMs: number): AlertPhase => ({ kind: 'pending', heldMs });
  const muted: AlertPhase = { kind: 'muted', by: 'run' };
  const firing: AlertPhase = { kind: 'firing', raisedAt: 5, acknowledged: { at: 6, note: 'mine' } };
  const clearing = (calmMs: number): AlertPhase => ({ ...firing, kind: 'clearing', calmMs });
  const next = (from: AlertPhase | undefined, finding: 'true' | 'false' | 'unknown', mute?: 'run') =>
    nextPhase(from, finding, mute, rule, 1_000, 99);

  it.each([
    ['calm', undefined, 'true', pending(0)],
    ['calm', undefined, 'false', undefined],
    ['calm', undefined, 'unknown', undefined],
    ['pending', pending(0), 'true', pending(1_000)],
    ['held for long enough', pending(2_000), 'true', { kind: 'firing', raisedAt: 99 }],
    ['pending', pending(2_000), 'false', undefined],
    ['pending', pending(2_000), 'unknown', pending(2_000)],
    ['firing', firing, 'true', firing],
    ['firing', firing, 'false', clearing(0)],
    ['firing', firing, 'unknown', firing],
    ['clearing', clearing(0), 'false', clearing(1_000)],
    ['calm for long enough', clearing(1_000), 'false', undefined],
    ['clearing', clearing(1_000), 'true', firing],
    ['clearing', clearing(1_000), 'unknown', clearing(1_000)],
    ['muted', muted, 'true', pending(0)],
    ['muted', muted, 'false', undefined],
    ['muted', muted, 'unknown', muted],
  ] as const)('%s (%j), %s: %j', (_, from, finding, to) => {
    expect(next(from, finding)).toEqual(to);
  });

  it.each([
    ['calm', undefined, 'true', muted],
    ['calm', undefined, 'false', undefined],
    ['calm', undefined, 'unknown', undefined],
    ['pending', pending(2_000), 'true', muted],
    ['pending', pending(2_000), 'false', undefined],
    ['muted', muted, 'true', muted],
    ['muted', muted, 'false', undefined],
    ['firing', firing, 'true', firing],
    ['firing', firing, 'false', clearing(0)],
    ['clearing', clearing(1_000), 'true', firing],
    ['clearing', clearing(1_000), 'false', undefined],
  ] as const)('while muted: %s (%j), %s: %j', (_, from, finding, to) => {
    expect(next(from, finding, 'run')).toEqual(to);
  });

  it('without times to hold or clear it follows at once', () => {
    const at = { holdMs: 0, clearMs: 0 };
    expect(nextPhase(undefined, 'true', undefined, at, 0, 7)).toEqual({ kind: 'firing', raisedAt: 7 });
    expect(nextPhase(firing, 'false', undefined, at, 0, 7)).toBeUndefined();
  });

  const findings = fc.constantFrom<'true' | 'false' | 'unknown'>('true', 'false', 'unknown');
  const looks = fc.array(fc.record({ finding: findings, step: fc.integer({ min: 0, max: 5_000 }) }), {
    maxLength: 200,
  });
  const isRaised = (phase: AlertPhase | undefined) => phase?.kind === 'firing' || phase?.kind === 'clearing';

  it('never flaps: what is true for less than its hold time never raises it, nor clears it when false for less', () => {
    fc.assert(
      fc.property(looks, fc.boolean(), (all, startsRaised) => {
        let phase: AlertPhase | undefined = startsRaised ? firing : undefined;
        let steady = 0;
        let last: string | undefined;
        for (const { finding, step } of all) {
          if (finding === last) steady += step;
          else if (finding !== 'unknown') steady = 0;
          const limit = finding === 'true' ? rule.holdMs : rule.clearMs;
          const before = isRaised(phase);
          // This spell would be long enough: cut it short by the opposite.
          const cut = finding !== 'unknown' && steady >= limit;
          const shown = cut ? (finding === 'true' ? 'false' : 'true') : finding;
          if (cut) steady = 0;
          phase = nextPhase(phase, shown, undefined, rule, step, 1);
          if (shown !== 'unknown') last = shown;
          expect(isRaised(phase)).toBe(before);
        }
      }),
    );
  });

  it('is raised only by what is true, cleared only by what is false, and not raised while muted', () => {
    fc.assert(
      fc.property(looks, fc.array(fc.boolean(), { minLength: 200, maxLength: 200 }), (all, mutes) => {
        let phase: AlertPhase | undefined;
        all.forEach(({ finding, step }, index) => {
          const before = isRaised(phase);
          phase = nextPhase(phase, finding, mutes[index] ? 'run' : undefined, rule, step, 1);
          if (!before && isRaised(phase)) expect([finding, mutes[index]]).toEqual(['true', false]);
          if (before && !isRaised(phase)) expect(finding).toBe('false');
        });
      }),
    );
  });
});
