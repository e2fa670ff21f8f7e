import { assertNever } from '../../shared/lib/assert-never.ts';
import type { Failure } from '../../shared/lib/reading.ts';

/** Times are milliseconds since the epoch. */
export type SessionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected'; readonly since: number }
  | { readonly kind: 'waiting'; readonly failure: Failure; readonly retryAt: number }
  | { readonly kind: 'stopped'; readonly failure: Failure }
  | { readonly kind: 'closed' };

/** The state, how many attempts failed in a row, and why the last one did. */
interface SessionMachine {
  readonly state: SessionState;
  readonly failures: number;
  readonly lastFailure?: Failure;
}

export type SessionEvent =
  | { readonly kind: 'ready'; readonly at: number }
  /** `random` in [0, 1). */
  | { readonly kind: 'lost'; readonly failure: Failure; readonly at: number; readonly random: number }
  | { readonly kind: 'retry' }
  | { readonly kind: 'reconnect' }
  | { readonly kind: 'close' };

export const initialSession: SessionMachine = { state: { kind: 'connecting' }, failures: 0 };

/**
 *                    ready                     lost
 *     connecting ───────────▶ connected ───────────────┐
 *       ▲  ▲  │                                        ▼
 *       │  │  │ lost: the next try may differ       waiting ──┐
 *       │  │  ├──────────────────────────────────────▲        │ retry (after back-off), reconnect
 *       │  └──┼───────────────────────────────────────────────┘
 *       │     │ lost: login-refused, host-key
 *       │     └──────────────────────────────────▶ stopped ───┐
 *       └─────────────────────────────────────────────────────┘ reconnect (an operator's)
 *
 *     close leads from everywhere to closed, and nothing leads out of it.
 *
 * A refused login or host key never heals by trying again, and trying again locks accounts and fills logs.
 */
export function nextSession(machine: SessionMachine, event: SessionEvent): SessionMachine {
  const { state } = machine;
  if (state.kind === 'closed') return machine;
  switch (event.kind) {
    case 'close':
      return { state: { kind: 'closed' }, failures: 0 };
    case 'ready':
      return state.kind === 'connecting'
        ? { state: { kind: 'connected', since: event.at }, failures: 0 }
        : machine;
    case 'lost': {
      if (state.kind !== 'connecting' && state.kind !== 'connected') return machine;
      const { failure } = event;
      if (failure.kind === 'login-refused' || failure.kind === 'host-key')
        return { state: { kind: 'stopped', failure }, failures: 0, lastFailure: failure };
      const retryAt = event.at + backOff(machine.failures, event.random);
      return {
        state: { kind: 'waiting', failure, retryAt },
        failures: machine.failures + 1,
        lastFailure: failure,
      };
    }
    case 'retry':
      return state.kind === 'waiting' ? { ...machine, state: { kind: 'connecting' } } : machine;
    case 'reconnect':
      return state.kind === 'waiting' || state.kind === 'stopped' ? initialSession : machine;
    default:
      return assertNever(event);
  }
}

const firstDelayMs = 1_000;
const longestDelayMs = 30_000;

/** 1, 2, 4 … 30 s, each ±20 %, so that a fleet does not come back in one breath. Never over 30 s. */
function backOff(failures: number, random: number): number {
  const delay = Math.min(firstDelayMs * 2 ** failures, longestDelayMs);
  return Math.round(Math.min(delay * (0.8 + 0.4 * random), longestDelayMs));
}
