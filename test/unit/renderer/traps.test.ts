import { describe, expect, it } from 'vitest';
import { remedyOf, trapsOf } from '../../../renderer/views/cluster/trap-model.ts';
import { stalled, withTraps } from '../../e2e/console-page/made-up-traps.ts';

describe('what is worth knowing of a cluster', () => {
  it('lists what is there or may be, and apart from it what could not be looked for', () => {
    const list = trapsOf(withTraps(1_000_000));
    expect(list.open.map(({ code, state }) => `${code} ${state}`)).toEqual([
      'hook-not-executable present',
      'hash-limit present',
      'shared-group possible',
    ]);
    expect(list.unchecked).toMatchObject([{ sentence: expect.stringContaining('is not known') }]);
  });

  it('says one reason once, and nothing of what its first readings will tell', () => {
    const snapshot = withTraps(1_000_000);
    const unknown = snapshot.traps?.filter(({ state }) => state === 'unknown') ?? [];
    const traps = [
      ...unknown,
      ...unknown,
      ...unknown.map((trap) => ({ ...trap, sentence: 'x', pending: true })),
    ];
    expect(trapsOf({ ...snapshot, traps })).toMatchObject({ open: [], unchecked: [{}] });
    expect(trapsOf({ ...snapshot, traps }).unchecked).toHaveLength(1);
  });

  it('shows the remedy of a reason that is about the replication, and of no other', () => {
    const snapshot = stalled(1_000_000);
    const [reason] = snapshot.reasons;
    expect(reason && remedyOf(snapshot, reason)?.steps).toHaveLength(2);
    expect(reason && remedyOf(snapshot, { ...reason, code: 'node-fault' })).toBeUndefined();
  });
});
