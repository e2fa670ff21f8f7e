import { MessageChannelMain, type MessagePortMain } from 'electron';
import * as z from 'zod/mini';
import { type FleetSummary, FleetSummary as Summary } from '../shared/domain/fleet-summary.ts';
import { createPortBridge } from './bridge.ts';

/**
 * Listens to the engine as a console does, for those who show something outside of the window. `undefined`: the engine
 * is away, and nothing is known. `connect` hands the other end to the engine and says whether there is one.
 */
export function watchFleet(
  connect: (port: MessagePortMain) => boolean,
  onSummary: (summary: FleetSummary | undefined) => void,
): { join(): void } {
  const bridge = createPortBridge();
  bridge.subscribe(
    'summary',
    (value) => {
      const checked = z.safeParse(Summary, value);
      if (checked.success) onSummary(checked.data);
    },
    (connected) => {
      if (!connected) onSummary(undefined);
    },
  );
  return {
    /** At the start, and after each restart of the engine. */
    join: () => {
      const { port1, port2 } = new MessageChannelMain();
      if (!connect(port1)) return;
      bridge.attach({
        send: (message) => port2.postMessage(message),
        onMessage: (handle) => port2.on('message', ({ data }) => handle(data)),
        onClose: (handle) => port2.once('close', handle),
      });
      port2.start();
    },
  };
}
