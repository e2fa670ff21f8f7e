import { join } from 'node:path';
import { expect, test } from 'vitest';
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
} from './check.ts';
import { projectTree } from './tree.ts';

const house = survey(projectTree(join(import.meta.dirname, '..', '..')));

test('the house is read at all', () => {
  expect(house.scans.size).toBeGreaterThan(50);
});

test.each([
  ['every source lies in a room', homeless],
  ['a room imports only rooms and packages that it may know', wrongArrows],
  ['no file imports itself, through whatever others', circles],
  ['the product has no branch for the demo', demoNamed],
  ['each raw channel has one owner', rawChannels],
  ['no file does more than one thing', tooLong],
  ['no file names a folder of the machine that it was written on', machinePaths],
  ['every agent is in the registry and has captured output', agentsWithoutProof],
])('%s', (_, check) => {
  expect(check(house)).toEqual([]);
});
