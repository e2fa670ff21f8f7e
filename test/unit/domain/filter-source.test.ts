import { describe, expect, it } from 'vitest';
import { checkQuestion, filterOf } from '../../../main/connections/reading/narrow-question.ts';
import { parseConnectionFilter } from '../../../shared/domain/connection-filter.ts';
import { parseFilter } from '../../../shared/domain/filter-grammar.ts';
import { atTheSource } from '../../../shared/domain/filter-source.ts';
import fc from '../../support/fast-check.ts';
import { kernelConnection } from '../../support/kernel-connection.ts';

const asked = (filter: string) => {
  const tree = parseFilter(filter);
  if (!tree.ok) throw new Error(tree.error.message);
  return atTheSource(tree.value);
};

describe('what of a filter the kernel chooses itself', () => {
  it.each([
    ['src == 10.1.2.3', { src: '10.1.2.3' }],
    [
      'dst == 2001:db8::1 and tcp and dport == 443',
      { dst: '2001:db8:0:0:0:0:0:1', protocol: 'tcp', dport: 443 },
    ],
    ['-s 10.1.2.3 -p udp', { src: '10.1.2.3', protocol: 'udp' }],
    ['mark == 5 and zone == 2 and bytes > 1M', { mark: 5, zone: 2 }],
    ['src == 10.1.2.3 and (dport == 80 or dport == 443)', { src: '10.1.2.3' }],
    ['src == 10.1.2.3 and not dport == 443', { src: '10.1.2.3' }],
  ])('%s', (filter, question) => {
    expect(asked(filter)).toEqual(question);
  });

  it.each([
    '',
    'tcp',
    'dport == 443',
    'src in 10.1.0.0/16',
    'src in {10.1.2.3, 10.1.2.4}',
    'src == 10.1.2.3 or dst == 10.1.2.3',
    'not src == 10.1.2.3',
    '10.1.2.3',
    'src == 10.1.2.3 and new',
    'src == 10.1.2.3 and (age > 5 or tcp)',
    'src == 10.1.2.3 and not replicated on fw2',
  ])('is nothing of "%s"', (filter) => {
    expect(asked(filter)).toBeUndefined();
  });

  it('leaves out no connection that fits, and is a question that may be asked', () => {
    fc.assert(
      fc.property(
        kernelConnection,
        fc.constantFrom('tcp', 'dport == 443', 'assured', 'bytes > 10'),
        (connection, more) => {
          const { src, sport } = connection.original;
          const filter = `src == ${src}${sport === undefined ? '' : ` and sport == ${sport}`} and ${more}`;
          const question = asked(filter);
          expect(question).toBeDefined();
          if (!question) return;
          const checked = checkQuestion(question);
          const [fits, isAnswer] = [parseConnectionFilter(filter), parseConnectionFilter(filterOf(question))];
          if (!fits.ok || !isAnswer.ok) throw new Error(filter);
          if (fits.value(connection)) {
            expect(checked.ok).toBe(true);
            expect(isAnswer.value(connection)).toBe(true);
          }
        },
      ),
    );
  });
});
