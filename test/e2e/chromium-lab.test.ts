/** The operator's journey on the lab, in a browser that `handover serve` let in; and every fault of the lab on screen. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, up } from '../lab/lab.ts';
import { slowness } from '../support/slowness.ts';
import { type LaunchedChromium, launchChromium } from './chromium-launch.ts';
import { journey, unprotected } from './journey.ts';
import { complaintsOf, lookAt, nodeBox, type Operator, openCluster, verdict } from './operator.ts';
import { type ServedConsole, serveConsole } from './served-console.ts';

let lab: Lab;
let served: ServedConsole;
let chromium: LaunchedChromium;
let operator: Operator;

beforeAll(async () => {
  lab = await up();
  await lab.traffic.start();
  served = await serveConsole(lab.inventory.root);
  chromium = await launchChromium();
  const { page } = chromium;
  page.setDefaultTimeout(40_000);
  operator = {
    lab,
    page,
    door: 'chromium',
    login: 'root',
    complaints: complaintsOf(page),
    resize: (width, height) => page.setViewportSize({ width, height }),
  };
  await page.goto(served.link);
}, 700_000);

afterAll(async () => {
  await chromium?.close();
  await served?.close();
  await lab?.down();
}, 60_000);

describe('in a browser an operator', () => {
  test.each([...journey, unprotected])('%s', (_, walk) => walk(operator), 90_000);
});

interface SeenFault {
  readonly fault: Parameters<Lab['fault']>[0];
  readonly what: string;
  readonly within: number;
  /** Waits for what the screen must say. */
  readonly seen: (page: Page) => Promise<unknown>;
}

const reason = (page: Page, code: string) => verdict(page).getByText(code, { exact: true }).first().waitFor();
const unknownNode = (page: Page, ...why: RegExp[]) =>
  nodeBox(page, 'fw2', /unknown/, /last read/, ...why).waitFor();

describe('a fault is on screen as what it is, and so is its end', () => {
  test.each<SeenFault>([
    {
      fault: 'sync-link',
      what: 'the slave is silent',
      within: 5,
      seen: async (page) => {
        await reason(page, 'sync-silent');
        await page.getByRole('region', { name: 'Topology' }).getByText('silent').waitFor();
      },
    },
    {
      fault: 'management-link',
      what: 'the slave does not answer, and is unknown',
      within: 8,
      seen: async (page) => {
        await reason(page, 'node-unreachable');
        await unknownNode(page);
      },
    },
    {
      fault: 'sshd',
      what: 'the slave refuses the connection, and is unknown',
      within: 5,
      seen: async (page) => {
        await reason(page, 'node-unreachable');
        await unknownNode(page, /nothing listens on its SSH port/);
      },
    },
    {
      fault: 'agent',
      what: 'the sync agent of the slave does not run, and nothing is protected',
      within: 5,
      seen: async (page) => {
        await reason(page, 'agent-not-running');
        await reason(page, 'unprotected');
        await nodeBox(page, 'fw2', /slave/).waitFor();
      },
    },
    {
      fault: 'takeover',
      what: 'the takeover engine of the slave does not run',
      within: 5,
      seen: async (page) => {
        await reason(page, 'takeover-not-running');
        await nodeBox(page, 'fw2', /stopped/).waitFor();
      },
    },
    {
      fault: 'vrrp',
      what: 'split brain',
      within: 10,
      seen: async (page) => {
        await reason(page, 'split-brain');
        await page.getByText('SPLIT BRAIN', { exact: true }).waitFor();
        await nodeBox(page, 'fw1', /MASTER/).waitFor();
        await nodeBox(page, 'fw2', /MASTER/).waitFor();
      },
    },
  ])(
    '$fault: $what',
    async ({ fault, within, seen }) => {
      const { page } = operator;
      const healthy = verdict(page).getByRole('heading', { name: 'fw2 can take over now.' });
      await openCluster(page);
      await healthy.waitFor();
      const limit = within * slowness();
      await lab.fault(fault, true);
      try {
        const brokenAt = performance.now();
        await seen(page);
        const seconds = (performance.now() - brokenAt) / 1000;
        console.warn(`${fault}: on screen after ${seconds.toFixed(1)} s`);
        expect(seconds).toBeLessThan(limit);
        expect.soft(await lookAt(operator, `fault-${fault}`)).toEqual([]);
      } finally {
        await lab.fault(fault, false);
      }
      await healthy.waitFor({ timeout: 40_000 });
      await nodeBox(page, 'fw2', /BACKUP/, /slave/).waitFor();
    },
    90_000,
  );

  test('and no violation of the policy, nor an error, was in the log all the while', () => {
    expect(operator.complaints).toEqual([]);
  });
});
