import { fillTable, flowOf } from '../lab/fill-table.ts';
import { atMost, median, published, ratioAtMost } from './figure.ts';
import { withOrdinaryAgents } from './ordinary-agents.ts';
import { ownMost, runsFor, type TableBench, type TableLab } from './table-lab.ts';
import { openOnce } from './table-open.ts';
import type { Frames, Watched } from './table-page.ts';

/** What moves between two dumps. */
const fresh = 40;
const dropped = 7;

/** A second dump in a console that has just opened the table, watched as the first one; the frames are those of a third. */
export interface Refreshed extends Watched, Frames {
  /** What the first dump took, ms. */
  readonly firstDumpMs: number;
  /** Late frames of the same page in two seconds before, when nothing was read. */
  readonly idleLate: number;
}

/**
 * A second dump, compared with the first and shown with what is new and gone, over the first dump of the same console; and
 * the frames that come late while a third is read: to draw each of them takes a tenth of a core, which would not be there
 * for the second. Meanwhile no sync agent may take a core for as long as a frame lasts ({@link withOrdinaryAgents}).
 */
export const benchTableRefresh: TableBench = async (on) => {
  const { n } = on;
  await on.fill(n);
  const seconds = await refreshed(on);
  const late = atMost(
    0,
    'frames',
    'table-refresh-late-frames',
    n,
    seconds.map((each) => each.late),
  );
  const firsts = seconds.map(({ firstDumpMs }) => firstDumpMs);
  return [
    ratioAtMost(
      1.05,
      'ms',
      'table-refresh',
      n,
      seconds.map(({ wholeMs }) => wholeMs),
      firsts,
    ),
    { ...late, baseline: median(seconds.map(({ idleLate }) => idleLate)) },
    published(
      'ms',
      'table-refresh-longest-frame',
      n,
      seconds.map(({ longestMs }) => longestMs),
    ),
  ];
};

export const refreshed = (on: TableLab): Promise<readonly Refreshed[]> =>
  on.once('refresh', () => refreshTable(on));

async function refreshTable(on: TableLab): Promise<readonly Refreshed[]> {
  const { lab, n } = on;
  const seconds: Refreshed[] = [];
  let next = 2 * n + 1_000_000;
  let gone = 0;
  for (let run = 0; run < runsFor(n); run += 1) {
    let second: Watched | undefined;
    let frames: Frames | undefined;
    let idleLate = 0;
    const first = await openOnce(on, n - gone, async ({ page, watch, watchFrames }) => {
      idleLate = await page.evaluate(lateFrames, 2_000);
      for (let row = gone; row < gone + dropped; row += 1) {
        const { src, dst, sport, dport, protocol } = flowOf(row);
        const words = ['-s', src, '-d', dst, '-p', protocol, '--sport', `${sport}`, '--dport', `${dport}`];
        const dropping = await lab.exec('fw1', ['conntrack', '-D', ...words]);
        if (dropping.code !== 0) throw new Error(dropping.stderr);
      }
      gone += dropped;
      await fillTable('fw1', next, next + fresh);
      next += fresh;
      second = await watch('Read again', n - gone, 'gone since');
      const said = await page.locator('.table-foot').innerText();
      const [, came, went] = /(\d+) new.*?(\d+) gone/s.exec(said) ?? [];
      // a few of the node's own come and go as well
      const isTold = (count: string | undefined, least: number) =>
        Number(count) >= least && Number(count) <= least + ownMost;
      if (!isTold(came, fresh) || !isTold(went, dropped)) throw new Error(`the foot says: ${said}`);
      frames = await withOrdinaryAgents(lab, () => watchFrames('Read again', n - gone));
    });
    if (!second || !frames) continue;
    const { late, longestMs } = frames;
    seconds.push({ ...second, late, longestMs, firstDumpMs: first.wholeMs, idleLate });
  }
  return seconds;
}

/** Runs in the page: how many frames come later than two of a screen's while nothing is read. */
function lateFrames(forMs: number): Promise<number> {
  return new Promise((resolve) => {
    let late = 0;
    let last: number | undefined;
    let began: number | undefined;
    const frame = (now: number) => {
      if (last !== undefined && now - last > 32) late += 1;
      last = now;
      began ??= now;
      if (now - began < forMs) requestAnimationFrame(frame);
      else resolve(late);
    };
    requestAnimationFrame(frame);
  });
}
