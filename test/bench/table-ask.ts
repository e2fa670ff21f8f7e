import { flowOf } from '../lab/fill-table.ts';
import { atMost, ratioAtMost } from './figure.ts';
import { withEngine } from './table-engine.ts';
import type { TableBench } from './table-lab.ts';

const runs = 5;

/** One address out of the whole table, by the kernel's own filter, over what `conntrack -L -s` takes to find it. */
export const benchTableAsk: TableBench = async (on) => {
  const { n } = on;
  await on.fill(n);
  return withEngine(on, async ({ handlers }) => {
    const asked: number[] = [];
    const plain: number[] = [];
    // what the node offers is found out by the first question; it is remembered from then on
    for (let run = -1; run < runs; run += 1) {
      const { src } = flowOf(1_001 + run * 2);
      const startedAt = performance.now();
      const answer = await handlers['connections.ask']({ cluster: 'lab', node: 'fw1', question: { src } });
      const tookMs = performance.now() - startedAt;
      if (!answer.accepted) throw new Error(answer.reason);
      const expected = Array.from({ length: n }, (_, row) => row).filter(
        (row) => flowOf(row).src === src,
      ).length;
      if (answer.matched !== expected)
        throw new Error(`${answer.matched} of ${expected} connections of ${src}`);
      if (run < 0) continue;
      asked.push(tookMs);
      plain.push(await on.ssh('fw1', `conntrack -L -s ${src}`));
    }
    return [
      atMost(700, 'ms', 'table-ask', n, asked),
      ratioAtMost(0.25, 'ms', 'table-ask-ratio', n, asked, plain),
    ];
  });
};
