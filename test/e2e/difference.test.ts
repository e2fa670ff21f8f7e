import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScreens, type Screens } from './console-page/open-screens.ts';
import { saveAs } from './save-as.ts';

/** What an operator does with the difference of two nodes, in a real browser. */
let shown: Screens;
let page: Page;
beforeAll(async () => {
  shown = await openScreens();
  page = shown.page;
});
afterAll(() => shown.close());

const chosen = () =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLSelectElement>('.table-choice select')].map(({ value }) => value),
  );
const hash = () => page.evaluate(() => location.hash);
const rows = () => page.getByRole('region', { name: 'Difference' }).locator('tbody tr');

describe('the difference of two nodes', () => {
  it('is a second comparison beside that of the slaves, of what the first slave holds of the master', async () => {
    await shown.open('three-nodes', '#/cluster/core/coverage');
    await page.getByRole('link', { name: 'Two nodes' }).click();
    await page
      .getByRole('heading', {
        name: 'The kernel table of fw1 and the external cache of fw2 differ in 215 connections',
      })
      .waitFor();
    expect(await chosen()).toEqual(['fw1', 'kernel', 'fw2', 'external']);
    expect(await shown.findings()).toEqual([]);
    await page.getByRole('link', { name: 'Slaves against the master' }).click();
    await page.getByRole('heading', { name: 'fw2: 38 missing, 6 stale' }).waitFor();
  });

  it('is of the two tables in its address, which Back takes back', async () => {
    await shown.open('three-nodes', '#/cluster/core/difference/fw2%3Ainternal/fw3%3Aexternal');
    await page.getByRole('heading', { name: /^The internal cache of fw2 and the external/ }).waitFor();
    await page.getByLabel('Node of the second table').selectOption('fw1');
    await page.getByLabel('Kind of the second table').selectOption('kernel');
    await page
      .getByRole('heading', {
        name: 'The internal cache of fw2 and the kernel table of fw1 have the same connections',
      })
      .waitFor();
    expect(decodeURIComponent(await hash())).toBe('#/cluster/core/difference/fw2:internal/fw1:kernel');
    await page.goBack();
    await expect.poll(chosen).toEqual(['fw2', 'internal', 'fw1', 'external']);
    await page.goBack();
    await expect.poll(chosen).toEqual(['fw2', 'internal', 'fw3', 'external']);
  });

  it('lists what is in one only, what differs in what, and what any filter of connections lets through', async () => {
    await shown.open('three-nodes', '#/cluster/core/difference');
    await expect.poll(() => rows().count()).toBe(200);
    await page.getByText('200 of 215 shown').waitFor();
    await page.getByText('9 began or changed while the tables were read').waitFor();
    await page.getByText('2 were left out: the sync agent does not carry').waitFor();
    await page.getByRole('button', { name: '3 only in fw2:external' }).click();
    await expect.poll(() => rows().count()).toBe(3);
    await page.getByRole('button', { name: /^2 in both, different/ }).click();
    await expect.poll(() => rows().count()).toBe(2);
    expect(await rows().first().textContent()).toContain(
      'state: ESTABLISHED in fw1:kernel, SYN_RECV in fw2:external',
    );
    await page.getByLabel('Filter connections').fill('dport == 2');
    await page.getByText('No connection that differs is like that.').waitFor();
    expect(shown.complaints).toEqual([]);
  });

  it('is taken along whole, as a file', async () => {
    await shown.open('three-nodes', '#/cluster/core/difference');
    const [csvName, csv] = await saveAs(page, 'CSV');
    expect(csvName).toBe('difference-core.csv');
    expect(csv.split('\r\n')).toHaveLength(215 + 2);
    const [, json] = await saveAs(page, 'JSON');
    expect(JSON.parse(json)).toMatchObject({
      of: { node: 'fw1', table: 'kernel' },
      against: { node: 'fw2', table: 'external' },
      onlyOf: 210,
      onlyAgainst: 3,
      different: 2,
    });
  });

  it('says why there is none, from when on there may be one, and how far one is', async () => {
    await shown.open('not-compared', '#/cluster/edge/difference');
    await page.getByRole('heading', { name: 'The tables were not compared' }).waitFor();
    await page.getByText('is read once a minute at most').waitFor();
    expect(await page.getByRole('button', { name: /^Again at \d\d:\d\d:\d\d$/ }).isDisabled()).toBe(true);
    await shown.open('comparing', '#/cluster/edge/difference');
    await page.getByText('Reading both tables: 21,404 connections').waitFor();
    await shown.open('demo', '#/cluster/demo/difference');
    await page.getByRole('button', { name: 'Compare the two tables' }).waitFor();
    expect(await shown.findings()).toEqual([]);
  });

  it('is where the connection table leads to, with the node that is open', async () => {
    await shown.open('healthy', '#/cluster/edge/connections/fw2');
    await page.getByRole('link', { name: 'Difference', exact: true }).click();
    await expect.poll(chosen).toEqual(['fw2', 'kernel', 'fw1', 'kernel']);
  });
});
