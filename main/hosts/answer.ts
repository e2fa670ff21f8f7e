import * as z from 'zod/mini';
import {
  type CallInput,
  type CallName,
  calls,
  isCallName,
  type StreamName,
  type StreamValue,
  senders,
  streams,
} from '../../shared/contract/contract.ts';
import { whyBroken } from '../../shared/contract/why-broken.ts';
import type { CallAnswer } from '../../shared/contract/wire.ts';
import type { Engine } from '../engine.ts';

/**
 * The engine's end of the contract, the same for every host: checks the name and the input, runs the handler, and
 * checks the output, which also drops whatever the schema does not name. Never throws.
 */
export async function answerCall(engine: Engine, name: string, input: unknown): Promise<CallAnswer> {
  if (!isCallName(name)) return { ok: false, kind: 'unknown-call', message: `there is no call ${name}` };
  const checked = z.safeParse(calls[name].input, input);
  if (!checked.success) return { ok: false, kind: 'invalid-input', message: z.prettifyError(checked.error) };
  try {
    const value = await handlerOf(engine, name)(checked.data);
    const output = z.safeParse(calls[name].output, value);
    if (output.success) return { ok: true, value: output.data };
    return defect(name, z.prettifyError(output.error));
  } catch (cause) {
    return defect(name, cause instanceof Error ? cause.message : String(cause));
  }
}

/**
 * What a stream's values become on their way to one subscriber, checked; undefined where the engine breaks the contract.
 */
export function streamSender(name: StreamName): (value: StreamValue<StreamName>) => unknown {
  // As with calls, the compiler cannot see that a name goes with its own value.
  const newSender = senders[name] as () => (value: StreamValue<StreamName>) => unknown;
  let change = newSender();
  return (value) => {
    try {
      return z.parse(streams[name], change(value));
    } catch (cause) {
      defect(name, whyBroken(cause));
      // What was not sent must not pass for sent.
      change = newSender();
      return undefined;
    }
  };
}

/** The pairing of a call's name with its own input is proven by the schema just above, not by the compiler. */
const handlerOf = (engine: Engine, name: CallName) =>
  engine.handlers[name] as (input: CallInput<CallName>) => Promise<unknown>;

/** The reason goes to the log of whoever runs the engine; the console learns only that it is the engine's fault. */
function defect(name: string, reason: string): CallAnswer {
  console.error(`the engine broke the contract in ${name}: ${reason}`);
  return {
    ok: false,
    kind: 'engine-failed',
    message: `the engine could not answer ${name}; its log says why`,
  };
}
