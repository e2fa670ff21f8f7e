import type { CallInput, CallName, CallOutput, StreamName, StreamValue } from './contract.ts';

/**
 * The engine as the console sees it, whatever lies between them (Electron's ports, or HTTP on loopback).
 * `call` rejects only when the engine is gone or broke the contract; refusals are values.
 */
export interface ConsoleApi {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  /** Delivers the newest value now and after each change; returns the unsubscriber. */
  subscribe<N extends StreamName>(
    name: N,
    onValue: (value: StreamValue<N>) => void,
    onState: (connected: boolean) => void,
  ): () => void;
}
