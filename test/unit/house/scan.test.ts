import { describe, expect, test } from 'vitest';
import { scan } from '../../house/scan.ts';

const imported = (source: string) => scan('a.tsx', source).imports.map(({ from }) => from);

describe('reading imports', () => {
  test.each([
    ["import a from './a.ts';", './a.ts'],
    ["import './a.css';", './a.css'],
    ["import type { A } from './a.ts';", './a.ts'],
    ["import {\n  a,\n  b,\n} from './a.ts';", './a.ts'],
    ["export * from './a.ts';", './a.ts'],
    ["export { a } from './a.ts';", './a.ts'],
    ["const a = await import('./a.ts');", './a.ts'],
    ["let a: import('./a.ts').A;", './a.ts'],
    ["import a = require('./a.ts');", './a.ts'],
    ["const a = require('./a.cjs');", './a.cjs'],
    ["new Worker(new URL('./a.ts', import.meta.url));", './a.ts'],
    ["import a from './a.ts?raw';", './a.ts'],
  ])('%s', (source, from) => {
    expect(imported(source)).toEqual([from]);
  });

  test('an import that is computed is an import that nobody can read', () => {
    expect(imported('await import(name);')).toEqual([undefined]);
  });

  test('what only looks like one is none', () => {
    expect(
      imported("// import './a.ts'\nconst a = \"import './b.ts'\"; <p>Don't import './c.ts'</p>;"),
    ).toEqual([]);
  });

  test('says on which line', () => {
    expect(scan('a.ts', "\n\nimport './a.ts';").imports).toMatchObject([{ from: './a.ts', line: 3 }]);
  });
});

test.each([
  ["import { a, b as c } from 'x';", ['a', 'b']],
  ["import a from 'x';", undefined],
  ["import * as a from 'x';", undefined],
  ["import a, { b } from 'x';", undefined],
  ["import 'x';", undefined],
  ["export { a } from 'x';", undefined],
])('tells what is taken: %s', (source, names) => {
  expect(scan('a.ts', source).imports.map((found) => found.names)).toEqual([names]);
});

test('reads names, strings, templates and text on the screen, and no comment', () => {
  const source = `/* hidden */ const named = 'a quoted'; \`templated \${x}\`; <p title="titled">shown</p>;`;
  const words = scan('a.tsx', source).words.map(({ word }) => word);
  expect(words).toEqual(expect.arrayContaining(['named', 'quoted', 'templated', 'titled', 'shown']));
  expect(words).not.toContain('hidden');
});

test('a source that does not parse is an error, never an empty file', () => {
  expect(() => scan('a.ts', 'import from from;;; {')).toThrow(/a\.ts/);
});
