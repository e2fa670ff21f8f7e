import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import process from 'node:process';
import { err, ok, type Result } from '../../shared/lib/result.ts';
import { createEngine, type Engine } from '../engine.ts';
import { inventoryErrorText, loadInventory } from '../inventory/load.ts';
import { defaultInventoryPath, stateDir } from '../inventory/paths.ts';
import { passphraseAsker } from './ask-passphrase.ts';
import type { Io } from './command.ts';

export interface OpenOptions {
  /** `--inventory FILE`; without it the platform's default. */
  readonly inventory: string | undefined;
  /** Only this cluster is opened; it must be in the inventory. */
  readonly cluster: string | undefined;
  /** The command goes on until it is stopped. */
  readonly stays?: boolean;
  /** The command is about a table, or one entry of it: whether a slave is ready need not be known. */
  readonly forTable?: boolean;
  /** Follows the nodes' logs, and goes on with the history that a console keeps. */
  readonly forTimeline?: boolean;
  /** When (ms after the start of this process) a node that does not answer must be known as such. */
  readonly knowsBy?: number;
}

/** What a node is given even where the command was slow to start. */
const leastConnectMs = 500;

/** Builds an engine for one command. An inventory that is broken, or lacks the cluster, is told in words. */
export async function openEngine(options: OpenOptions, io: Io): Promise<Result<Engine, string>> {
  const path = options.inventory ?? defaultInventoryPath(io.env, process.platform, homedir());
  if (options.inventory !== undefined && !existsSync(path)) return err(`${path}: there is no such file`);
  const loaded = loadInventory(path);
  if (!loaded.ok) return err(inventoryErrorText(loaded.error));
  const names = loaded.value.map((cluster) => cluster.name);
  if (names.length === 0)
    return err(`${path}: there is no cluster in it; add one, or name another file with --inventory`);
  if (options.cluster !== undefined && !names.includes(options.cluster)) {
    return err(`${path}: there is no cluster "${options.cluster}"; there is ${names.join(', ')}`);
  }
  return ok(
    await createEngine({
      kind: 'browser',
      version: productVersion(),
      inventoryPath: path,
      stateDir: stateDir(io.env, process.platform, homedir()),
      passphrase: passphraseAsker(io),
      ...(options.forTable && { isBrief: true }),
      ...(options.stays && { samplesLag: true }),
      ...(options.cluster !== undefined && { only: options.cluster }),
      ...(options.knowsBy !== undefined && {
        connectTimeoutMs: Math.max(leastConnectMs, options.knowsBy - performance.now()),
      }),
      ...(options.forTimeline && { keepsHistory: true, followsLogs: true }),
    }),
  );
}

/** The version in the project's package.json. */
export function productVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version?: unknown };
  return typeof version === 'string' ? version : '0.0.0';
}
