import { protocol } from 'electron';
import { readConsoleFile, securityHeaders } from '../main/hosts/console-files.ts';

/** A scheme of our own, because pages from file:// may read other files and have no origin. */
const scheme = 'app';
export const consoleUrl = `${scheme}://console/`;
/** The console's screen of one cluster. */
export const clusterUrl = (cluster: string): string =>
  `${consoleUrl}#/cluster/${encodeURIComponent(cluster)}`;

/** Compares protocol and host: the origin of a scheme that is not the web's own is the string "null". */
export function isConsoleUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.protocol === `${scheme}:` && parsed.host === 'console';
}

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built console, and nothing beside it. */
export function serveScheme(folder: string): void {
  protocol.handle(scheme, async ({ method, url }) => {
    const readable = isConsoleUrl(url) && (method === 'GET' || method === 'HEAD');
    const file = readable ? await readConsoleFile(folder, new URL(url).pathname) : undefined;
    if (file === undefined)
      return new Response('There is no such page.\n', { status: 404, headers: securityHeaders });
    return new Response(file.bytes, { headers: { ...securityHeaders, 'content-type': file.type } });
  });
}
