/** Runs in the server's network: server.ts COUNTERS-FILE. Sends every record back and counts what arrives. */
import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import { publish } from './counters-file.ts';
import {
  countArrival,
  type EndpointAddress,
  flowNames,
  ports,
  recordReader,
  type ServerCounters,
  type TrafficRecord,
} from './wire.ts';

const counters: ServerCounters = {};
const write = publish(process.argv[2] ?? '', () => counters);

for (const port of [ports.plain, ports.snat]) {
  createServer({ noDelay: true }, (socket) => {
    const from = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    const read = recordReader((record, bytes) => {
      count(record, from);
      socket.write(Buffer.from(bytes));
    });
    socket.on('data', read);
    socket.on('error', () => {}); // the client's counters tell what was lost
  }).listen(port, '0.0.0.0');
}

createServer((socket: Socket) => {
  socket.on('error', () => {});
  socket.once('data', (chunk: Buffer) => socket.end(chunk));
}).listen(ports.churn, '0.0.0.0');

const udp = createSocket('udp4');
udp.on('message', (bytes, from) => {
  recordReader((record) => count(record, from))(bytes);
  udp.send(bytes, from.port, from.address);
});
udp.bind(ports.udp);

process.on('SIGTERM', () => {
  write();
  process.exit(0);
});

function count(record: TrafficRecord, { address, port }: EndpointAddress): void {
  const name = flowNames[record.flow];
  if (name === undefined) return;
  const known = counters[name];
  // A flow that starts anew, from another port, is counted anew.
  const flow =
    known?.from.port === port ? known : { arrivals: { count: 0, highest: -1 }, from: { address, port } };
  counters[name] = flow;
  countArrival(flow.arrivals, record.sequence);
}
