import { readFileSync } from 'node:fs';
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { ClusterDefinition, InventoryError } from '../../shared/domain/cluster.ts';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import {
  type AlertCommand,
  alertCommandOf,
  definitionsOf,
  type InventoryFile,
  type Operator,
  thisOperator,
} from './schema.ts';
import { type Path, pathText, validateInventory } from './validate.ts';

/**
 * The clusters of an inventory file, every default filled in. A file that is not there is an inventory without
 * clusters; of several errors the first in the file is told.
 */
export function loadInventory(
  path: string,
  operator: Operator = thisOperator(),
): Result<ClusterDefinition[], InventoryError> {
  const read = readInventoryText(path);
  if (!read.ok) return read;
  const parsed = parseInventory(path, read.value ?? '');
  return parsed.ok ? ok(definitionsOf(parsed.value.written, operator)) : parsed;
}

/** The command that an inventory names for alerts; undefined where it names none. */
export function loadAlertCommand(
  path: string,
  operator: Operator = thisOperator(),
): Result<AlertCommand | undefined, InventoryError> {
  const read = readInventoryText(path);
  if (!read.ok) return read;
  const parsed = parseInventory(path, read.value ?? '');
  return parsed.ok ? ok(alertCommandOf(parsed.value.written, operator)) : parsed;
}

/** The file's text, undefined where there is none. */
export function readInventoryText(path: string): Result<string | undefined, InventoryError> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path)));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ('code' in error && error.code === 'ENOENT') return ok(undefined);
    if ('code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return err({ file: path, message: 'is not UTF-8 text', expected: 'a YAML file in UTF-8' });
    return err({ file: path, message: `cannot be read: ${error.message}` });
  }
}

/** An inventory as it is written, and the document that knows where everything stands in the text. */
export interface ParsedInventory {
  readonly written: InventoryFile;
  readonly document: Document;
}

export function parseInventory(file: string, text: string): Result<ParsedInventory, InventoryError> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, keepSourceTokens: true });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const [broken] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (broken) return err({ ...place(broken.pos[0]), message: broken.message, expected: 'valid YAML' });

  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 1000 }) ?? {};
  } catch (error) {
    // Aliases that point nowhere, or that multiply beyond all measure, come to light only here.
    return err({
      file,
      message: error instanceof Error ? error.message : String(error),
      expected: 'valid YAML',
    });
  }
  const checked = validateInventory(content);
  if (checked.ok) return ok({ written: checked.value, document });
  const [first] = checked.error
    .map((problem) => ({ ...problem, offset: offsetOf(document, problem.path, problem.atKey) }))
    .sort((a, b) => a.offset - b.offset);
  if (!first) throw new Error('the schema refused an inventory without saying why');
  const { path, offset, message, expected } = first;
  return err({ ...place(offset), ...(path.length > 0 && { path: pathText(path) }), message, expected });
}

/** As in `clusters.yaml:5:12: clusters[0].nodes[1].port: found "ssh", expected a port from 1 to 65535`. */
export function inventoryErrorText({ file, line, column, path, message, expected }: InventoryError): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const wish =
    expected === undefined ? '' : expected.endsWith('?') ? `; ${expected}` : `, expected ${expected}`;
  return `${place}: ${path === undefined ? '' : `${path}: `}${message}${wish}`;
}

/** Where a path begins in the text; where it is missing, what should hold it. `atKey`: the key rather than its value. */
function offsetOf(document: Document, path: Path, atKey: boolean): number {
  let node: unknown = document.contents;
  let offset = 0;
  const step = (to: unknown) => {
    if (isNode(to) && to.range) offset = to.range[0];
    // What an alias stands for is searched where it is defined.
    node = isAlias(to) ? to.resolve(document) : to;
  };
  step(node);
  for (const [index, key] of path.entries()) {
    if (isSeq(node)) step(node.items[Number(key)]);
    else if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (!pair) break;
      step(atKey && index === path.length - 1 ? pair.key : (pair.value ?? pair.key));
    } else break;
  }
  return offset;
}
