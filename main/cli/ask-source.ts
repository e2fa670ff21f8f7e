import { matches } from '../../shared/domain/connection-filter.ts';
import type { ConnectionRow } from '../../shared/domain/connection-query.ts';
import { parseFilter } from '../../shared/domain/filter-grammar.ts';
import { atTheSource } from '../../shared/domain/filter-source.ts';
import type { Engine } from '../engine.ts';

/**
 * What fits a filter, asked of the node's kernel instead of reading its whole table; undefined where the kernel cannot
 * choose it, would not, or knows of more than it may answer with: then the table has to be read.
 */
export async function askSource(
  engine: Engine,
  cluster: string,
  node: string,
  filter: string,
): Promise<readonly ConnectionRow[] | undefined> {
  const tree = parseFilter(filter);
  const question = tree.ok ? atTheSource(tree.value) : undefined;
  if (!tree.ok || !question) return undefined;
  const answer = await engine.handlers['connections.ask']({ cluster, node, question });
  if (!answer.accepted || answer.matched > answer.rows.length) return undefined;
  return answer.rows.filter((row) => matches(tree.value, row));
}
