import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Clock, systemClock } from '../../shared/lib/clock.ts';
import type { Engine } from '../engine.ts';
import { type Access, createAccess } from './access.ts';
import { serveCall, serveStream, serveTaken, type Untaken } from './browser-api.ts';
import { linkNeededPage } from './browser-pages.ts';
import { refuse, refuseMethod, send } from './browser-reply.ts';
import { readConsoleFile, securityHeaders } from './console-files.ts';
import { bearsToken, refuseMetrics, serveMetrics } from './serve-metrics.ts';

export interface BrowserHostOptions {
  readonly engine: Engine;
  /** Folder of the built console. */
  readonly rendererDir: string;
  /** Who bears it may read `/metrics` without a session. */
  readonly metricsToken?: string | undefined;
  readonly clock?: Clock;
}

export interface BrowserHost {
  readonly server: Server;
  readonly access: Access;
}

/** A console over HTTP. Who listens where is the caller's business; it must be the loopback address. */
export function createBrowserHost(options: BrowserHostOptions): BrowserHost {
  const access = createAccess(options.clock ?? systemClock);
  const untaken: Untaken = new Map();
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    response.setHeader('cache-control', 'no-store');
    route(request, response, access, untaken, options).catch((cause: unknown) => {
      console.error(`the browser host failed: ${cause instanceof Error ? cause.message : String(cause)}`);
      response.destroy();
    });
  });
  return { server, access };
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  untaken: Untaken,
  { engine, rendererDir, metricsToken, clock = systemClock }: BrowserHostOptions,
): Promise<void> {
  const port = request.socket.localPort;
  const host = request.headers.host;
  if (host === undefined || (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`))
    return refuse(response, 403, 'This console answers only as 127.0.0.1 or localhost.');
  const url = URL.parse(`http://${host}${request.url}`);
  if (url === null || url.host !== host) return refuse(response, 404, 'There is no such page.');

  const cookie = `handover-${port}`;
  const known = access.holds(cookieOf(request, cookie) ?? '');
  const token = url.pathname === '/' ? url.searchParams.get('token') : null;
  // Not on HEAD: what previews links must not use them up.
  if (token !== null && request.method === 'GET') {
    const session = known ? undefined : access.redeem(token);
    if (session !== undefined)
      response.setHeader('set-cookie', `${cookie}=${session}; HttpOnly; SameSite=Strict; Path=/`);
    if (known || session !== undefined) {
      response.writeHead(303, { location: '/' }).end();
      return;
    }
  }
  if (url.pathname === '/metrics') {
    if (!known && !bearsToken(request, metricsToken)) return refuseMetrics(response);
    return serveMetrics(engine, request, response, clock());
  }
  const api = /^\/api\/(call|stream|taken)\/([\w.-]+)$/.exec(url.pathname);
  if (api === null) {
    if (!known) return send(response, 401, 'text/html; charset=utf-8', linkNeededPage(token !== null));
    return serveFile(request, response, rendererDir, url.pathname);
  }
  const [, kind, name = ''] = api;
  const method = kind === 'stream' ? 'GET' : 'POST';
  if (!known) return refuse(response, 401, 'Open the one-time link first.');
  if (!isFromOurPage(request, url.origin)) return refuse(response, 403, 'Only the console itself may ask.');
  if (request.method !== method) return refuseMethod(response, method);
  if (kind === 'call') return serveCall(engine, name, request, response);
  if (kind === 'taken') return serveTaken(name, response, untaken);
  return serveStream(engine, name, response, untaken);
}

/**
 * Same-origin requests alone. A browser sends Origin with every POST and Sec-Fetch-Site with everything; a POST
 * without an Origin is therefore not from a page of ours.
 */
function isFromOurPage(request: IncomingMessage, ours: string): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined && site !== 'same-origin') return false;
  return origin === undefined ? request.method !== 'POST' : origin === ours;
}

async function serveFile(
  request: IncomingMessage,
  response: ServerResponse,
  folder: string,
  path: string,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuseMethod(response, 'GET, HEAD');
  const file = await readConsoleFile(folder, path);
  if (file === undefined) return refuse(response, 404, 'There is no such page.');
  send(response, 200, file.type, file.bytes);
}

function cookieOf(request: IncomingMessage, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
