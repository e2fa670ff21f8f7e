import { describe, expect, test } from 'vitest';
import { parseConntrackdConfigFile } from '../../../main/agents/sync/conntrackd/parse-config-file.ts';
import { parseKeepalivedConfig } from '../../../main/agents/takeover/keepalived/parse-config.ts';
import { fixture } from '../../support/fixture.ts';

const files = [
  ['conntrackd/1.4.7/ftfw.conf', parseConntrackdConfigFile],
  ['conntrackd/1.4.9/notrack_udp_tcp.conf', parseConntrackdConfigFile],
  ['keepalived/2.2.7/keepalived.conf', parseKeepalivedConfig],
] as const;

describe.for(files)('%s', ([path, parse]) => {
  const text = fixture(path);
  const read = parse(text);

  test('is read without a complaint', () => expect(read.errors).toEqual([]));

  test('is the same with other line ends, in colour, numbered by cat -n or grep -n, or quoted in a mail', () => {
    const lines = text.trimEnd().split('\n');
    for (const pasted of [
      text.replaceAll('\n', '\r\n'),
      `\ufeff${text}`,
      lines.map((line) => `\u001b[1m${line}\u001b[0m`).join('\n'),
      lines.map((line, index) => `${String(index + 1).padStart(6)}\t${line}`).join('\n'),
      lines.map((line, index) => `${index + 1}:${line}`).join('\n'),
      lines.map((line) => `> ${line}`).join('\n'),
      text.replaceAll('    ', '\u00a0\u00a0\u00a0\u00a0'),
    ])
      expect(parse(pasted)).toEqual(read);
  });

  test('says which block was never closed, wherever it breaks off', () => {
    const lines = text.trimEnd().split('\n');
    const { errors } = parse(lines.slice(0, lines.lastIndexOf('}')).join('\n'));
    expect(errors).toContainEqual(expect.objectContaining({ expected: 'a } that closes this block' }));
  });
});

test('a braceless, misplaced or misspelt value costs its own line and no other', () => {
  const { config, errors } = parseKeepalivedConfig(
    'vrrp_instance A {\n priority many\n virtual_router_id 5\n}\n}\nvrrp_instance B {\n priority 90\n}\n',
  );
  expect(errors.map(({ line }) => line)).toEqual([2, 5]);
  expect(config.instances).toMatchObject([
    { name: 'A', vrid: 5 },
    { name: 'B', priority: 90 },
  ]);
});
