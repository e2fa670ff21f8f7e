import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { median, ratioAtMost } from './figure.ts';
import { sshWords, type TableBench, type TableLab } from './table-lab.ts';
import { opened } from './table-open.ts';
import { refreshed } from './table-refresh.ts';

/** What others take for the same job, on the same table in the same minutes: ours has to be ahead in each. */

/** `conntrack -L | sort | head` on the node, over the table opened, sorted, on screen. */
export const benchTableVsPipe: TableBench = async (on) => {
  await on.fill(on.n);
  const openings = await opened(on, 'netlink');
  const piped: number[] = [];
  while (piped.length < openings.length) piped.push(await on.ssh('fw1', 'conntrack -L | sort | head'));
  const ours = openings.map(({ wholeMs }) => wholeMs);
  return [ratioAtMost(1, 'ms', 'table-vs-pipe', on.n, ours, piped)];
};

/** iptstate's first row and the time to its next picture of the table, over our first rows and our refresh. */
export const benchTableVsIptstate: TableBench = async (on) => {
  await on.fill(on.n);
  const openings = await opened(on, 'netlink');
  const seconds = await refreshed(on);
  const theirs = await iptstate(on);
  return [
    ratioAtMost(
      1,
      'ms',
      'table-vs-iptstate',
      on.n,
      openings.map(({ firstMs }) => firstMs),
      [theirs.firstMs],
    ),
    ratioAtMost(
      1,
      'ms',
      'table-vs-iptstate-refresh',
      on.n,
      seconds.map(({ wholeMs }) => wholeMs),
      [theirs.refreshMs],
    ),
  ];
};

/** A screen of 24 lines has no more; iptstate itself pads without end where its output is no terminal. */
const mostBytes = 2 ** 20;
const patienceMs = 120_000;
/** The least that it can be told to wait between two pictures: no part of its work. */
const pauseMs = 1_000;
/** A picture has ended when nothing came for so long. */
const quietMs = 250;

/** On a terminal of the node's own. A row is known by its two addresses with ports. */
async function iptstate({ lab }: TableLab): Promise<{ firstMs: number; refreshMs: number }> {
  const [program = '', ...words] = sshWords(lab, 'fw1', '-tt');
  const startedAt = performance.now();
  const child = spawn(program, [...words, `TERM=xterm iptstate -R ${pauseMs / 1_000}`], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  const pictures: number[] = [];
  let bytes = 0;
  let text = '';
  let lastAt = 0;
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > mostBytes) break;
      text = `${text}${chunk}`.slice(-20_000);
      const now = performance.now();
      if (pictures.length === 0 ? /\d+\.\d+\.\d+\.\d+:\d+/.test(text) : now - lastAt > quietMs)
        pictures.push(now);
      lastAt = now;
      if (pictures.length > 3) break;
    }
  } finally {
    clearTimeout(timer);
    child.stdin.end('q');
    child.kill();
    await ended;
  }
  const [first, ...later] = pictures;
  const gaps = later.map((at, index) => at - (pictures[index] ?? 0) - pauseMs);
  if (first === undefined || gaps.length === 0)
    throw new Error(`iptstate showed no table: ${text.slice(-500)}`);
  return { firstMs: first - startedAt, refreshMs: median(gaps) };
}
