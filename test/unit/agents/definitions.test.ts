import { describe, expect, test } from 'vitest';
import { parseKeepalivedConfig } from '../../../main/agents/takeover/keepalived/parse-config.ts';
import fc from '../../support/fast-check.ts';

const read = (text: string) => {
  const { config, errors } = parseKeepalivedConfig(text);
  expect(errors).toEqual([]);
  return config;
};

const fields = (text: string) =>
  read(text).instances.map(({ name, vrid, priority, interface: device, addresses }) => ({
    name,
    vrid,
    priority,
    device,
    addresses: addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`),
  }));

const instance = fc.record({
  name: fc.stringMatching(/^[A-Za-z][\w.]{0,12}$/),
  vrid: fc.integer({ min: 1, max: 255 }),
  priority: fc.integer({ min: 1, max: 254 }),
  device: fc.constantFrom('eth0', 'bond0.12', 'enp2s0f1'),
  addresses: fc.array(
    fc.tuple(fc.ipV4(), fc.integer({ min: 8, max: 32 })).map(([address, length]) => `${address}/${length}`),
    { maxLength: 4 },
  ),
});
type Instance = typeof instance extends fc.Arbitrary<infer T> ? T : never;

const statements = ({ name, vrid, priority, device, addresses }: Instance): string[] => [
  `vrrp_instance ${name} {`,
  `virtual_router_id ${vrid}`,
  `interface ${device}`,
  `priority ${priority}`,
  'virtual_ipaddress {',
  ...addresses,
  '}',
  '}',
];

/** The same configuration as operators write it. */
const styles: Readonly<Record<string, (all: readonly Instance[]) => string>> = {
  plain: (all) => all.flatMap(statements).join('\n'),
  'with a brace on its own line': (all) => all.flatMap(statements).join('\n').replaceAll(' {', '\n{'),
  'with braces against the words': (all) => all.flatMap(statements).join('\n').replaceAll(' {', '{'),
  'with comments': (all) => all.flatMap(statements).join(' # {"\n! }\n'),
  'indented by tabs, with carriage returns': (all) => all.flatMap(statements).join(' \r\n\t'),
  'as a definition of several lines': (all) =>
    all
      .flatMap((each, index) => [`$I${index}= \\`, statements(each).join(' \\\n  # why\n  '), `$I${index}`])
      .join('\n'),
  'as definitions within definitions': (all) =>
    [
      '$VIP= \\\nvirtual_ipaddress { \\\n$VIPS \\\n}',
      `$ALL= \\\nvrrp_instance $N { \\\nvirtual_router_id \${V} \\\ninterface \${D} \\\n priority $P \\\n $VIP \\\n}`,
      ...all.flatMap((each) => [
        `$N=${each.name}\n$V=${each.vrid}\n$D=${each.device}\n$P=${each.priority}`,
        each.addresses.length === 0 ? '$VIPS=' : `$VIPS= \\\n${each.addresses.join(' \\\n')}`,
        '',
        '$ALL',
      ]),
    ].join('\n'),
};

describe('keepalived.conf', () => {
  test.for(Object.entries(styles))('is read alike %s', ([, style]) => {
    fc.assert(
      fc.property(fc.array(instance, { maxLength: 3 }), (all) => {
        expect(fields(style(all))).toEqual(all);
      }),
    );
  });

  test('repeats a line for every number of a sequence and every value of a list, in each other', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -50, max: 300 }),
        fc.integer({ min: -50, max: 300 }),
        fc.integer({ min: 1, max: 40 }),
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 3 }),
        (start, end, size, words) => {
          const step = start <= end ? size : -size;
          const numbers: number[] = [];
          for (let now = start; step > 0 ? now <= end : now >= end; now += step) numbers.push(now);
          const config = read(
            `~LST(W, ${words.join(', ')}) ~SEQ(N, ${start}, ${step}, ${end}) vrrp_sync_group \${W}_\${N} { group { a } }`,
          );
          expect(config.syncGroups.map(({ name }) => name)).toEqual(
            words.flatMap((word) => numbers.map((number) => `${word}_${number}`)),
          );
        },
      ),
    );
  });

  test('gives what holds for one node only with its condition, and what holds for the others', () => {
    const { instances } = read(
      '$P=100\n@fw1 $P=150\nvrrp_instance A {\n priority $P\n unicast_peer {\n  @^fw1 10.0.0.1\n }\n}\n',
    );
    expect(instances[0]?.extra).toMatchObject([
      { text: 'priority 150', condition: '@fw1' },
      { text: 'priority 100', condition: '@^fw1' },
    ]);
    expect(instances[0]?.unicastPeers).toMatchObject([{ address: '10.0.0.1', condition: '@^fw1' }]);
  });

  test('says that it is too long once spelt out, and stays readable up to there', () => {
    const { config, errors } = parseKeepalivedConfig(
      `vrrp_instance A {\n virtual_router_id 7\n}\n$A=\${B}\${B}\n$B=\${A}\${A}\n~SEQ(I, 1, 1000000000) ~SEQ(J, 1, 1000000000) x \${A}\n`,
    );
    expect(config.instances).toMatchObject([{ name: 'A', vrid: 7 }]);
    expect(errors).toMatchObject([{ line: 6, expected: expect.stringContaining('at most 50000 lines') }]);
  });
});

/** As operators choose them; none that could stand in a file by chance, or that the syntax would cut. */
const password = fc.stringMatching(/^[A-Za-z0-9.,:;+*/?=%&-]{3,9}$/).map((text) => `Pw${text}wP`);

/** Every way to hand a password to `auth_pass` that keepalived knows, and some that are damaged. */
const hiders: readonly ((secret: string) => string)[] = [
  (secret) => `$A=${secret}\nvrrp_instance X {\n authentication {\n auth_pass $A\n }\n priority $A\n}`,
  (secret) => `$A=${secret}\n$B=\${A}\n$C=$B\nvrrp_instance X {\n auth_pass \${C}\n notify "/x \${C}"\n}\n$C`,
  (secret) => `$A= \\\nauth_pass ${secret} \\\n}\nvrrp_instance X {\nauthentication {\n$A\n}`,
  (secret) => `@a $A=${secret}\n@b $A=${secret}\nvrrp_instance X {\n auth_pass $A\n router $A\n}`,
  (secret) => `~LST({N, P}, {1, ${secret}}, {2, ${secret}}) vrrp_instance X\${N} { auth_pass \${P}`,
  (secret) => `~LST(P, ${secret}) auth_pass $P`,
  (secret) => `$K=auth_pass\nauthentication {\n$K ${secret}\n}`,
  (secret) => `$VRRP_PASSWORD=${secret}\ninclude x`,
  (secret) => `$SHARED=${secret}\ninclude x`,
  (secret) => `auth_pass \\\n  ${secret}\n`,
  (secret) => `authentication { auth_type PASS auth_pass "${secret}" } priority ${'9'.repeat(9)}`,
];

test('no password gets out of a configuration, by whatever way it is handed on and wherever the file is cut', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...hiders),
      password,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (hide, secret, cut) => {
        const text = hide(secret);
        const whole = JSON.stringify(parseKeepalivedConfig(text));
        const part = JSON.stringify(parseKeepalivedConfig(text.slice(0, Math.ceil(cut * text.length))));
        expect(whole + part).not.toContain(secret.slice(0, 5));
      },
    ),
    { numRuns: 1_000 },
  );
});
