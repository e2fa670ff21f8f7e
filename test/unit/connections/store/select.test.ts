import { expect, it } from 'vitest';
import { tableBuilder } from '../../../../main/connections/store/builder.ts';
import { noChanges } from '../../../../main/connections/store/revision.ts';
import { rowOf } from '../../../../main/connections/store/row-of.ts';
import { selectRows } from '../../../../main/connections/store/select.ts';
import { parseAddress } from '../../../../shared/domain/address.ts';
import type { Connection } from '../../../../shared/domain/connection.ts';
import { connectionText } from '../../../../shared/domain/connection-fields.ts';
import { matches } from '../../../../shared/domain/connection-filter.ts';
import { CoverageClass } from '../../../../shared/domain/coverage-class.ts';
import { parseFilter } from '../../../../shared/domain/filter-grammar.ts';
import type {
  AddressField,
  AddressRange,
  FilterPredicate,
  FilterTree,
  NumberField,
  WordField,
} from '../../../../shared/domain/filter-tree.ts';
import { addressFields, numberFields } from '../../../../shared/domain/filter-words.ts';
import { anyConnection } from '../../../support/any-connection.ts';
import fc from '../../../support/fast-check.ts';
import { kernelConnection } from '../../../support/kernel-connection.ts';

const numberField = fc.constantFrom(...(Object.keys(numberFields) as NumberField[]));
const addressField = fc.constantFrom(...(Object.keys(addressFields) as AddressField[]));
const wordField = fc.constantFrom<WordField>('proto', 'state', 'family', 'flag', 'key', 'helper');
const predicate = fc.constantFrom<FilterPredicate>(
  ...([
    'nat',
    'snat',
    'dnat',
    'assured',
    'unreplied',
    'offloaded',
    'ipv4',
    'ipv6',
    'new',
    'changed',
  ] as const),
);
const end = fc.constantFrom(
  0,
  1,
  5,
  8,
  22,
  27,
  80,
  443,
  1500,
  40_000,
  65_535,
  2 ** 32 - 1,
  2 ** 32,
  Number.POSITIVE_INFINITY,
);
const range = fc.tuple(end, end).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const address = fc.constantFrom(
  '10.1.2.3',
  '10.1.0.0',
  '10.1.255.255',
  '192.0.2.9',
  '::',
  '2001:db8::',
  '2001:db8::ffff',
  'fe80::1',
);
const addressRange = fc.tuple(address, address).map(([a, b]): AddressRange => {
  const [x, y] = [parseAddress(a), parseAddress(b)];
  if (x?.bits !== y?.bits || !x || !y)
    return { bits: x?.bits ?? 32, from: x?.value ?? 0n, to: x?.value ?? 0n };
  return {
    bits: x.bits,
    from: x.value < y.value ? x.value : y.value,
    to: x.value < y.value ? y.value : x.value,
  };
});
const word = fc.constantFrom(
  'tcp',
  'udp',
  '6',
  '17',
  '50',
  'esp',
  'igmp',
  'unknown',
  'established',
  'close',
  'ipv4',
  'ipv6',
  'assured',
  'hw_offload',
  'ftp',
  '0x1',
);
const part = fc.constantFrom(
  '',
  '1',
  '10',
  '10.1',
  '.2.3',
  '0.1.',
  '10.1.2.3',
  '1.2.3:4',
  ':44',
  '443',
  '2001:db8::1',
  '::1]:',
  ']:22',
  'tc',
  'gm',
  'stab',
  'ssu',
  'offl',
  'x',
  ' > ',
  'tcp es',
  'p  10',
  ' [assured',
  '.',
  '..',
  '9.9.9.9:',
);

const leaf: fc.Arbitrary<FilterTree> = fc.oneof(
  fc.record({
    kind: fc.constant('number' as const),
    field: numberField,
    ranges: fc.array(range, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('address' as const),
    field: addressField,
    ranges: fc.array(addressRange, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('word' as const),
    field: wordField,
    words: fc.array(word, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('contains' as const),
    field: fc.oneof(numberField, addressField, wordField),
    text: part,
  }),
  fc.record({ kind: fc.constant('is' as const), predicate }),
  fc.record({ kind: fc.constant('text' as const), text: part }),
  fc.record(
    {
      kind: fc.constant('replica' as const),
      classes: fc.subarray([...CoverageClass.options]),
      node: fc.constantFrom('fw2', 'FW3', 'fw9'),
      slaves: fc.constantFrom('any' as const, 'every' as const),
    },
    { requiredKeys: ['kind', 'classes'] },
  ),
  fc.constant({ kind: 'all' as const }),
);
const { tree } = fc.letrec<{ tree: FilterTree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('tree'), { maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('not' as const), part: tie('tree') }),
  ),
}));

const timeouts = { established: 432_000, udp: 30, udpStream: 120 };

function tableOf(connections: readonly Connection[]) {
  const builder = tableBuilder(connections.length, 2_000_000_000);
  for (const each of connections) builder.append(each);
  const columns = builder.done();
  const rates = Float32Array.from(connections, (_, index) => (index % 3 === 0 ? Number.NaN : index * 100));
  for (let row = 0; row < columns.length; row += 1) columns.change[row] = row % 4 === 3 ? 0 : row % 3;
  // of every seventh row nothing is known
  const slaves = ['fw2', 'fw3'].map((node, slave) => ({
    node,
    classes: Uint8Array.from(connections, (_, row) => (row % 7 === 6 ? 0 : ((row * (slave + 1)) % 6) + 1)),
    notes: new Uint16Array(connections.length),
    said: [],
  }));
  return { columns, changes: { ...noChanges, rates }, replicas: { comparedAt: 1, slaves }, timeouts };
}

const plain = (table: ReturnType<typeof tableOf>, filter: FilterTree): number[] =>
  Array.from({ length: table.columns.length }, (_, row) => row).filter((row) =>
    matches(filter, rowOf(table, row)),
  );

it('finds by its columns the rows that the plain evaluator finds one by one', () => {
  fc.assert(
    fc.property(
      fc.array(kernelConnection, { maxLength: 40 }),
      fc.array(tree, { minLength: 1, maxLength: 5 }),
      (connections, trees) => {
        const table = tableOf(connections);
        for (const each of trees) expect([...selectRows(table, each)]).toEqual(plain(table, each));
      },
    ),
    { numRuns: 1_000 },
  );
});

it('finds them also among rows that no kernel would print', () => {
  fc.assert(
    fc.property(
      fc.array(anyConnection, { maxLength: 10 }),
      fc.array(tree, { minLength: 1, maxLength: 5 }),
      (connections, trees) => {
        const table = tableOf(connections);
        for (const each of trees) expect([...selectRows(table, each)]).toEqual(plain(table, each));
      },
    ),
    { numRuns: 500 },
  );
});

it('finds a connection by any piece of its line', () => {
  fc.assert(
    fc.property(kernelConnection, fc.nat(), fc.integer({ min: 1, max: 20 }), (connection, from, size) => {
      const line = connectionText(connection);
      const text = line.slice(from % line.length, (from % line.length) + size);
      expect([...selectRows(tableOf([connection]), { kind: 'text', text })]).toEqual([0]);
    }),
    { numRuns: 500 },
  );
});

it('reads what is typed', () => {
  const table = tableOf(fc.sample(kernelConnection, { numRuns: 300, seed: 7 }));
  for (const text of [
    'tcp and dst in 10.1.0.0/16 and not dport == 443',
    '10.1.2.3:22',
    'nat',
    'bytes > 1k or udp',
  ]) {
    const parsed = parseFilter(text);
    if (!parsed.ok) throw new Error(parsed.error.message);
    expect([...selectRows(table, parsed.value)]).toEqual(plain(table, parsed.value));
  }
});
