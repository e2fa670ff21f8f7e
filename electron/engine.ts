import { join } from 'node:path';
import { type MessagePortMain, utilityProcess } from 'electron';
import { type EngineArgument, engineArgument } from './engine-argument.ts';
import type { EngineChild } from './engine-supervisor.ts';

export interface EngineProcess extends EngineChild {
  /** Gives the engine its end of a port to a console. */
  connect(port: MessagePortMain): void;
}

export function startEngine(host: EngineArgument): EngineProcess {
  const child = utilityProcess.fork(join(import.meta.dirname, 'engine.js'), [engineArgument(host)], {
    serviceName: 'Handover engine',
    stdio: 'inherit',
  });
  return {
    connect: (port) => child.postMessage(null, [port]),
    onExit: (handle) => child.once('exit', handle),
    stop: () => child.postMessage('close'),
  };
}
