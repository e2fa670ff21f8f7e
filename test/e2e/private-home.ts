import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';

const NOBODY = 65_534;

export interface PrivateHome {
  readonly path: string;
  /** The variables that make every program look for its files here. */
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

/**
 * A home folder for one launch, which the user nobody owns where root runs the tests.
 *
 * @param inventory an inventory file: it becomes this home's own, with the keys and known_hosts that it names copied
 *   in, since nobody may not read root's
 */
export function privateHome(inventory: string | undefined): PrivateHome {
  const path = mkdtempSync(join(tmpdir(), 'handover-e2e-'));
  const env = {
    HOME: path,
    XDG_CONFIG_HOME: join(path, 'config'),
    XDG_STATE_HOME: join(path, 'state'),
    XDG_DATA_HOME: join(path, 'data'),
    XDG_CACHE_HOME: join(path, 'cache'),
    XDG_RUNTIME_DIR: join(path, 'runtime'),
    TMPDIR: join(path, 'tmp'),
  };
  own(path);
  for (const folder of Object.values(env)) {
    if (folder !== path) makeFolder(folder);
  }
  if (inventory !== undefined) installInventory(inventory, path, env.XDG_CONFIG_HOME);
  return { path, env, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

function installInventory(source: string, home: string, config: string): void {
  const document = parseDocument(readFileSync(source, 'utf8'));
  const files = join(home, 'files');
  makeFolder(files);
  let copied = 0;
  const clusters = document.get('clusters');
  for (const cluster of isSeq(clusters) ? clusters.items : []) {
    const nodes = isMap(cluster) ? cluster.get('nodes') : undefined;
    for (const node of isSeq(nodes) ? nodes.items : []) {
      if (!isMap(node)) continue;
      for (const key of ['identityFile', 'knownHostsFile']) {
        const named = node.get(key, true);
        if (!isScalar(named) || typeof named.value !== 'string') continue;
        const original = named.value.replace(/^~(?=\/)/, homedir());
        const copy = join(files, `${copied++}-${basename(original)}`);
        copyFileSync(original, copy);
        own(copy);
        chmodSync(copy, 0o600);
        named.value = copy;
      }
    }
  }
  const target = join(config, 'handover', 'clusters.yaml');
  makeFolder(dirname(target));
  writeFileSync(target, document.toString(), { mode: 0o600 });
  own(target);
}

function makeFolder(path: string): void {
  mkdirSync(path, { mode: 0o700 });
  own(path);
}

function own(path: string): void {
  if (process.getuid?.() === 0) chownSync(path, NOBODY, NOBODY);
}

/** @returns the first folder on the way to the path that users other than its owner may not pass, if there is one */
export function closedFolder(path: string): string | undefined {
  const parent = dirname(path);
  const above = parent === path ? undefined : closedFolder(parent);
  return above ?? ((statSync(path).mode & 0o001) === 0 ? path : undefined);
}
