import { expect, test } from 'vitest';
import { newestWins } from '../../../main/hosts/newest-wins.ts';

test('a slow reader gets the newest value next, and never a queue of old ones', () => {
  const sent: number[] = [];
  let taken: () => void = () => undefined;
  const offer = newestWins<number>((value, ready) => {
    sent.push(value);
    taken = ready;
  });
  for (const value of [1, 2, 3, 4]) offer(value);
  expect(sent).toEqual([1]);
  taken();
  expect(sent).toEqual([1, 4]);
  taken();
  offer(5);
  expect(sent).toEqual([1, 4, 5]);
});
