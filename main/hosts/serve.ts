import type { AddressInfo } from 'node:net';
import type { Engine } from '../engine.ts';
import { createBrowserHost } from './browser.ts';

export interface Served {
  /** The console's address with a one-time token in it. */
  readonly url: string;
  /** Another such link; the last one stops working, sessions stay. */
  newLink(): string;
  /** Stops answering and hangs up on every console. The engine is the caller's to close. */
  close(): Promise<void>;
}

/**
 * Serves the console on 127.0.0.1. `port` 0: any free one. Rejects with the system's error (EADDRINUSE, EACCES) when
 * the port cannot be had.
 */
export async function serve(options: {
  readonly engine: Engine;
  readonly port: number;
  readonly rendererDir: string;
  readonly metricsToken?: string | undefined;
}): Promise<Served> {
  const { server, access } = createBrowserHost(options);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const newLink = () => `http://127.0.0.1:${port}/?token=${access.newToken()}`;
  return {
    url: newLink(),
    newLink,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
