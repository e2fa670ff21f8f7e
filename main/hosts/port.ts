import * as z from 'zod/mini';
import { isStreamName, type StreamName, type StreamValue } from '../../shared/contract/contract.ts';
import { PortRequest, type Wire } from '../../shared/contract/wire.ts';
import type { Engine } from '../engine.ts';
import { answerCall, streamSender } from './answer.ts';
import { newestWins } from './newest-wins.ts';

interface Subscription {
  taken(): void;
  stop(): void;
}

/** The engine's end of a message port to one console. A message that is not of our format is dropped and logged. */
export function servePort(engine: Engine, wire: Wire): void {
  const subscriptions = new Map<number, Subscription>();
  wire.onMessage((message) => {
    const checked = z.safeParse(PortRequest, message);
    if (!checked.success) {
      console.error('a console sent a message that is not of our format');
      return;
    }
    const request = checked.data;
    switch (request.kind) {
      case 'call':
        answerCall(engine, request.name, request.input).then((answer) =>
          wire.send({ kind: 'answer', id: request.id, answer }),
        );
        break;
      case 'subscribe':
        if (isStreamName(request.name) && !subscriptions.has(request.id))
          subscriptions.set(request.id, openSubscription(engine, wire, request.name, request.id));
        break;
      case 'taken':
        subscriptions.get(request.id)?.taken();
        break;
      case 'unsubscribe':
        subscriptions.get(request.id)?.stop();
        subscriptions.delete(request.id);
        break;
    }
  });
  wire.onClose(() => {
    for (const { stop } of subscriptions.values()) stop();
    subscriptions.clear();
  });
}

/** One value is on its way at a time; the next, and always the newest, goes when the console has taken it. */
function openSubscription(engine: Engine, wire: Wire, name: StreamName, id: number): Subscription {
  let ready: () => void = () => undefined;
  const outgoing = streamSender(name);
  const offer = newestWins<StreamValue<StreamName>>((value, taken) => {
    const checked = outgoing(value);
    if (checked === undefined) {
      taken();
      return;
    }
    ready = taken;
    wire.send({ kind: 'value', id, value: checked });
  });
  return { stop: engine.subscribe(name, offer), taken: () => ready() };
}
