import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, isScalar, isSeq } from 'yaml';
import type { ClusterDraft } from '../../shared/contract/contract.ts';
import type { InventoryError } from '../../shared/domain/cluster.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import { type ParsedInventory, parseInventory, readInventoryText } from './load.ts';
import { replaceFile } from './replace-file.ts';
import type { ClusterEntry, InventoryFile } from './schema.ts';
import { appendCluster, cutCluster } from './splice.ts';
import { pathText, validateInventory } from './validate.ts';

/** Puts a cluster at the end of the file, which is made where it is missing. */
export const addCluster = (path: string, entry: ClusterEntry): Result<void, InventoryError> =>
  editFile(path, (text, parsed) => {
    const clusters = parsed.written.clusters ?? [];
    const valid = validateInventory({ ...parsed.written, clusters: [...clusters, entry] });
    if (!valid.ok) {
      const [{ path: where, ...problem } = { path: [], message: 'is not a cluster', expected: 'a cluster' }] =
        valid.error;
      return err({ file: path, path: pathText(where), message: problem.message, expected: problem.expected });
    }
    return firstThatSays(path, valid.value, [
      () => appendCluster(text, parsed.document, entry),
      () => reprintedWith(parsed.document, entry),
    ]);
  });

/** Takes a cluster out of the file, with the comments that stand on it and in it. */
export const removeCluster = (path: string, name: string): Result<void, InventoryError> =>
  editFile(path, (text, parsed) => {
    const clusters = parsed.written.clusters ?? [];
    const index = clusters.findIndex((cluster) => cluster.name === name);
    if (index < 0) return err({ file: path, message: `holds no cluster "${name}"` });
    return firstThatSays(path, { ...parsed.written, clusters: clusters.toSpliced(index, 1) }, [
      () => cutCluster(text, parsed.document, index),
      () => reprintedWithout(parsed.document, index),
    ]);
  });

/** What the console's form holds, as it is written in the file. */
export function clusterEntry({ handoverFile, maintenanceFile, ...rest }: ClusterDraft): ClusterEntry {
  const takeover = { ...(handoverFile && { handoverFile }), ...(maintenanceFile && { maintenanceFile }) };
  return Object.keys(takeover).length > 0 ? { ...rest, takeover } : rest;
}

function editFile(
  path: string,
  edit: (text: string, parsed: ParsedInventory) => Result<string, InventoryError>,
): Result<void, InventoryError> {
  const read = readInventoryText(path);
  if (!read.ok) return read;
  const parsed = parseInventory(path, read.value ?? '');
  if (!parsed.ok) return parsed;
  const edited = edit(read.value ?? '', parsed.value);
  if (!edited.ok) return edited;
  const replaced = replaceFile(path, read.value, edited.value);
  if (replaced.ok) return replaced;
  const { error } = replaced;
  return err({
    file: path,
    message:
      error.kind === 'changed'
        ? 'was changed by somebody else at the same moment, so nothing was written'
        : `cannot be written: ${error.message}`,
  });
}

/** Of several texts the first that reads as the wanted inventory and nothing else: no clever edit loses anything. */
function firstThatSays(
  file: string,
  wanted: InventoryFile,
  candidates: readonly (() => string | undefined)[],
): Result<string, InventoryError> {
  for (const candidate of candidates) {
    const text = candidate();
    const read = text === undefined ? undefined : parseInventory(file, text);
    if (
      text !== undefined &&
      read?.ok &&
      isDeepStrictEqual({ ...read.value.written, clusters: read.value.written.clusters ?? [] }, wanted)
    )
      return ok(text);
  }
  return err({
    file,
    message:
      'is written in a way that cannot be edited here without loss (an alias to a removed part, perhaps)',
    expected: 'an edit by hand',
  });
}

function reprintedWith(document: Document, entry: ClusterEntry): string {
  if (!isMap(document.contents)) document.contents = document.createNode({});
  const clusters = document.get('clusters', true);
  if (isSeq(clusters)) {
    if (clusters.items.length === 0) clusters.flow = false;
    clusters.add(document.createNode(entry));
  } else {
    const list = document.createNode([entry]);
    if (isScalar(clusters)) list.commentBefore = clusters.comment ?? null;
    document.set('clusters', list);
  }
  return document.toString({ lineWidth: 0 });
}

function reprintedWithout(document: Document, index: number): string | undefined {
  document.deleteIn(['clusters', index]);
  try {
    return document.toString({ lineWidth: 0 });
  } catch {
    // The removed cluster held the anchor of an alias elsewhere.
    return undefined;
  }
}
