import { posix, win32 } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the inventory lies when nobody names another file: each platform's place for what a user writes. */
export function defaultInventoryPath(env: Environment, platform: NodeJS.Platform, home: string): string {
  return join(platform, configHome(env, platform, home), 'handover', 'clusters.yaml');
}

/** The folder for what the engine keeps by itself: audit log, history, the demo's keys. Not created here. */
export function stateDir(env: Environment, platform: NodeJS.Platform, home: string): string {
  return join(platform, stateHome(env, platform, home), 'handover');
}

function configHome(env: Environment, platform: NodeJS.Platform, home: string): string {
  if (platform === 'win32') return absolute(platform, env.APPDATA) ?? win32.join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support');
  return absolute(platform, env.XDG_CONFIG_HOME) ?? posix.join(home, '.config');
}

function stateHome(env: Environment, platform: NodeJS.Platform, home: string): string {
  if (platform === 'win32')
    return absolute(platform, env.LOCALAPPDATA) ?? win32.join(home, 'AppData', 'Local');
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support');
  return absolute(platform, env.XDG_STATE_HOME) ?? posix.join(home, '.local', 'state');
}

/** The XDG specification has relative and empty values ignored. */
function absolute(platform: NodeJS.Platform, path: string | undefined): string | undefined {
  const { isAbsolute } = platform === 'win32' ? win32 : posix;
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

function join(platform: NodeJS.Platform, ...parts: string[]): string {
  return platform === 'win32' ? win32.join(...parts) : posix.join(...parts);
}
