import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { aimLever, findLever, type LeverMove } from '../../../main/failover/lever.ts';
import { leverSnippet } from '../../../main/failover/snippet.ts';
import fc from '../../support/fast-check.ts';
import { type SimulatedNode, simulate } from './simulated-cluster.ts';

type Change = Partial<Omit<SimulatedNode, 'name'>>;

/** The move from fw1 (150) to fw2 (100) as changed, or why there is none. */
const aim = (fw1: Change, fw2: Change): LeverMove | string => {
  const { world, ports } = simulate();
  Object.assign(world.get('fw1'), fw1);
  Object.assign(world.get('fw2'), fw2);
  const [from, target] = ports.snapshot('edge')?.nodes ?? [];
  if (!from || !target) throw new Error('no nodes');
  const lever = findLever(world.definition, from, target);
  if (!lever.ok) return lever.error;
  const move = aimLever(lever.value, from, target);
  return move.ok ? move.value : move.error;
};
const numberOf = (move: LeverMove | string): number | string =>
  typeof move === 'string' ? move : move.value;

it('writes -100 where that is enough', () => {
  expect(numberOf(aim({}, {}))).toBe(-100);
});

it('writes a lower number where the target lies further below', () => {
  expect(numberOf(aim({}, { base: 20 }))).toBe(-131);
});

it('writes no number that keepalived would take for FAULT', () => {
  expect(numberOf(aim({ weight: 3 }, {}))).toBe(-84);
});

it('cannot go below a target of priority 1', () => {
  expect(numberOf(aim({}, { base: 1 }))).toMatch(/No number in the file would be enough/);
});

it('cannot lower an address owner', () => {
  expect(numberOf(aim({ base: 255 }, {}))).toMatch(/255/);
});

it('counts what the file holds already', () => {
  const move = aim({ base: 250, file: '-100', status: -100 }, {});
  expect(move).toMatchObject({ value: -151, previous: -100 });
});

it('releases a target that its own file holds down', () => {
  const held = (base: number) => ({ base, file: '-100', status: -100 });
  expect(aim({}, held(200))).toMatchObject({ kind: 'release', node: 'fw2', value: 0, previous: -100 });
  expect(aim({}, held(120))).toMatch(/Releasing fw2 would not be enough/);
});

it('is refused where the file would put the node into FAULT, or turns the sign round', () => {
  expect(aim({ weight: 0 }, {})).toMatch(/weight 0.*FAULT/);
  expect(aim({ weight: -1 }, {})).toMatch(/positive weight/);
});

it('either makes the target win every instance without FAULT, or is refused', () => {
  const priority = fc.integer({ min: 1, max: 255 });
  const content = fc.integer({ min: -254, max: 50 });
  fc.assert(
    fc.property(
      priority,
      priority,
      content,
      fc.integer({ min: 1, max: 300 }),
      (base, other, file, weight) => {
        const move = aim({ base, file: String(file), status: file, weight }, { base: other });
        if (typeof move === 'string') return;
        const after = Math.min(254, Math.max(1, base + weight * move.value));
        expect(weight * move.value).toBeGreaterThanOrEqual(-253);
        // a clamped priority hides what lies beyond it: then the prediction is the worse of the two
        if (base + weight * file >= 1 && base + weight * file <= 254) expect(after).toBeLessThan(other);
      },
    ),
  );
});

it('gives the snippet that stands in the file for the nodes, with the names of this cluster', () => {
  const { world, ports } = simulate();
  const snippet = leverSnippet(world.definition, ports.snapshot('edge')?.nodes ?? []);
  const shipped = readFileSync(
    new URL('../../../assets/node/keepalived-handover.conf', import.meta.url),
    'utf8',
  );
  const block = /^track_file handover \{[^}]*\}/m;
  expect(block.exec(snippet)?.[0]).toBe(block.exec(shipped)?.[0]);
  expect(snippet).toContain('vrrp_sync_group FW {');
});
