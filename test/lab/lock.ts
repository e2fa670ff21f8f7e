import { connect, createServer, type Server } from 'node:net';
import { until } from './shell.ts';

/**
 * One lab fits on a machine: its addresses are fixed. The lock is a name in Linux' abstract socket namespace, which the
 * kernel gives back when its holder ends, however it ends: there is no stale lock file to guess about.
 */
const name = '\0handover-lab';

export interface Lock {
  release(): Promise<void>;
}

/** Waits for the lab to be free, saying once who uses it; past `timeout` ms throws, saying so too. */
export async function takeLock(timeout: number): Promise<Lock> {
  let holder: string | undefined;
  const server = await until(
    'the lab to be free',
    async () => {
      const mine = await listen();
      if (mine === undefined && holder === undefined) {
        holder = (await askHolder()) || 'a process that does not answer';
        console.error(`lab: waiting, it is used by ${holder}`);
      }
      return mine;
    },
    timeout,
    200,
  ).catch((error: Error) => {
    throw new Error(`${error.message}: it is used by ${holder}`);
  });
  return {
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function listen(): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end(`process ${process.pid} (${process.argv.slice(1).join(' ')})`);
    });
    server.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(name, () => resolve(server.unref()));
  });
}

function askHolder(): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(name).setTimeout(1000, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}
