import { describe, expect, test } from 'vitest';
import {
  agentsWithoutProof,
  circles,
  demoNamed,
  homeless,
  machinePaths,
  rawChannels,
  survey,
  tooLong,
  wrongArrows,
} from '../../house/check.ts';

/** A house of the given files; the value of one is its text. */
const house = (files: Record<string, string>) => survey(new Map(Object.entries(files)));
const importing = (path: string, from: string) => house({ [path]: `import '${from}';` });

describe('who may know whom', () => {
  test.each([
    ['main/transport/session.ts', '../agents/agent.ts'],
    ['main/agents/agent.ts', '../transport/session.ts'],
    ['main/agents/agent.ts', 'node:fs'],
    ['main/probe/probe.ts', '../cluster/cluster.ts'],
    ['main/cluster/cluster.ts', '../failover/run.ts'],
    ['main/failover/run.ts', '../engine.ts'],
    ['main/engine.ts', './hosts/loopback.ts'],
    ['main/engine.ts', 'electron'],
    ['main/cli/main.ts', '../../electron/app.ts'],
    ['shared/lib/result.ts', '../domain/role.ts'],
    ['shared/domain/role.ts', '../contract/contract.ts'],
    ['shared/domain/role.ts', 'node:util'],
    ['shared/domain/role.ts', 'react'],
    ['shared/contract/contract.ts', '../../main/engine.ts'],
    ['renderer/App.tsx', '../main/engine.ts'],
    ['renderer/App.tsx', '../electron/preload.ts'],
    ['renderer/App.tsx', 'node:path'],
    ['renderer/App.tsx', 'electron'],
    ['renderer/App.tsx', 'left-pad'],
    ['electron/app.ts', '../renderer/App.tsx'],
    ['main/inventory/load.ts', '../../test/lab/plan.ts'],
  ])('%s may not import %s', (path, from) => {
    expect(wrongArrows(importing(path, from))).toHaveLength(1);
  });

  test.each([
    ['main/probe/probe.ts', '../agents/agent.ts'],
    ['main/probe/probe.ts', '../transport/session.ts'],
    ['main/transport/session.ts', './dial.ts'],
    ['main/transport/session.ts', 'ssh2'],
    ['shared/contract/contract.ts', 'zod/mini'],
    ['renderer/views/fleet/FleetView.tsx', '../../../shared/domain/role.ts'],
    ['renderer/App.tsx', '@base-ui/react/dialog'],
    ['electron/app.ts', 'electron'],
    ['test/e2e/window.test.ts', '../../main/engine.ts'],
  ])('%s may import %s', (path, from) => {
    expect(wrongArrows(importing(path, from))).toEqual([]);
  });

  test('an agent may use of Node what only computes', () => {
    const agent = (source: string) => wrongArrows(house({ 'main/agents/agent.ts': source }));
    expect(agent("import { isIP } from 'node:net';")).toEqual([]);
    expect(agent("import { connect, isIP } from 'node:net';")).toHaveLength(1);
    expect(agent("import * as net from 'node:net';")).toHaveLength(1);
    expect(agent("import net from 'node:net';")).toHaveLength(1);
  });

  test('an import that is computed is refused', () => {
    expect(wrongArrows(house({ 'main/engine.ts': 'await import(name);' }))).toHaveLength(1);
  });
});

test('a source that lies in no room is found', () => {
  expect(
    homeless(house({ 'main/elsewhere/new.ts': '', 'main/engine.ts': '', 'test/a.ts': '' })),
  ).toHaveLength(1);
});

test('a circle is found however long it is, and named once', () => {
  const round = house({
    'main/a.ts': "import './b.ts';",
    'main/b.ts': "import type { C } from './c/c.ts';",
    'main/c/c.ts': "export * from '../a.ts';",
    'main/d.ts': "import './a.ts';",
  });
  expect(circles(round)).toEqual(['main/a.ts: imports itself through main/b.ts → main/c/c.ts → main/a.ts']);
});

test('two ways to the same file are no circle', () => {
  const diamond = house({
    'main/a.ts': "import './b.ts'; import './c.ts';",
    'main/b.ts': "import './d.ts';",
    'main/c.ts': "import './d.ts';",
    'main/d.ts': '',
  });
  expect(circles(diamond)).toEqual([]);
});

test.each([
  'if (cluster.demo) skip();',
  "if (name === 'demo') skip();",
  'const isDemo = true;',
  '<p>the demo</p>;',
])('the product cannot tell the demo apart by %s', (source) => {
  expect(demoNamed(house({ 'main/failover/run.tsx': source }))).toHaveLength(1);
  expect(demoNamed(house({ 'main/demo/nodes.tsx': source }))).toEqual([]);
});

test('a raw channel has one owner', () => {
  const owner = {
    'electron/preload.ts': 'ipcRenderer.send();',
    'test/unit/electron/preload.test.ts': 'ipcRenderer;',
  };
  expect(rawChannels(house(owner))).toEqual([]);
  expect(rawChannels(house({ ...owner, 'electron/menu.ts': 'ipcRenderer.send();' }))).toHaveLength(1);
});

test('a file of 400 lines is the longest', () => {
  expect(tooLong(house({ 'main/engine.ts': '\n'.repeat(400) }))).toEqual([]);
  expect(tooLong(house({ 'main/engine.ts': '\n'.repeat(401) }))).toHaveLength(1);
  expect(tooLong(house({ 'renderer/theme/base.css': '\n'.repeat(401) }))).toHaveLength(1);
});

test('no file names a folder of the machine that it was written on', () => {
  const folder = ['', 'work', 'main'].join('/');
  const elsewhere = ['..', 'shared', 'samples', 'conntrack.txt'].join('/');
  expect(machinePaths(house({ 'README.md': `cd ${folder}` }))).toHaveLength(1);
  expect(machinePaths(house({ 'test/lab/lab.ts': `read('${elsewhere}')` }))).toHaveLength(1);
  expect(
    machinePaths(house({ 'main/a.ts': "import '../shared/lib/clock.ts'; '/home/work/x'; './work/';" })),
  ).toEqual([]);
});

describe('an agent', () => {
  const agent = { 'main/agents/sync/pfsync/index.ts': '' };
  const registry = { 'main/agents/registry.ts': "import { pfsync } from './sync/pfsync/index.ts';" };
  const fixture = { 'test/fixtures/pfsync/7.6/state.txt': '' };

  test('is complete with its line in the registry and captured output', () => {
    expect(agentsWithoutProof(house({ ...agent, ...registry, ...fixture }))).toEqual([]);
  });
  test('is refused without its line in the registry', () => {
    expect(agentsWithoutProof(house({ ...agent, ...fixture }))).toHaveLength(1);
  });
  test('is refused without captured output', () => {
    expect(agentsWithoutProof(house({ ...agent, ...registry }))).toHaveLength(1);
  });
});
