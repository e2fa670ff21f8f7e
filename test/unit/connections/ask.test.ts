import { describe, expect, it } from 'vitest';
import { checkQuestion, filterOf } from '../../../main/connections/reading/narrow-question.ts';
import { parseConnectionFilter } from '../../../shared/domain/connection-filter.ts';
import fc from '../../support/fast-check.ts';
import { type Script, scriptedNode } from './reading-node.ts';

const good: Script = { pieces: ['entry 1\nentry 2\n'] };

describe('a question to the kernel', () => {
  it('goes to the kernel’s own filter, and what it answers is held against the question', async () => {
    const node = scriptedNode({ perl: good });
    const answer = await node.ask({ src: '10.1.2.3', dport: 443, protocol: 'tcp' });
    expect(answer).toMatchObject({
      accepted: true,
      observedAt: 1_000_000,
      matched: 2,
      line: '/usr/bin/perl conntrack-dump.pl --src 10.1.2.3 --dport 443 --protocol 6 --family ipv4',
    });
    expect(answer.accepted && answer.rows).toHaveLength(2);
    expect(node.forgotten.map(({ filters }) => filters)).toEqual([
      ['src == 10.1.2.3 and dport == 443 and proto == 6 and family == ipv4'],
    ]);
  });

  it('goes to conntrack where nothing quicker may run', async () => {
    const node = scriptedNode({ conntrack: good });
    expect(await node.ask({ src: '10.1.2.3' })).toMatchObject({
      accepted: true,
      line: '/usr/sbin/conntrack -L -o id -f ipv4 -s 10.1.2.3',
    });
  });

  it('goes another way in the same breath where one fails', async () => {
    const node = scriptedNode({ perl: { pieces: [], exitCode: 1, stderr: 'no' }, conntrack: good });
    expect(await node.ask({ dport: 443 })).toMatchObject({ accepted: true, matched: 2 });
    expect(node.forgotten).toHaveLength(2);
  });

  it('leaves the table and its failures as they are', async () => {
    const node = scriptedNode({ conntrack: { pieces: [], exitCode: 1, stderr: 'Operation not permitted' } });
    expect(await node.ask({ dport: 443 })).toMatchObject({ accepted: false });
    expect(node.reader.state()).toMatchObject({ reading: false });
    expect(node.reader.state().failure).toBeUndefined();
  });

  it.each([
    [{}, 'Ask for something'],
    [{ src: '10.1.2' }, '"10.1.2" (src) is no address.'],
    [{ src: '10.1.2.3; reboot' }, 'is no address'],
    [{ src: '10.1.2.3', dst: '::1' }, 'IPv4 and one of IPv6'],
    [{ src: '::1', family: 'ipv4' }, 'IPv4 and one of IPv6'],
    [{ dport: 70_000 }, 'dport is a whole number up to 65535.'],
    [{ dport: 1.5 }, 'whole number'],
    [{ protocol: 'tpc' }, '"tpc" is no protocol.'],
    [{ protocol: '300' }, '"300" is no protocol.'],
    [{ protocol: 'icmp', dport: 4 }, 'icmp has no ports.'],
  ] as const)('is refused in words, and the node hears nothing: %j', async (question, words) => {
    const node = scriptedNode({ perl: good });
    const answer = await node.ask(question);
    expect(answer.accepted ? '' : answer.reason).toContain(words);
    expect(node.ran).toEqual([]);
  });

  it('always has a filter that can be read', () => {
    const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: undefined });
    const question = fc.record({
      src: maybe(fc.ipV4()),
      dport: maybe(fc.nat(65_535)),
      protocol: maybe(fc.constantFrom('tcp', 'UDP', '6', 'sctp')),
      mark: maybe(fc.nat(0xffff_ffff)),
      zone: maybe(fc.nat(65_535)),
    });
    fc.assert(
      fc.property(question, (asked) => {
        const checked = checkQuestion(asked as Parameters<typeof checkQuestion>[0]);
        if (checked.ok) expect(parseConnectionFilter(filterOf(checked.value)).ok).toBe(true);
        else expect(Object.values(asked).every((value) => value === undefined)).toBe(true);
      }),
    );
  });
});
