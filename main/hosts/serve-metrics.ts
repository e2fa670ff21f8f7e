import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FleetSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import type { Engine } from '../engine.ts';
import { refuse, refuseMethod, send } from './browser-reply.ts';
import { fleetMetrics } from './metrics.ts';
import { metricsFormat, metricsTypes, printMetrics } from './open-metrics.ts';

/** As short as a token may be: 16 characters of base64 hold 96 bits. */
const shortestToken = 16;

/**
 * The token in a file, which Prometheus' `credentials_file` can name too. Throws, in words for the operator, where the
 * file cannot be read, may be read by everybody, or holds no token.
 */
export function readMetricsToken(file: string): string {
  if (process.platform !== 'win32' && (statSync(file).mode & 0o007) !== 0)
    throw new Error(`${file}: everybody on this machine may read or change it; run chmod o-rwx on it`);
  const token = readFileSync(file, 'utf8').trim();
  if (!/^[\w.~+/=-]+$/.test(token) || token.length < shortestToken)
    throw new Error(
      `${file}: expected a token of at least ${shortestToken} letters and digits, as of: openssl rand -hex 32`,
    );
  return token;
}

/** Whether a request bears the token. Without one nobody does. */
export function bearsToken({ headers }: IncomingMessage, token: string | undefined): boolean {
  const borne = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return borne !== undefined && token !== undefined && timingSafeEqual(digestOf(borne), digestOf(token));
}

export function refuseMetrics(response: ServerResponse): void {
  response.setHeader('www-authenticate', 'Bearer realm="Handover metrics"');
  refuse(response, 401, 'Metrics need the bearer token that handover serve --metrics-token-file names.');
}

/** `GET /metrics`: the fleet as it is known at this moment. */
export async function serveMetrics(
  engine: Engine,
  request: IncomingMessage,
  response: ServerResponse,
  now: number,
): Promise<void> {
  if (request.method !== 'GET') return refuseMethod(response, 'GET');
  const { version } = await engine.handlers['app.info']({});
  const format = metricsFormat(request.headers.accept);
  response.setHeader('vary', 'accept');
  send(response, 200, metricsTypes[format], printMetrics(fleetMetrics(newest(engine), version, now), format));
}

function newest(engine: Engine): FleetSnapshot {
  let fleet: FleetSnapshot = { revision: 0, clusters: [] };
  engine.subscribe('fleet', (value) => {
    fleet = value;
  })();
  return fleet;
}

const digestOf = (text: string) => createHash('sha256').update(text).digest();
