import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';

/** Where a program stands on this machine; sbin is looked into too, since ordinary users do not have it in PATH. */
export const programPath = (name: string): string | undefined =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

/** A program by its name, or anything else of this machine with how it is looked for; false: nothing. */
export type Need = string | { readonly what: string; readonly isThere: () => boolean } | false;

export const asRoot = userInfo().uid === 0;
export const mountNamespace: Need = {
  what: 'a mount namespace (unshare --mount)',
  isThere: () => spawnSync('unshare', ['--mount', 'true']).status === 0,
};

/** What `unshare` is to be told for a mount namespace, as root or not, and whether this machine gives one. */
export const ownMounts = asRoot ? ['--mount'] : ['--mount', '--map-root-user'];
export const smallDisk: Need = {
  what: 'a mount namespace of its own',
  isThere: () => spawnSync('unshare', [...ownMounts, 'true']).status === 0,
};

/** A suite that needs something of this machine. Without it it is reported as skipped, with the reason; in CI it fails. */
export function describeWith(needs: readonly Need[], title: string, suite: () => void): void {
  const missing = needs.flatMap((need) => {
    if (need === false) return [];
    if (typeof need === 'string') return programPath(need) === undefined ? [need] : [];
    return need.isThere() ? [] : [need.what];
  });
  if (missing.length === 0) {
    describe(title, suite);
    return;
  }
  const reason = `needs ${missing.join(', ')}`;
  if (process.env.CI === 'true') throw new Error(`${title}: ${reason}`);
  describe(title, () => {
    it(reason, ({ skip }) => skip(reason));
  });
}
