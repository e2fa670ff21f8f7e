import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/**
 * What the console's pages may do, in Electron and in a browser: run and load what the build put there, talk to the
 * host that served them, and nothing else.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** No segment may begin with a dot, so no path that fits can leave the folder or name a hidden file. */
const plainPath = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/;

export interface ConsoleFile {
  readonly type: string;
  readonly bytes: Buffer<ArrayBuffer>;
}

/** The built console's file behind a URL path; undefined where there is none, or none that may be served. */
export async function readConsoleFile(folder: string, urlPath: string): Promise<ConsoleFile | undefined> {
  const path = urlPath === '/' ? 'index.html' : urlPath.slice(1);
  const type = types[extname(path)];
  if (!plainPath.test(path) || type === undefined) return undefined;
  try {
    return { type, bytes: await readFile(join(folder, path)) };
  } catch {
    return undefined;
  }
}
