import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { syncAgents, tableAgents, takeoverEngines } from '../../../main/agents/registry.ts';
import { printOf } from '../../support/parse-command.ts';

const root = join(import.meta.dirname, '../../fixtures');

const kinds: readonly (readonly [RegExp, string])[] = [
  [/^conntrack\/[^/]+\/[CS]\.txt$|^kernel\/.*proc_net_stat/, 'conntrack-stats'],
  [/^conntrack\/[^/]+\/E/, 'conntrack-events'],
  [/^(?:conntrack|kernel)\/|^conntrackd\/[^/]+\/[ei](?:_exp)?\.txt$/, 'conntrack'],
  [/^conntrackd\/[^/]+\/log_/, 'conntrackd-log'],
  [/^keepalived\/.*\.conf$/, 'keepalived-config'],
  [/^conntrackd\/.*\.conf$/, 'conntrackd-config'],
  [/^conntrackd\//, 'conntrackd-stats'],
  [/^keepalived\/[^/]+\/log/, 'keepalived-log'],
  [/^keepalived\/.*\.json$/, 'keepalived-json'],
  [/^keepalived\/.*\.data$/, 'keepalived-data'],
];

const expectedOf = (path: string): string => `${path.replace(/\.txt$/, '')}.expected.jsonl`;

const samples = ['conntrack', 'conntrackd', 'keepalived', 'kernel'].flatMap((program) =>
  readdirSync(join(root, program), { recursive: true, encoding: 'utf8' })
    .map((file) => `${program}/${file}`)
    .filter((path) => /\.(?:txt|json|data|conf)$/.test(path)),
);

describe('handover parse reads what the programs really print', () => {
  test.for(samples)('%s', async (path) => {
    const kind = kinds.find(([pattern]) => pattern.test(path))?.[1] ?? '';
    const output = await printOf([kind, join(root, path)]);
    expect(output.stdout).toBe(readFileSync(join(root, expectedOf(path)), 'utf8'));
    expect(output.status).toBe(output.stdout.includes('{"error":') ? 1 : 0);
    expect(output.stderr).toBe('');
  });
});

test('every agent of the registry has output of its program to be checked against', () => {
  const programs = [...tableAgents, ...syncAgents, ...takeoverEngines].map(({ kind }) => kind);
  for (const program of programs)
    expect(samples.filter((path) => path.startsWith(`${program}/`)).length).toBeGreaterThan(0);
});
