import { expect, test } from 'vitest';
import { dumpTurns } from '../../../main/connections/dump-turns.ts';

test('each node’s dumps come one at a time, and what else is asked of it is told of each in its turn', async () => {
  const spared: string[] = [];
  const turns = dumpTurns(({ cluster, node }, dump) => {
    spared.push(`${cluster} ${node} begins`);
    void dump.then(
      () => spared.push('ends'),
      () => spared.push('fails'),
    );
  });
  const fw1 = { cluster: 'edge', node: 'fw1' };
  const first = Promise.withResolvers<number>();
  const one = turns.take(fw1, () => first.promise);
  const two = turns.take(fw1, async () => 2);
  await turns.take({ cluster: 'edge', node: 'fw2' }, async () => 3);
  expect(spared).toEqual(['edge fw1 begins', 'edge fw2 begins', 'ends']);
  first.reject(new Error('cut'));
  await expect(one).rejects.toThrow('cut');
  expect(await two).toBe(2);
  expect(spared.slice(3)).toEqual(['fails', 'edge fw1 begins', 'ends']);
});
