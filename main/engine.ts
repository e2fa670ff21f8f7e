import type { CallHandlers, StreamName, StreamValue } from '../shared/contract/contract.ts';

/**
 * The engine as its hosts (Electron's utility process, the browser host, the command line) see it.
 * `subscribe` delivers the newest value at once and after each change; it returns the unsubscriber.
 */
export interface Engine {
  readonly handlers: CallHandlers;
  subscribe<N extends StreamName>(name: N, onValue: (value: StreamValue<N>) => void): () => void;
  close(): Promise<void>;
}

/** What the engine needs from whoever hosts it. */
export interface Host {
  readonly kind: 'electron' | 'browser';
  readonly version: string;
  /** The inventory file, as chosen by `--inventory` or the platform's default. */
  readonly inventoryPath: string;
  /** Folder for the audit log and the history; created on demand. */
  readonly stateDir: string;
  /** Asks the operator for the passphrase of a key; undefined: there is nobody to ask, or they declined. */
  readonly passphrase?: (identityFile: string) => Promise<string | undefined>;
}
