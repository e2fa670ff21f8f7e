import * as z from 'zod/mini';

/**
 * Why a call brought no output:
 *
 * - `unknown-call`   the contract has no such call
 * - `invalid-input`  the input does not fit the call's schema; nothing was done
 * - `engine-failed`  the handler threw, or its output does not fit the schema: a defect of the engine
 * - `engine-gone`    nobody answers: the engine crashed, was stopped, or does not know this console
 */
export const CallErrorKind = z.enum(['unknown-call', 'invalid-input', 'engine-failed', 'engine-gone']);
export type CallErrorKind = z.infer<typeof CallErrorKind>;

/** What a host answers to a call, whatever carries it. The value is still to be checked by the console. */
export const CallAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), kind: CallErrorKind, message: z.string() }),
]);
export type CallAnswer = z.infer<typeof CallAnswer>;

/** From a console to an engine over a message port. `taken`: the stream's last value was handled. */
export const PortRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id: z.number(), name: z.string(), input: z.unknown() }),
  z.object({ kind: z.literal('subscribe'), id: z.number(), name: z.string() }),
  z.object({ kind: z.literal('taken'), id: z.number() }),
  z.object({ kind: z.literal('unsubscribe'), id: z.number() }),
]);
export type PortRequest = z.infer<typeof PortRequest>;

/** From an engine to a console over a message port; `id` is that of the call or of the subscription. */
export const PortReply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), id: z.number(), answer: CallAnswer }),
  z.object({ kind: z.literal('value'), id: z.number(), value: z.unknown() }),
]);
export type PortReply = z.infer<typeof PortReply>;

/** A message port, whoever made it: the DOM's, Electron's and Node's differ in everything but this. */
export interface Wire {
  send(message: PortRequest | PortReply): void;
  onMessage(handle: (message: unknown) => void): void;
  /** Once, when the other end is gone. */
  onClose(handle: () => void): void;
}

/**
 * What carries calls and streams between a console and an engine. The preload puts one on `window.handover`; without
 * it the console uses HTTP. Nothing that comes out of it has been checked against the contract yet.
 */
export interface Bridge {
  call(name: string, input: unknown): Promise<unknown>;
  subscribe(
    name: string,
    onValue: (value: unknown) => void,
    onState: (connected: boolean) => void,
  ): () => void;
}
