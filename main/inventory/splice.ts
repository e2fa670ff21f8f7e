import { Document, isMap, isScalar, isSeq } from 'yaml';
import type { ClusterEntry } from './schema.ts';

/**
 * Edits of a list of clusters that is written in lines, as text: a YAML library that prints a whole document anew
 * moves comments and forgets indentation. Undefined where the list is not written so. Whether the outcome says what
 * it should is for the caller to check.
 */

/** The entry as lines at the end of the list, which is the end of the text unless another key follows. */
export function appendCluster(text: string, document: Document, entry: ClusterEntry): string | undefined {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const [firstDash] = dashesOf(document);
  const indent = ' '.repeat(firstDash === undefined ? 2 : columnOf(text, firstDash));
  const added = printedEntry(entry, nodesInBraces(document)).map((line) => indent + line);
  const head = document.contents === null ? ['clusters:'] : [];
  const end = endOfClusters(text, document);
  const before = text.slice(0, end);
  const ended = before === '' || before.endsWith('\n') ? before : before + lineEnd;
  return ended + [...head, ...added, ''].join(lineEnd) + text.slice(end);
}

/** Where the key begins that follows the list, with the blank lines and the comments that stand on it. */
function endOfClusters(text: string, document: Document): number {
  if (!isMap(document.contents)) return text.length;
  const keys = document.contents.items.map(({ key }) => key).filter(isScalar);
  const following = keys[keys.findIndex(({ value }) => value === 'clusters') + 1];
  if (!keys.some(({ value }) => value === 'clusters') || !following?.range) return text.length;
  const lines = text.slice(0, following.range[0]).split(/(?<=\n)/);
  while (/^(#.*)?\r?\n$/.test(lines.at(-1) ?? '')) lines.pop();
  return lines.join('').length;
}

/** Without the lines of one entry, and without the comment lines that stand directly on it. */
export function cutCluster(text: string, document: Document, index: number): string | undefined {
  const dash = dashesOf(document)[index];
  if (dash === undefined) return undefined;
  const column = columnOf(text, dash);
  const lines = text.split(/(?<=\n)/);
  const dashLine = text.slice(0, dash).split('\n').length - 1;
  const indentOf = (line: string | undefined) => line?.search(/\S/) ?? -1;
  const isBlank = (line: string | undefined) => line !== undefined && line.trim() === '';

  let start = dashLine;
  while (indentOf(lines[start - 1]) === column && lines[start - 1]?.trimStart().startsWith('#')) start--;
  let end = dashLine + 1;
  while (end < lines.length && (isBlank(lines[end]) || indentOf(lines[end]) > column)) end++;
  return [...lines.slice(0, start), ...lines.slice(end)].join('');
}

/** Offsets of the dashes in front of the clusters. */
function dashesOf(document: Document): number[] {
  const clusters = isMap(document.contents) ? document.get('clusters') : undefined;
  if (!isSeq(clusters) || clusters.srcToken?.type !== 'block-seq') return [];
  return clusters.srcToken.items.flatMap(({ start }) =>
    start.filter(({ type }) => type === 'seq-item-ind').map(({ offset }) => offset),
  );
}

const columnOf = (text: string, offset: number): number => offset - (text.lastIndexOf('\n', offset - 1) + 1);

/** Whether the operator writes a node as `{ name: …, host: … }`; so do we where there is none to look at. */
function nodesInBraces(document: Document): boolean {
  const node = isMap(document.contents) ? document.getIn(['clusters', 0, 'nodes', 0]) : undefined;
  return !isMap(node) || node.flow === true;
}

function printedEntry(entry: ClusterEntry, inBraces: boolean): string[] {
  const document = new Document([entry]);
  const nodes = document.getIn([0, 'nodes']);
  if (isSeq(nodes)) for (const node of nodes.items) if (isMap(node)) node.flow = inBraces;
  return document.toString({ lineWidth: 0 }).trimEnd().split('\n');
}
