import { expect, it } from 'vitest';
import { exportHead, exportLine } from '../../../shared/domain/connection-export.ts';
import { connectionAt } from '../../e2e/console-page/made-up-table.ts';

it('writes a command that names the zone even where there is none, for without it conntrack deletes in every zone', () => {
  expect(exportLine('command', connectionAt(3))).toBe(
    'conntrack -D -f ipv4 -s 10.1.0.3 -d 8.8.4.4 -p udp --sport 56525 --dport 53 -w 0\n',
  );
  expect(exportLine('command', connectionAt(0))).toMatch(/ -w 10\n$/);
  expect(exportLine('command', connectionAt(5))).toContain('-f ipv6 ');
  expect(exportLine('command', connectionAt(5))).toContain(
    '--icmpv6-type 128 --icmpv6-code 0 --icmpv6-id 77',
  );
});

it('writes a comment where no command names the connection alone', () => {
  const gre = { ...connectionAt(0), protocol: 'gre', protocolNumber: 47 };
  expect(exportLine('command', gre)).toMatch(/^# no exact command, .*every GRE tunnel.*: gre 47 /);
});

it('writes what can be read back: CSV under a head, JSON an object a line', () => {
  const [head, line] = [exportHead('csv'), exportLine('csv', connectionAt(0))];
  expect(line.split(',')).toHaveLength(head.split(',').length);
  expect(JSON.parse(exportLine('json', connectionAt(0)))).toEqual(connectionAt(0));
  expect(exportHead('json') + exportHead('text') + exportHead('command')).toBe('');
});
