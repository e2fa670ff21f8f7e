import { describe, expect, it } from 'vitest';
import { parseConnectionFilter } from '../../../shared/domain/connection-filter.ts';
import { complete } from '../../../shared/domain/filter-completion.ts';
import fc from '../../support/fast-check.ts';

const nodes = ['fw1', 'fw2'];
const offered = (text: string) => complete(text, text.length, { nodes }).map(({ insert }) => insert);

describe('while a filter is typed, there is offered', () => {
  it.each([
    ['dpo', ['dport']],
    ['dport ', ['==', '!=', 'in', 'contains', '>', '<', '>=', '<=']],
    ['src ', ['==', '!=', 'in', 'contains']],
    ['family == ', ['ipv4', 'ipv6']],
    ['family in {ipv4, ', ['ipv4', 'ipv6']],
    ['state == esta', ['ESTABLISHED']],
    ['dport == 44', ['443', '445']],
    ['missing ', ['on', 'and', 'or']],
    ['not replicated on ', ['fw1', 'fw2']],
    ['tcp a', ['and', 'age', 'addr', 'assured']],
    ['tcp and assu', ['assured']],
    ['dport in {80, 443} o', ['or', 'orig.bytes', 'orig.packets', 'offloaded', 'ospf']],
    ['"dpo', []],
    ['dport in {80, 443}', []],
    ['not (tcp or udp)', []],
    ['src == 10.', []],
  ])('%s', (text, words) => {
    expect(offered(text).slice(0, Math.max(words.length, 1))).toEqual(words);
  });

  it('what stands at the cursor, not at the end', () => {
    const [first] = complete('dpo and tcp', 3, { nodes });
    expect(first).toMatchObject({ from: 0, to: 3, insert: 'dport' });
  });

  it('for a term, only words that mean something to the filter', () => {
    for (const letter of 'abcdefghijklmnopqrstuvwxyz')
      for (const word of offered(letter).filter((each) => each !== 'not'))
        expect(parseConnectionFilter(word).ok, word).toBe(true);
  });

  it('nothing beyond the cursor and nothing that throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (text, at) => {
        const cursor = Math.min(at, text.length);
        for (const { from, to } of complete(text, cursor, { nodes })) {
          expect(from).toBeLessThanOrEqual(to);
          expect(to).toBe(cursor);
        }
      }),
    );
  });
});
