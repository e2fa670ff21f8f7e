import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { createEngine } from '../engine.ts';
import { defaultInventoryPath, stateDir } from '../inventory/paths.ts';
import { buildConsole } from './console-build.ts';
import { serve } from './serve.ts';
import { readMetricsToken } from './serve-metrics.ts';

const project = join(import.meta.dirname, '..', '..');

export interface ServeConsoleOptions {
  readonly inventory: string | undefined;
  /** 0: any free one. */
  readonly port: number;
  /** Holds the bearer token that opens `/metrics`; without it only a session does. */
  readonly metricsTokenFile?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  /** Ends the serving. */
  readonly until: AbortSignal;
}

/**
 * Serves the console of one inventory on loopback until told to end, and prints the one-time link; Enter prints
 * another. Rejects when the console cannot be built, the engine does not start, or the port cannot be had.
 */
export async function serveConsole(options: ServeConsoleOptions): Promise<void> {
  const { inventory, port, metricsTokenFile, env, stdin, stdout, until } = options;
  const metricsToken = metricsTokenFile === undefined ? undefined : readMetricsToken(metricsTokenFile);
  buildConsole(project);
  const engine = await createEngine({
    kind: 'browser',
    version: JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')).version,
    inventoryPath:
      inventory === undefined ? defaultInventoryPath(env, process.platform, homedir()) : resolve(inventory),
    stateDir: stateDir(env, process.platform, homedir()),
    keepsHistory: true,
    followsLogs: true,
    tellsAlerts: true,
    samplesLag: true,
  });
  try {
    const served = await serve({ engine, port, rendererDir: join(project, 'out', 'renderer'), metricsToken });
    stdout.write(`Open ${served.url}\nThe link works once, for ten minutes.`);
    stdout.write(stdin.isTTY ? ' Enter: a new link. Ctrl+C: end.\n' : '\n');
    const lines = stdin.isTTY ? createInterface({ input: stdin }) : undefined;
    lines?.on('line', () => stdout.write(`Open ${served.newLink()}\n`));
    await ended(until);
    lines?.close();
    await served.close();
  } finally {
    await engine.close();
  }
}

const ended = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
