/** The operator's journey on the lab, in the real Electron window. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildConsole } from '../../main/hosts/console-build.ts';
import { type Lab, up } from '../lab/lab.ts';
import { type LaunchedElectron, launchElectron } from './electron-launch.ts';
import { journey } from './journey.ts';
import { complaintsOf, type Operator } from './operator.ts';

let lab: Lab;
let electron: LaunchedElectron;
let operator: Operator;

beforeAll(async () => {
  buildConsole(join(import.meta.dirname, '..', '..'));
  lab = await up();
  await lab.traffic.start();
  electron = await launchElectron({ inventory: lab.inventory.ops, width: 1920, height: 1080 });
  const { app, page } = electron;
  page.setDefaultTimeout(40_000);
  const window = await app.browserWindow(page);
  operator = {
    lab,
    page,
    door: 'electron',
    login: 'ops',
    complaints: complaintsOf(page),
    resize: async (width, height) => {
      await window.evaluate((w, size) => w.setContentBounds({ x: 0, y: 0, ...size }), { width, height });
      await page.waitForFunction(([w, h]) => innerWidth === w && innerHeight === h, [width, height] as const);
    },
  };
  await page.reload();
}, 700_000);

afterAll(async () => {
  await electron?.close();
  await lab?.down();
}, 60_000);

describe('in the Electron window an operator', () => {
  // the way back is the same call, and is walked in the browser
  test.each(journey.slice(0, -1))('%s', (_, walk) => walk(operator), 90_000);

  test('saw no violation of the policy, and no error in the log', () => {
    expect(operator.complaints).toEqual([]);
  });
});
