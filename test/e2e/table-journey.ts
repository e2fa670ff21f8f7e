import { expect } from 'vitest';
import { lookAt, type Operator } from './operator.ts';

const conntrack = '/usr/sbin/conntrack';
/** Entries that no packet belongs to, on addresses for documentation. */
const entryOf = (sport: number) => [
  ...['-s', '198.51.100.7', '-d', '198.51.100.8', '-p', 'tcp', '--sport', `${sport}`, '--dport', '443'],
];
const sports = [41_000, 41_001, 41_002];

/** Reads again, filters, sorts, goes to the last row, opens it, drops it, and finds it gone on the node itself. */
export async function browseAndDrop(operator: Operator): Promise<void> {
  const { page, lab } = operator;
  const state = ['--state', 'ESTABLISHED', '-u', 'SEEN_REPLY,ASSURED', '-t', '300'];
  for (const sport of sports) await lab.exec('fw1', [conntrack, '-I', ...entryOf(sport), ...state]);
  const left = async () => {
    const { stdout } = await lab.exec('fw1', [conntrack, '-L', '-s', '198.51.100.7']);
    return sports.filter((sport) => stdout.includes(` sport=${sport} `));
  };
  expect(await left()).toEqual(sports);

  await page.getByRole('button', { name: 'Read again' }).click();
  const filter = page.getByLabel('Filter connections');
  await filter.fill('src == 198.51.100.7 and dport in {443, 8443}');
  await page.getByText(/^3 of [\d,]+$/).waitFor();
  await page.getByRole('columnheader', { name: 'Port' }).first().getByRole('button').click();
  const grid = page.getByRole('grid', { name: 'Connections of fw1' });
  await grid.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  const detail = page.getByRole('complementary', { name: 'Connection' });
  await detail.getByText('41002').first().waitFor();
  await page.keyboard.press('Escape');
  await page.getByText(/^(kernel dump through|text of) /).waitFor();
  expect.soft(await lookAt(operator, 'table')).toEqual([]);
  await grid.focus();
  await page.keyboard.press('Enter');
  await detail.getByText('41002').first().waitFor();

  await page.getByRole('gridcell', { name: '41002', exact: true }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Drop this connection…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Drop one connection from the table of fw1' });
  await dialog.getByText('--sport 41002 --dport 443 -w 0').waitFor();
  expect.soft(await lookAt(operator, 'drop')).toEqual([]);
  await dialog.getByRole('button', { name: 'Drop one connection' }).click();
  await dialog.getByText('1 of 1 dropped').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  expect(await left()).toEqual(sports.slice(0, 2));
  await page.getByText(/^2 of [\d,]+$/).waitFor();
  await detail.getByText('Gone from the table').waitFor();
  await detail.getByRole('button', { name: 'Close' }).click();

  for (const sport of sports.slice(0, 2)) await lab.exec('fw1', [conntrack, '-D', ...entryOf(sport)]);
  await page.getByRole('button', { name: 'Clear the filter' }).click();
}
