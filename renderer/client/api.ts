import '../../shared/contract/without-eval.ts';
import * as z from 'zod/mini';
import type { ConsoleApi } from '../../shared/contract/console-api.ts';
import {
  type CallOutput,
  calls,
  receivers,
  type StreamChange,
  streams,
} from '../../shared/contract/contract.ts';
import { whyBroken } from '../../shared/contract/why-broken.ts';
import { type Bridge, CallAnswer, type CallErrorKind } from '../../shared/contract/wire.ts';
import { httpBridge } from './http-bridge.ts';

declare global {
  interface Window {
    readonly handover?: Bridge;
  }
}

/** A call brought no output: the engine is gone, or one side broke the contract. Refusals are values, not this. */
export class CallFailed extends Error {
  readonly kind: CallErrorKind;
  constructor(kind: CallErrorKind, message: string) {
    super(message);
    this.name = 'CallFailed';
    this.kind = kind;
  }
}

/** The console's one client: over the preload's bridge in Electron, over HTTP elsewhere. */
export function createClient(
  bridge: Bridge = window.handover ?? httpBridge(window.location.origin),
): ConsoleApi {
  return {
    async call(name, input) {
      const answer = z.safeParse(CallAnswer, await bridge.call(name, input));
      if (!answer.success) throw new CallFailed('engine-failed', `${name} was not answered in our format`);
      if (!answer.data.ok) throw new CallFailed(answer.data.kind, answer.data.message);
      const output = z.safeParse(calls[name].output, answer.data.value);
      if (!output.success) throw broken(name, output.error);
      return output.data as CallOutput<typeof name>;
    },
    subscribe(name, onValue, onState) {
      const receive = receivers[name]();
      return bridge.subscribe(
        name,
        (change) => {
          try {
            const value = receive(z.parse(streams[name], change) as StreamChange<typeof name>);
            if (value) onValue(value);
            else console.error(`${name} came without some of its parts`);
          } catch (cause) {
            console.error(broken(name, cause).message);
          }
        },
        onState,
      );
    },
  };
}

const broken = (name: string, cause: unknown) =>
  new CallFailed('engine-failed', `${name} does not fit the contract: ${whyBroken(cause)}`);
