import { connect, type NetConnectOpts } from 'node:net';
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** How long a display may take to take a connection, in ms: one that is forwarded over SSH may be far away. */
const patience = 2_000;

/**
 * Whether a window could be shown: macOS and Windows have a screen, elsewhere a Wayland or X server must really take
 * a connection. A DISPLAY left over from another session is no display, and Electron crashes on it.
 */
export async function hasDisplay(env: Environment, platform: NodeJS.Platform): Promise<boolean> {
  if (platform === 'darwin' || platform === 'win32') return true;
  for (const address of displayAddresses(env)) if (await takesConnections(address)) return true;
  return false;
}

/** Where the displays that the environment names would listen; of X's two local sockets either will do. */
export function displayAddresses(env: Environment): NetConnectOpts[] {
  const { WAYLAND_DISPLAY: wayland, XDG_RUNTIME_DIR: runtime, DISPLAY: x11 } = env;
  const addresses: NetConnectOpts[] = [];
  if (wayland && isAbsolute(wayland)) addresses.push({ path: wayland });
  else if (wayland && runtime) addresses.push({ path: join(runtime, wayland) });
  const [, host, number] = /^(.*):(\d+)(?:\.\d+)?$/.exec(x11 ?? '') ?? [];
  if (number === undefined) return addresses;
  if (host === '' || host === 'unix') {
    const path = `/tmp/.X11-unix/X${number}`;
    addresses.push({ path }, { path: `\0${path}` });
  } else if (host !== undefined) addresses.push({ host, port: 6000 + Number(number) });
  return addresses;
}

function takesConnections(address: NetConnectOpts): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: patience });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => settle(true));
    socket.on('error', () => settle(false));
    socket.on('timeout', () => settle(false));
  });
}
