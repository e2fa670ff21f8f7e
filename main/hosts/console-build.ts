import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const sources = ['electron', 'main', 'renderer', 'shared', 'electron.vite.config.ts', 'package.json'];
const outputs = ['out/electron/app.js', 'out/electron/preload.cjs', 'out/renderer/index.html'];

/** Builds the console where a source is newer than what was built; throws with the builder's own words. */
export function buildConsole(project: string): void {
  const built = outputs.map((path) => statSync(join(project, path), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (Math.min(...built) > Math.max(...sources.map((path) => newestChange(join(project, path))))) return;
  const builder = join(project, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [builder, 'build'], {
    cwd: project,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the console could not be built:\n${stdout}${stderr}`);
}

/** Of a file, or of a folder with all in it; a folder's own time tells of files that were removed. */
function newestChange(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce(
    (newest, name) => Math.max(newest, newestChange(join(path, name))),
    stat.mtimeMs,
  );
}
