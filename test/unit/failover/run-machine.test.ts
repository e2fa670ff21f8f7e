import { describe, expect, it } from 'vitest';
import {
  canAbort,
  initialRunState,
  publicState,
  type RunEvent,
  type RunState,
  transition,
} from '../../../main/failover/run-machine.ts';

type Step = Extract<RunState, { kind: 'step' }>['step'];
const at = (step: Step, extra: { aborting?: boolean; differs?: boolean } = {}): RunState => ({
  kind: 'step',
  step,
  aborting: false,
  differs: false,
  ...extra,
});
const end = (step: Step | 'put-back', outcome: 'done' | 'differs' | 'failed' | 'skipped'): RunEvent => ({
  kind: 'step-ended',
  step,
  outcome,
});
const ended = (as: Extract<RunState, { kind: 'ended' }>['as']): RunState => ({ kind: 'ended', as });
const putting = (because: 'failed' | 'aborted'): RunState => ({ kind: 'putting-back', because });
const checking = initialRunState;
const abort: RunEvent = { kind: 'abort' };

/** From, event, to, and what is started or cancelled on the way. */
const table: readonly [RunState, RunEvent, RunState, ...string[]][] = [
  [checking, { kind: 'checked', ready: false }, ended('refused')],
  [checking, { kind: 'checked', ready: true }, at('lever'), 'start lever'],
  [checking, abort, ended('aborted')],
  [at('lever'), end('lever', 'done'), at('role'), 'start role'],
  [at('lever'), end('lever', 'differs'), at('role', { differs: true }), 'start role'],
  [at('lever'), end('lever', 'failed'), putting('failed'), 'start put-back'],
  [at('lever'), abort, at('lever', { aborting: true })],
  [at('lever', { aborting: true }), end('lever', 'done'), putting('aborted'), 'start put-back'],
  [at('lever', { aborting: true }), end('lever', 'failed'), putting('aborted'), 'start put-back'],
  [at('role'), end('role', 'done'), at('addresses'), 'start addresses'],
  [at('role'), end('role', 'failed'), putting('failed'), 'start put-back'],
  [at('role'), abort, putting('aborted'), 'cancel role', 'start put-back'],
  [at('addresses'), end('addresses', 'done'), at('commit'), 'start commit'],
  [at('addresses'), end('addresses', 'differs'), at('commit', { differs: true }), 'start commit'],
  [at('addresses'), end('addresses', 'failed'), at('commit', { differs: true }), 'start commit'],
  [at('addresses'), end('addresses', 'skipped'), at('commit'), 'start commit'],
  [at('commit'), end('commit', 'done'), at('verify'), 'start verify'],
  [at('commit', { differs: true }), end('commit', 'done'), at('verify', { differs: true }), 'start verify'],
  [at('commit'), end('commit', 'failed'), at('verify', { differs: true }), 'start verify'],
  [at('verify'), end('verify', 'done'), ended('done')],
  [at('verify'), end('verify', 'differs'), ended('differs')],
  [at('verify', { differs: true }), end('verify', 'done'), ended('differs')],
  [putting('failed'), end('put-back', 'done'), ended('failed')],
  [putting('aborted'), end('put-back', 'done'), ended('aborted')],
  [putting('aborted'), end('put-back', 'failed'), ended('failed')],
  [putting('failed'), end('put-back', 'failed'), ended('failed')],
];

const written = (event: RunEvent): string =>
  event.kind === 'step-ended' ? `${event.step} ${event.outcome}` : event.kind;

describe('a run', () => {
  it.each(table.map((row) => [JSON.stringify(row[0]), written(row[1]), row] as const))(
    'in %s, on %s',
    (_state, _event, [from, event, to, ...effects]) => {
      const next = transition(from, event);
      expect(next.state).toEqual(to);
      expect(next.effects.map((effect) => `${effect.kind} ${effect.step}`)).toEqual(effects);
    },
  );

  it('ignores what means nothing where it stands', () => {
    const idle: [RunState, RunEvent][] = [
      [checking, end('lever', 'done')],
      [at('role'), end('lever', 'done')],
      [at('role'), { kind: 'checked', ready: true }],
      [at('addresses'), abort],
      [at('commit'), abort],
      [at('verify'), abort],
      [putting('aborted'), abort],
      [putting('aborted'), end('role', 'done')],
      [ended('done'), abort],
      [ended('failed'), end('put-back', 'done')],
    ];
    for (const [state, event] of idle) expect(transition(state, event)).toEqual({ state, effects: [] });
  });

  it('can be aborted until the role has moved, and not twice', () => {
    const possible = [checking, at('lever'), at('role')];
    const late = [
      at('lever', { aborting: true }),
      at('addresses'),
      at('commit'),
      at('verify'),
      putting('failed'),
      ended('done'),
    ];
    expect(possible.map(canAbort)).toEqual(possible.map(() => true));
    expect(late.map(canAbort)).toEqual(late.map(() => false));
  });

  it('shows the console its state in the contract’s words', () => {
    expect(
      [checking, at('lever'), at('verify'), putting('failed'), ended('differs')].map(publicState),
    ).toEqual(['checking', 'running', 'verifying', 'running', 'differs']);
  });
});
