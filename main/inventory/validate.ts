import { err, ok, type Result } from '../../shared/lib/result.ts';
import { InventoryFile } from './schema.ts';

export type Path = readonly PropertyKey[];

/** What the schema has against a piece of an inventory. `atKey`: it is the last key of the path that is wrong. */
export interface Problem {
  readonly path: Path;
  readonly atKey: boolean;
  readonly message: string;
  readonly expected: string;
}

/** `content` as YAML gives it; every default of the schema is filled in. */
export function validateInventory(content: unknown): Result<InventoryFile, readonly Problem[]> {
  const checked = InventoryFile.safeParse(content);
  if (checked.success) return ok(checked.data);
  return err(
    checked.error.issues.map(({ path, message: expected, ...issue }): Problem => {
      const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
      return unknownKey === undefined
        ? { path, atKey: false, message: found(valueAt(content, path)), expected }
        : {
            path: [...path, unknownKey],
            atKey: true,
            message: `"${unknownKey}" is not known here`,
            expected,
          };
    }),
  );
}

/** As in `clusters[0].nodes[1].port`. */
export const pathText = (path: Path): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');

const valueAt = (content: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    content,
  );

/** What stands there, in words. A long text is only measured: somebody may have pasted a key into the file. */
function found(value: unknown): string {
  if (value === undefined) return 'is missing';
  if (value === null) return 'is empty';
  if (Array.isArray(value)) return value.length === 0 ? 'found an empty list' : 'found a list';
  if (typeof value === 'object') return 'found a map';
  if (typeof value === 'string' && value.length > 40) return `found a text of ${value.length} characters`;
  return `found ${JSON.stringify(value)}`;
}
