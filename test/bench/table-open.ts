import type { Page } from 'playwright-core';
import { installedReader } from '../../main/agents/table/conntrack/read-ways.ts';
import { flowOf } from '../lab/fill-table.ts';
import { atMost, type BenchFigure, ratioAtMost } from './figure.ts';
import { ownMost, runsFor, type TableBench, type TableLab } from './table-lab.ts';
import { onTableScreen, type TableScreen, type Watched } from './table-page.ts';

/** `netlink`: the kernel's own dump through the installed reader; `text`: what conntrack prints. Both as `ops`, by sudo. */
export type Reader = 'netlink' | 'text';

/** One opening of the table, and the same dump without us: `ssh NODE conntrack -L >/dev/null`, right before it. */
export interface Opened extends Watched {
  readonly plainMs: number;
}

const listing = 'conntrack -L';

/** The master's table opened for the first time, sorted, on screen: some runs of it. */
export const opened = (on: TableLab, reader: Reader): Promise<readonly Opened[]> =>
  on.once(`open ${reader}`, () => withReader(on, reader, () => openTable(on)));

async function openTable(on: TableLab): Promise<readonly Opened[]> {
  const found: Opened[] = [];
  while (found.length < runsFor(on.n)) found.push(await openWithPlain(on, on.n));
  return found;
}

/** One opening of a table with so many entries, behind the same dump without us. */
export async function openWithPlain(on: TableLab, entries: number): Promise<Opened> {
  const plainMs = await on.ssh('fw1', listing);
  return { plainMs, ...(await openOnce(on, entries)) };
}

/** One opening by a console that has read nothing yet; `then` goes on with the table that is open. */
export function openOnce(
  { lab }: TableLab,
  entries: number,
  then: (screen: TableScreen) => Promise<void> = async () => undefined,
): Promise<Watched> {
  return onTableScreen(lab.inventory.ops, async (screen) => {
    // its own connections may be gone: a table without a row has no column to sort by
    await lab.exec('fw2', ['conntrack', '-I', ...smallTable.split(' ')]);
    await sortBySource(screen);
    await screen.show('fw1');
    const watched = await screen.watch('Read the connections of fw1', entries);
    await assertRows(screen.page, entries);
    await then(screen);
    return watched;
  });
}

const smallTable = '-p udp -s 10.67.1.1 -d 10.67.2.1 --sport 1 --dport 53 -t 600';

/** The order is the cluster's: chosen at the small table of the other node, it holds for the large one from its first row on. */
async function sortBySource(screen: TableScreen): Promise<void> {
  await screen.show('fw2');
  await screen.watch('Read the connections of fw2', 1);
  const head = screen.page.getByRole('columnheader', { name: 'Source' });
  await head.getByRole('button').click();
  await screen.page.locator('[role=columnheader][aria-sort=ascending]').waitFor();
}

/** Without the installed reader sudo allows conntrack alone. */
async function withReader<T>({ lab }: TableLab, reader: Reader, act: () => Promise<T>): Promise<T> {
  if (reader === 'netlink') return act();
  await lab.exec('fw1', ['mv', installedReader, `${installedReader}.away`]);
  try {
    return await act();
  } finally {
    await lab.exec('fw1', ['mv', `${installedReader}.away`, installedReader]);
  }
}

/** Wrong rows would be no speed at all: how many there are, their order, both ends, and one that must be among them. */
async function assertRows(page: Page, entries: number): Promise<void> {
  const grid = page.getByRole('grid', { name: 'Connections of fw1' });
  const count = Number(await grid.getAttribute('aria-rowcount')) - 1;
  if (!(count >= entries && count <= entries + ownMost))
    throw new Error(`${count} rows are shown, ${entries} were put in`);
  await assertSorted(page);
  await grid.focus();
  await page.keyboard.press('End');
  await page
    .locator(`#row-${count - 1} [role=gridcell]:not(:empty)`)
    .first()
    .waitFor();
  await assertSorted(page);
  await page.keyboard.press('Home');
  const { src, dst, sport, dport } = flowOf(entries - 1);
  const filter = page.getByLabel('Filter connections');
  await filter.fill(`src == ${src} and sport == ${sport} and dst == ${dst} and dport == ${dport}`);
  await page.getByText(/^1 of [\d,]+$/).waitFor();
  await filter.fill('');
  await page.locator('.table-status', { hasText: / connections/ }).waitFor();
}

async function assertSorted(page: Page): Promise<void> {
  const heads = await page.getByRole('columnheader').allInnerTexts();
  const column = heads.findIndex((head) => head.startsWith('Source')) + 1;
  const cells = page.locator(`[role=gridcell][aria-colindex="${column}"]:not(:empty)`);
  const found = await cells.evaluateAll((elements) =>
    elements
      .map((each) => ({ row: Number(each.parentElement?.dataset.row), text: each.textContent ?? '' }))
      .sort((a, b) => a.row - b.row)
      .map(({ text }) => text),
  );
  const numbers = found.filter((text) => text.includes('.')).map(addressNumber);
  if (found.length === 0 || numbers.some((each, index) => each < (numbers[index - 1] ?? 0)))
    throw new Error(`the rows are not in the order of their source: ${found.join(', ')}`);
}

const addressNumber = (text: string): number =>
  text.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);

export const benchTableOpen: TableBench = async (on) => {
  await on.fill(on.n);
  const figures: BenchFigure[] = [];
  for (const [reader, goal] of [
    ['netlink', 0.6],
    ['text', 1],
  ] as const) {
    const runsOf = await opened(on, reader);
    const name = reader === 'netlink' ? 'table-open' : 'table-open-text';
    const plain = runsOf.map(({ plainMs }) => plainMs);
    figures.push(
      ratioAtMost(
        goal,
        'ms',
        name,
        on.n,
        runsOf.map(({ wholeMs }) => wholeMs),
        plain,
      ),
    );
  }
  return figures;
};

export const benchTableFirstPage: TableBench = async (on) => {
  await on.fill(on.n);
  const runsOf = await opened(on, 'netlink');
  return [
    atMost(
      300,
      'ms',
      'table-first-page',
      on.n,
      runsOf.map(({ firstMs }) => firstMs),
    ),
  ];
};
