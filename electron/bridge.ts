import * as z from 'zod/mini';
import { isCallName, isStreamName } from '../shared/contract/contract.ts';
import {
  type Bridge,
  type CallAnswer,
  PortReply,
  type PortRequest,
  type Wire,
} from '../shared/contract/wire.ts';

interface Subscription {
  readonly name: string;
  readonly onValue: (value: unknown) => void;
  readonly onState: (connected: boolean) => void;
  connected: boolean;
}

export interface PortBridge extends Bridge {
  /** Joins the console to an engine, the first or the one after a crash. Subscriptions carry over, calls do not. */
  attach(wire: Wire): void;
}

const gone: CallAnswer = { ok: false, kind: 'engine-gone', message: 'the engine is not running' };

/**
 * The console's end of a message port. Before the first engine is there calls wait for it; between a crash and the
 * next engine they fail at once, because nobody knows what became of them.
 */
export function createPortBridge(): PortBridge {
  let wire: Wire | undefined;
  let early: PortRequest[] | undefined = [];
  let lastId = 0;
  const pending = new Map<number, (answer: CallAnswer) => void>();
  const subscriptions = new Map<number, Subscription>();

  const detach = () => {
    wire = undefined;
    for (const settle of pending.values()) settle(gone);
    pending.clear();
    for (const subscription of subscriptions.values()) {
      subscription.connected = false;
      subscription.onState(false);
    }
  };

  const receive = (from: Wire, message: unknown) => {
    const { data: reply } = z.safeParse(PortReply, message);
    if (reply === undefined || from !== wire) return;
    if (reply.kind === 'answer') {
      pending.get(reply.id)?.(reply.answer);
      pending.delete(reply.id);
      return;
    }
    const subscription = subscriptions.get(reply.id);
    if (subscription === undefined) return;
    if (!subscription.connected) {
      subscription.connected = true;
      subscription.onState(true);
    }
    subscription.onValue(reply.value);
    wire.send({ kind: 'taken', id: reply.id });
  };

  return {
    attach(next) {
      if (wire !== undefined) detach();
      wire = next;
      next.onMessage((message) => receive(next, message));
      next.onClose(() => {
        if (wire === next) detach();
      });
      for (const [id, { name }] of subscriptions) next.send({ kind: 'subscribe', id, name });
      for (const request of early ?? []) next.send(request);
      early = undefined;
    },
    call(name, input) {
      if (!isCallName(name))
        return Promise.resolve({ ok: false, kind: 'unknown-call', message: `there is no call ${name}` });
      const request: PortRequest = { kind: 'call', id: ++lastId, name, input };
      if (wire === undefined && early === undefined) return Promise.resolve(gone);
      return new Promise<CallAnswer>((resolve) => {
        pending.set(request.id, resolve);
        if (wire === undefined) early?.push(request);
        else wire.send(request);
      });
    },
    subscribe(name, onValue, onState) {
      if (!isStreamName(name)) throw new Error(`there is no stream ${name}`);
      const id = ++lastId;
      subscriptions.set(id, { name, onValue, onState, connected: false });
      wire?.send({ kind: 'subscribe', id, name });
      return () => {
        subscriptions.delete(id);
        wire?.send({ kind: 'unsubscribe', id });
      };
    },
  };
}
