import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScreens, type Screens } from './console-page/open-screens.ts';

/** The connection table as an operator uses it, over made-up nodes. */
let shown: Screens;
let page: Page;
beforeAll(async () => {
  shown = await openScreens();
  page = shown.page;
});
afterAll(() => shown.close());

const open: Screens['open'] = (...where) => shown.open(...where);
const findings = () => shown.findings();

describe('the connection table', () => {
  const lastRow = () => page.locator('[role=row][data-row="999999"]');

  const topRow = () =>
    page.evaluate(() => {
      const { left, top } = document.querySelector('.rows-body')?.getBoundingClientRect() ?? new DOMRect();
      return document.elementFromPoint(left + 40, top + 4)?.closest<HTMLElement>('[role=row]')?.dataset.row;
    });

  it('reaches the last of a million rows by key, and draws only what is seen', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await lastRow().waitFor();
    await expect.poll(() => lastRow().textContent()).toContain('10.');
    expect(await page.locator('[role=row][data-row]').count()).toBeLessThan(60);
    await page.keyboard.press('Home');
    await page.keyboard.press('PageDown');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Connection' }).getByText('1999999').waitFor();
  });

  it('moves by rows with the wheel, although the scroll bar is scaled', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.locator('[role=row][data-row="0"]').hover();
    await page.mouse.wheel(0, 240);
    await expect.poll(topRow).toBe('10');
  });

  it('says where a filter stops making sense while it is typed', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.keyboard.press('/');
    await page.keyboard.type('dport ==');
    await page.getByText('expected a value').waitFor();
    await page.keyboard.type(' 443');
    await page.getByText('1,240 of 1,000,000').waitFor();
    expect(await page.getByText('expected a value').count()).toBe(0);
  });

  it('offers what may follow while a filter is typed, and the word that was meant', async () => {
    await open('healthy', '#/cluster/edge/connections');
    const filter = page.getByLabel('Filter connections');
    await filter.pressSequentially('dpo');
    await page.getByRole('option', { name: /^dport/ }).waitFor();
    expect(await findings()).toEqual([]);
    await filter.press('Tab');
    expect(await filter.inputValue()).toBe('dport ');
    await filter.press('Escape');
    expect(await page.getByRole('listbox').count()).toBe(0);
    await filter.fill('dprot == 443');
    await filter.press('Tab');
    expect(await filter.inputValue()).toBe('dport == 443');
    expect(shown.complaints).toEqual([]);
  });

  it('leaves its buttons where they are while the words beside them change', async () => {
    const button = page.getByRole('button', { name: 'Saved filters' });
    await open('demo', '#/cluster/demo/connections');
    await page.getByRole('button', { name: 'Read', exact: true }).first().waitFor();
    const unread = await button.boundingBox();
    await open('healthy', '#/cluster/edge/connections');
    await page.getByText('1,000,000 connections').waitFor();
    const read = await button.boundingBox();
    await page.getByLabel('Filter connections').fill('dport == 443');
    await page.getByText('1,240 of 1,000,000').waitFor();
    expect(await button.boundingBox()).toEqual(read);
    expect(unread).toEqual(read);
    await page.getByLabel('Filter connections').fill('src == 10.1.0.1');
    await page.getByRole('button', { name: 'Ask now' }).waitFor();
    expect(await button.boundingBox()).toEqual(read);
  });

  it('stays where it is while a dump runs', async () => {
    const top = async () => (await page.getByRole('grid').boundingBox())?.y;
    await open('healthy', '#/cluster/edge/connections');
    const atRest = await top();
    await open('three-nodes', '#/cluster/core/connections');
    await page.getByRole('progressbar', { name: 'Read so far' }).waitFor();
    expect(await page.getByText('412,000 of about 1,000,000').count()).toBe(1);
    expect(await top()).toBe(atRest);
    expect(await findings()).toEqual([]);
  });

  it('keeps a filter under a name, and the last ones that were used', async () => {
    await open('healthy', '#/cluster/edge/connections');
    const filter = page.getByLabel('Filter connections');
    await filter.fill('dport == 443');
    await page.getByRole('button', { name: 'Saved filters' }).click();
    await page.getByLabel('Name of this filter').fill('web');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Delete web' }).waitFor();
    await page.getByText('Used last').waitFor();
    expect(await findings()).toEqual([]);
    await page.keyboard.press('Escape');
    await filter.fill('');
    await page.getByRole('button', { name: 'Saved filters' }).click();
    await page.getByRole('button', { name: 'web dport == 443' }).click();
    await expect.poll(() => filter.inputValue()).toBe('dport == 443');
  });

  it('looks names up only when asked to, having said who sees it', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.getByRole('grid').focus();
    await page.keyboard.press('Enter');
    await page.getByText('will see which addresses you look at').waitFor();
    expect(await page.getByText('www.example.org').count()).toBe(0);
    await page.getByRole('button', { name: 'Look up the names' }).click();
    await page.getByText('www.example.org').waitFor();
    expect(await findings()).toEqual([]);
  });

  it('asks the node alone for what its kernel can choose, and shows what it answers or why not', async () => {
    await open('healthy', '#/cluster/edge/connections');
    const filter = page.getByLabel('Filter connections');
    await filter.fill('dport == 443');
    expect(await page.getByRole('button', { name: 'Ask now' }).count()).toBe(0);
    await filter.fill('src == 10.1.0.1 and tcp');
    await page.getByRole('button', { name: 'Ask now' }).click();
    await page.getByRole('heading', { name: 'fw1 has 2 now' }).waitFor();
    await page.getByText('--src 10.1.0.1').waitFor();
    expect(await findings()).toEqual([]);
    await page.keyboard.press('Escape');
    await filter.fill('mark == 5');
    await page.getByRole('button', { name: 'Ask now' }).click();
    await page.getByText('the kernel refused the question').waitFor();
    await page.keyboard.press('Escape');
    await filter.fill('');
  });

  it('applies a cell as a filter from its menu', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.locator('[data-row="4"] [data-column="5"]').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Apply as filter: dport == 443' }).click();
    await expect.poll(() => page.getByLabel('Filter connections').inputValue()).toBe('dport == 443');
  });

  it('opens the detail with Enter, NAT said, and Escape closes it', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.locator('[data-row="0"]').waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Enter');
    const detail = page.getByRole('complementary', { name: 'Connection' });
    await detail.getByText('10.1.0.0:32768 → 192.0.2.9:32768').waitFor();
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached' });
  });

  it('says how it was read, what that costs the node and what moved, which a click filters', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.getByText('kernel dump through perl').waitFor();
    await page.getByText('3.0 % of fw1’s time').waitFor();
    await page.getByRole('button', { name: '12,408 new' }).click();
    await expect.poll(() => page.getByLabel('Filter connections').inputValue()).toBe('new');
  });

  it('says what following costs before it begins', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.getByRole('button', { name: /of fw1’s time/ }).click();
    await page.getByRole('menuitemradio', { name: 'Follow the kernel’s events…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Follow the events of fw1?' });
    await dialog.getByText('22 to 65 % of a firewall’s peak rate').waitFor();
    expect(await findings()).toEqual([]);
  });

  it('that is followed says of when its rows are, and stands still while several are selected', async () => {
    await open('followed', '#/cluster/edge/connections');
    await page.getByText(/^event \d s ago, timers 3 min ago$/).waitFor();
    await page.getByRole('button', { name: 'Following, 48,117 events' }).waitFor();
    await page.getByText('events lost 2 times').waitFor();
    await page.locator('[role=row][data-row="0"]').click();
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('2 selected, rows held').waitFor();
    expect(await findings()).toEqual([]);
  });

  it('groups what matches, draws the top talkers, and narrows the filter to one of them', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.getByRole('button', { name: 'Groups' }).click();
    const groups = page.getByRole('complementary', { name: 'Groups and totals' });
    await groups.locator('.recharts-bar-rectangle').first().waitFor();
    await groups.getByRole('row', { name: '10.1.17.23 181,202 18.1 %' }).waitFor();
    expect(await findings()).toEqual([]);
    await groups.getByRole('button', { name: '10.1.17.23' }).click();
    await expect.poll(() => page.getByLabel('Filter connections').inputValue()).toBe('src == 10.1.17.23');
    expect(shown.complaints).toEqual([]);
  });

  it('saves all that matches, piece by piece, as one file', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.getByRole('button', { name: 'Copy or export' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: /^Save .* as CSV$/ }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('connections-edge-fw1.csv');
    expect(await readFile(await file.path(), 'utf8')).toBe('from row 0\nfrom row 500\nfrom row 1000\n');
  });

  it('shows each command before it drops what is selected, and wants the name typed past ten', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.locator('[data-row="0"] [data-column="2"]').click();
    await page.locator('[data-row="11"] [data-column="2"]').click({ modifiers: ['Shift'] });
    await page.locator('[data-row="4"] [data-column="2"]').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Drop 12 connections…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Drop 12 connections from the table of fw1' });
    await dialog.getByText('conntrack -D -f ipv4 -s 10.1.0.4').waitFor();
    const send = dialog.getByRole('button', { name: 'Drop 12 connections' });
    expect(await send.isDisabled()).toBe(true);
    expect(await findings()).toEqual([]);
    await dialog.getByLabel('Type edge to confirm').fill('edge');
    await send.click();
    await dialog.getByText('1 of 2 dropped').waitFor();
    await dialog.getByText('was gone already').waitFor();
  });

  it('says what is missing where a login may not drop', async () => {
    await open('healthy', '#/cluster/edge/connections/fw2');
    await page.locator('[data-row="0"] [data-column="2"]').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Drop this connection…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Drop one connection from the table of fw2' });
    await dialog.getByText('Add HANDOVER_DROP').waitFor();
    expect(await dialog.getByRole('button', { name: /^Drop/ }).count()).toBe(0);
  });

  const heads = () => page.getByRole('columnheader').allInnerTexts();

  it('shows the columns that one chooses, where one puts them, and remembers that until it is reset', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Reply destination', exact: true }).click();
    await page.getByRole('checkbox', { name: 'State' }).click();
    expect(await findings()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('gridcell', { name: '192.0.2.9' }).first().waitFor();
    await page.getByRole('columnheader', { name: 'Reply dest.' }).getByRole('button').focus();
    await page.keyboard.press('Control+Shift+ArrowLeft');
    await expect.poll(heads).toEqual(expect.arrayContaining(['Reply dest.', 'NAT']));
    const asArranged = await heads();
    expect(asArranged.indexOf('Reply dest.')).toBe(asArranged.indexOf('NAT') - 1);
    expect(asArranged).not.toContain('State');
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await page.getByRole('link', { name: 'Connections', exact: true }).click();
    await expect.poll(heads).toEqual(asArranged);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('button', { name: 'Reset the columns' }).click();
    await expect.poll(heads).toContain('State');
    expect(await heads()).not.toContain('Reply dest.');
    expect(shown.complaints).toEqual([]);
  });

  const boxOf = async (name: string) => {
    const box = await page.getByRole('columnheader', { name, exact: true }).first().boundingBox();
    if (!box) throw new Error(`${name} is not on the screen`);
    return box;
  };

  it('makes a column wider by its edge and by key, and puts it elsewhere by the mouse', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.locator('[data-row="0"]').waitFor();
    const before = await boxOf('State');
    await page.mouse.move(before.x + before.width, before.y + 12);
    await page.mouse.down();
    await page.mouse.move(before.x + before.width + 50, before.y + 12, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => (await boxOf('State')).width).toBe(before.width + 50);
    await page.getByRole('columnheader', { name: 'State' }).getByRole('button').focus();
    await page.keyboard.press('Shift+ArrowLeft');
    await expect.poll(async () => (await boxOf('State')).width).toBe(before.width + 34);
    const [state, source] = [await boxOf('State'), await boxOf('Source')];
    await page.mouse.move(state.x + 20, state.y + 12);
    await page.mouse.down();
    await page.mouse.move(source.x + source.width - 5, source.y + 12, { steps: 6 });
    await page.mouse.up();
    await expect.poll(heads).toEqual(expect.arrayContaining(['Source', 'State']));
    expect((await heads()).slice(0, 3)).toEqual(['Protocol', 'Source', 'State']);
    expect(await page.getByRole('columnheader', { name: 'State' }).getAttribute('aria-sort')).toBe('none');
  });

  it('sorts by several columns and says in which order', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.getByRole('columnheader', { name: 'State' }).getByRole('button').click();
    await page
      .getByRole('columnheader', { name: 'Bytes' })
      .getByRole('button')
      .click({ modifiers: ['Shift'] });
    expect((await heads()).map((head) => head.replace(/\s/g, ''))).toEqual(
      expect.arrayContaining(['State▲1', 'Bytes▲2']),
    );
    await page.getByRole('columnheader', { name: 'Bytes' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Hide this column' }).click();
    await expect.poll(heads).not.toContain('Bytes');
    expect(await page.getByRole('columnheader', { name: 'State' }).getAttribute('aria-sort')).toBe(
      'ascending',
    );
  });

  it('copies rows chosen here and there as text, CSV, JSON and conntrack commands', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await open('healthy', '#/cluster/edge/connections');
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await page.locator('[data-row="0"] [data-column="2"]').click();
    await page.locator('[data-row="4"] [data-column="2"]').click({ modifiers: ['Control'] });
    await page.getByText('2 selected').waitFor();
    await page.locator('[data-row="6"] [data-column="2"]').click({ modifiers: ['Control', 'Shift'] });
    await page.getByText('4 selected').waitFor();
    expect(await page.evaluate(() => window.getSelection()?.toString())).toBe('');
    await page.locator('[data-row="6"] [data-column="2"]').click({ modifiers: ['Control'] });
    await page.locator('[data-row="5"] [data-column="2"]').click({ modifiers: ['Control'] });
    await page.getByText('2 selected').waitFor();
    await page.keyboard.press('Control+c');
    await expect
      .poll(copied)
      .toMatch(/^tcp 6 431000 TIME_WAIT src=10.1.0.0 .*\ntcp 6 431004 .* src=10.1.0.4 /);
    await page.keyboard.press('Control+Shift+C');
    await expect
      .poll(copied)
      .toMatch(/^conntrack -D -f ipv4 -s 10.1.0.0 -d 10.2.0.1 -p tcp --sport 32768 --dport 443 -w 10\n/);
    await page.keyboard.press('Shift+C');
    await expect.poll(copied).toMatch(/^protocol,state,src,.*\ntcp,TIME_WAIT,10.1.0.0,/);
    await page.locator('[data-row="4"] [data-column="2"]').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Copy 2 rows as JSON' }).click();
    await expect
      .poll(async () => JSON.parse((await copied()).split('\n')[1] ?? '{}').original.src)
      .toBe('10.1.0.4');
  });

  it('chooses all that match by key, and says how many', async () => {
    await open('healthy', '#/cluster/edge/connections');
    await page.locator('[data-row="3"] [data-column="2"]').click();
    await page.keyboard.press('Control+a');
    await page.getByText('1,000,000 selected').waitFor();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.getByText(/^[\d,]+ selected$/).count()).toBe(0);
    await page.keyboard.press('Control+ArrowDown');
    await page.keyboard.press('Control+ArrowDown');
    await page.keyboard.press('Space');
    await page.getByText('2 selected').waitFor();
    await page.keyboard.press('Space');
    await expect.poll(() => page.getByText(/^[\d,]+ selected$/).count()).toBe(0);
    expect(await page.locator('[role=row][aria-selected=true]').getAttribute('data-row')).toBe('4');
  });

  it('reads a table only when asked to', async () => {
    await open('demo', '#/cluster/demo/connections');
    await page.getByRole('button', { name: 'Read the connections of fw1' }).click();
    await page.getByText('1,000,000 connections').waitFor();
  });
});
