import * as z from 'zod/mini';
import type { Host } from '../main/engine.ts';

const prefix = '--engine-host=';
const Argument = z.object({ version: z.string(), inventoryPath: z.string(), stateDir: z.string() });

/** What main tells the engine's process about its host, on its command line. */
export type EngineArgument = z.infer<typeof Argument>;

export const engineArgument = (host: EngineArgument): string => `${prefix}${JSON.stringify(host)}`;

export function readEngineArgument(argv: readonly string[]): Host {
  const text = argv.find((argument) => argument.startsWith(prefix))?.slice(prefix.length);
  if (text === undefined) throw new Error(`the engine was started without ${prefix}`);
  return {
    kind: 'electron',
    keepsHistory: true,
    followsLogs: true,
    tellsAlerts: true,
    samplesLag: true,
    ...z.parse(Argument, JSON.parse(text)),
  };
}
