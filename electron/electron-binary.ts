import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A download that brings not one byte for this long, in ms, is given up: a server that never answers takes minutes. */
const quietLimit = 8_000;

const programs: Readonly<Record<string, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Electron's program: the one that ELECTRON_OVERRIDE_DIST_PATH names, or the one that its package downloaded. */
export function findElectron(project: string, env: Environment): string | undefined {
  const program = programs[process.platform] ?? 'electron';
  const override = env.ELECTRON_OVERRIDE_DIST_PATH;
  const home = join(project, 'node_modules', 'electron');
  // Its package writes path.txt last: without it, an earlier download was cut short.
  if (!override && !existsSync(join(home, 'path.txt'))) return undefined;
  const path = join(override || join(home, 'dist'), program);
  return existsSync(path) ? path : undefined;
}

/** Lets Electron's package download its program; ends when it has, has failed, or has gone quiet. */
export async function downloadElectron(project: string, onArrival: () => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'handover-electron-'));
  const installer = join(project, 'node_modules', 'electron', 'install.js');
  const child = spawn(process.execPath, [installer], {
    stdio: 'ignore',
    env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder },
  });
  let bytes = 0;
  let heardAt = performance.now();
  const watch = setInterval(async () => {
    const before = bytes;
    bytes = await sizeOf(folder).catch(() => before);
    if (before === 0 && bytes > 0) onArrival();
    if (bytes !== before) heardAt = performance.now();
    if (performance.now() - heardAt > quietLimit) child.kill('SIGKILL');
  }, 500);
  await once(child, 'exit').catch(() => undefined);
  clearInterval(watch);
  await rm(folder, { recursive: true, force: true });
}

/** Of the files in a folder, in bytes. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
