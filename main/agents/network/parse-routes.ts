import * as z from 'zod/mini';
import type { Neighbour, Route } from '../../../shared/domain/node-facts.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { type ParseError, parseError } from '../parse-error.ts';
import { parseJson } from './parse-json.ts';

const PrintedRoute = z.object({
  dst: z.string(),
  gateway: z.optional(z.string()),
  via: z.optional(z.object({ host: z.string() })),
  dev: z.optional(z.string()),
  metric: z.optional(z.number()),
  protocol: z.optional(z.string()),
  nexthops: z.optional(z.array(z.object({ gateway: z.optional(z.string()) }))),
});

const PrintedNeighbour = z.object({
  dst: z.string(),
  dev: z.string(),
  confirmed: z.optional(z.number()),
  state: z.optional(z.array(z.string())),
});

/** `ip -j route`, or `ip -j -6 route`: the main table. A route over several gateways names them all. */
export function parseRoutes(stdout: string): Result<Route[], ParseError> {
  const read = z.array(PrintedRoute).safeParse(parseJson(stdout.trim() || '[]'));
  if (!read.success) return err(parseError(1, stdout.trim(), 'the JSON list that ip -j route prints'));
  return ok(
    read.data.map(({ dst, gateway, via, dev, metric, protocol, nexthops = [] }) => ({
      destination: dst,
      gateways: [gateway, via?.host, ...nexthops.map((hop) => hop.gateway)].filter(
        (each) => each !== undefined,
      ),
      ...(dev !== undefined && { device: dev }),
      ...(metric !== undefined && { metric }),
      ...(protocol !== undefined && { origin: protocol }),
    })),
  );
}

/** `ip -j -s neigh`: who answered ARP or ND, and when. */
export function parseNeighbours(stdout: string): Result<Neighbour[], ParseError> {
  const read = z.array(PrintedNeighbour).safeParse(parseJson(stdout.trim() || '[]'));
  if (!read.success) return err(parseError(1, stdout.trim(), 'the JSON list that ip -j neigh prints'));
  return ok(
    read.data.map(({ dst, dev, confirmed, state = [] }) => ({
      address: dst,
      device: dev,
      state: state[0] ?? 'NONE',
      ...(confirmed !== undefined && { confirmedSeconds: confirmed }),
    })),
  );
}
