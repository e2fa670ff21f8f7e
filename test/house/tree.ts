import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tree } from './check.ts';

/** Binary files and captured output hold nothing to read; lock files are npm's. */
const unread = /\.(png|ico|icns|woff2?|jpe?g|gz|bin)$|^test\/fixtures\/|package-lock\.json$/;

/** @returns the project's files as git knows them, those not yet committed included */
export function projectTree(project: string): Tree {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: project,
    encoding: 'utf8',
  });
  const paths = listed.split('\0').filter((path) => path !== '' && existsSync(join(project, path)));
  return new Map(
    paths.map((path) => [path, unread.test(path) ? '' : readFileSync(join(project, path), 'utf8')]),
  );
}
