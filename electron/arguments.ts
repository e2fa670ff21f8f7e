import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultInventoryPath } from '../main/inventory/paths.ts';

/** The inventory that `--inventory FILE` names, or the platform's own. Chromium's switches stand in the same line. */
export function inventoryPathOf(argv: readonly string[], env: NodeJS.ProcessEnv): string {
  const { values } = parseArgs({
    args: [...argv],
    options: { inventory: { type: 'string' } },
    strict: false,
  });
  return typeof values.inventory === 'string'
    ? resolve(values.inventory)
    : defaultInventoryPath(env, process.platform, homedir());
}
