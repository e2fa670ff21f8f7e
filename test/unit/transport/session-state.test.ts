import { describe, expect, it } from 'vitest';
import { initialSession, nextSession, type SessionEvent } from '../../../main/transport/session-state.ts';
import type { Failure } from '../../../shared/lib/reading.ts';
import fc from '../../support/fast-check.ts';

const failure = (kind: Failure['kind']): Failure => ({ kind, message: kind });
const lost = (kind: Failure['kind'], at = 0, random = 0.5): SessionEvent => ({
  kind: 'lost',
  failure: failure(kind),
  at,
  random,
});
const reached = (...events: SessionEvent[]) => events.reduce(nextSession, initialSession);

describe('a session', () => {
  it('tries again after about 1, 2, 4 … and never more than 30 seconds', () => {
    let machine = initialSession;
    const delays: number[] = [];
    for (let n = 0; n < 8; n++) {
      machine = nextSession(machine, lost('unreachable'));
      if (machine.state.kind === 'waiting') delays.push(machine.state.retryAt);
      machine = nextSession(machine, { kind: 'retry' });
    }
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('spreads the retries of a fleet by a fifth to both sides', () => {
    expect(reached(lost('unreachable', 0, 0)).state).toMatchObject({ retryAt: 800 });
    expect(reached(lost('unreachable', 0, 0.999)).state).toMatchObject({ retryAt: 1_200 });
  });

  it('begins again at one second once it was connected', () => {
    const machine = reached(
      lost('refused'),
      { kind: 'retry' },
      lost('refused'),
      { kind: 'retry' },
      { kind: 'ready', at: 5 },
      lost('unreachable', 10),
    );
    expect(machine.state).toMatchObject({ kind: 'waiting', retryAt: 1_010 });
  });

  it.each(['login-refused', 'host-key'] as const)(
    'stops at %s and only an operator starts it again',
    (kind) => {
      const stopped = reached(lost(kind));
      expect(stopped.state).toEqual({ kind: 'stopped', failure: failure(kind) });
      expect(nextSession(stopped, { kind: 'retry' })).toBe(stopped);
      expect(nextSession(stopped, { kind: 'reconnect' }).state).toEqual({ kind: 'connecting' });
    },
  );

  it('remembers while it tries again why it is down', () => {
    expect(reached(lost('refused'), { kind: 'retry' })).toMatchObject({
      state: { kind: 'connecting' },
      lastFailure: { kind: 'refused' },
    });
  });

  it('that is closed stays closed, whatever comes', () => {
    const event = fc.constantFrom<SessionEvent>(
      lost('refused'),
      lost('host-key'),
      { kind: 'ready', at: 1 },
      { kind: 'retry' },
      { kind: 'reconnect' },
      { kind: 'close' },
    );
    fc.assert(
      fc.property(fc.array(event), fc.array(event), (before, later) => {
        expect(reached(...before, { kind: 'close' }, ...later).state).toEqual({ kind: 'closed' });
      }),
    );
  });
});
