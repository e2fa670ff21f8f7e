import { expect, it } from 'vitest';
import { checkFilter } from '../../../renderer/views/connections/connections-model.ts';
import { offersAt, taken } from '../../../renderer/views/connections/filter-bar-model.ts';

it('an offer that is taken stands in place of what was typed, and the cursor after it', () => {
  expect(taken('dpo', { from: 0, to: 3, insert: 'dport', help: '' })).toEqual({ text: 'dport ', cursor: 6 });
  const inside = taken('dpo and tcp', { from: 0, to: 3, insert: 'dport', help: '' });
  expect(inside).toEqual({ text: 'dport and tcp', cursor: 6 });
});

it('the word that was meant is offered first, and mends the filter', () => {
  const text = 'tcp and dprot == 443';
  const [first] = offersAt(text, text.length, checkFilter(text), []);
  expect(first && taken(text, first).text).toBe('tcp and dport == 443');
});

it('a filter that is right is offered no correction', () => {
  expect(offersAt('dport == 443', 12, checkFilter('dport == 443'), [])).toEqual([]);
});
