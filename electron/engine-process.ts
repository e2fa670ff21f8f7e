import type { MessagePortMain } from 'electron';
import { createEngine } from '../main/engine.ts';
import { servePort } from '../main/hosts/port.ts';
import type { Wire } from '../shared/contract/wire.ts';
import { readEngineArgument } from './engine-argument.ts';

// The engine in a process of its own: a busy poll never stops the window, and a crash never takes it along.
// Runs only as a utility process; main sends a port for each console, and "close" before it lets the process go.
const engine = createEngine(readEngineArgument(process.argv));
engine.catch((cause: unknown) => {
  console.error(`the engine did not start: ${cause instanceof Error ? cause.message : String(cause)}`);
  process.exit(1);
});

process.parentPort.on('message', async ({ data, ports: [port] }) => {
  const running = await engine;
  if (port !== undefined) {
    servePort(running, wireOf(port));
    port.start();
  } else if (data === 'close') {
    await running.close();
    process.exit(0);
  }
});

function wireOf(port: MessagePortMain): Wire {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (handle) => port.on('message', ({ data }) => handle(data)),
    onClose: (handle) => port.once('close', handle),
  };
}
