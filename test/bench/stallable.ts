import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { parse, stringify } from 'yaml';

export interface Stallable {
  readonly cluster: string;
  /** From now on nothing passes in either direction, and no connection is closed. */
  stall(): void;
  close(): void;
}

interface Inventory {
  readonly clusters: { readonly name: string; readonly nodes: { port: number; knownHostsFile: string }[] }[];
}

/** Puts a relay in front of the last cluster's last node, in the inventory file too, that can be made to hang. */
export async function stallable(inventory: string): Promise<Stallable> {
  const content = parse(readFileSync(inventory, 'utf8')) as Inventory;
  const cluster = content.clusters.at(-1);
  const node = cluster?.nodes.at(-1);
  if (cluster === undefined || node === undefined) throw new Error(`${inventory} has no node`);
  const target = node.port;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true });
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  node.port = (server.address() as AddressInfo).port;
  const known = readFileSync(node.knownHostsFile, 'utf8');
  const line = known.split('\n').find((each) => each.startsWith(`[127.0.0.1]:${target} `)) ?? '';
  writeFileSync(node.knownHostsFile, `${known}${line.replace(`:${target} `, `:${node.port} `)}\n`);
  writeFileSync(inventory, stringify(content));
  return {
    cluster: cluster.name,
    stall: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
