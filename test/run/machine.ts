import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './needs.ts';

/** Daemons live in sbin, which is not in every user's PATH. */
const folders = [...(process.env.PATH ?? '').split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin'];

export const hasProgram = (name: string): boolean => folders.some((folder) => existsSync(join(folder, name)));

const asNobody = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'];
const succeeds = ([program = '', ...args]: readonly string[]): boolean =>
  spawnSync(program, args).status === 0;

/** @returns what this machine has at this moment; ask again after an installation */
export function readMachine(): Machine {
  const isRoot = process.getuid?.() === 0;
  const listed = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  const libraries = new Set((listed.stdout ?? '').split('\n').map((line) => line.trim().split(' ')[0]));
  return {
    isRoot,
    canUnshare: isRoot && succeeds(['unshare', '--net', '--mount', 'true']),
    canSandbox: succeeds([...(isRoot ? asNobody : []), 'unshare', '--user', 'true']),
    hasProgram,
    hasLibrary: (soname) => libraries.has(soname),
    hasFile: existsSync,
  };
}
