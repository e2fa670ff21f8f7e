/**
 * Runs in the client's network: client.ts COUNTERS-FILE INTERVAL CHURN. Every INTERVAL ms each long-lived flow sends a
 * record; CHURN short connections are made a second. A flow that breaks is never opened again: it shows as broken.
 */
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { lanService, server } from '../plan.ts';
import { publish } from './counters-file.ts';
import {
  type ClientCounters,
  type ClientFlow,
  countArrival,
  encode,
  type FlowName,
  flowNames,
  ports,
  recordReader,
  type TrafficRecord,
} from './wire.ts';

const [file = '', interval = '10', churnRate = '20'] = process.argv.slice(2);

interface Sender {
  readonly flow: ClientFlow;
  send(bytes: Buffer): void;
  close(): void;
}

const senders: Sender[] = [
  openTcp('plain', server.address, ports.plain),
  openTcp('snat', server.address, ports.snat),
  openTcp('dnat', lanService, ports.published),
  openUdp('udp', server.address, ports.udp),
];
const counters: ClientCounters = {
  writtenAt: Date.now(),
  flows: senders.map((sender) => sender.flow),
  churn: { opened: 0, completed: 0, failed: 0 },
  stoppedAt: undefined,
};
const write = publish(file, () => Object.assign(counters, { writtenAt: Date.now() }));

const sending = setInterval(() => {
  for (const { flow, send } of senders) {
    if (flow.local === undefined || flow.ended !== undefined) continue;
    send(encode({ flow: flowNames.indexOf(flow.name), sequence: flow.sent }));
    flow.sent += 1;
  }
}, Number(interval));

const churning = Number(churnRate) > 0 ? setInterval(shortConnection, 1000 / Number(churnRate)) : undefined;

process.on('SIGTERM', () => {
  if (counters.stoppedAt !== undefined) return;
  counters.stoppedAt = Date.now();
  clearInterval(sending);
  clearInterval(churning);
  // What is under way may still arrive: loss is what is missing after that.
  const deadline = Date.now() + 5000;
  const draining = setInterval(() => {
    const arrived = senders.every(
      ({ flow }) => flow.ended !== undefined || flow.echoes.highest === flow.sent - 1,
    );
    if (!arrived && Date.now() < deadline) return;
    clearInterval(draining);
    for (const sender of senders) sender.close();
    write();
    process.exit(0);
  }, 20);
});

function newFlow(name: FlowName, address: string, port: number): ClientFlow {
  return {
    name,
    local: undefined,
    remote: { address, port },
    sent: 0,
    echoes: { count: 0, highest: -1 },
    lastEchoAt: Date.now(),
    longestGap: 0,
    ended: undefined,
  };
}

function takeEcho(flow: ClientFlow, record: TrafficRecord): void {
  const now = Date.now();
  if (flow.echoes.count > 0) flow.longestGap = Math.max(flow.longestGap, now - flow.lastEchoAt);
  flow.lastEchoAt = now;
  countArrival(flow.echoes, record.sequence);
}

function openTcp(name: FlowName, address: string, port: number): Sender {
  const flow = newFlow(name, address, port);
  const socket = connect({ host: address, port, noDelay: true });
  const read = recordReader((record) => takeEcho(flow, record));
  socket.on('connect', () => {
    flow.local = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 };
  });
  socket.on('data', read);
  socket.on('error', (error: NodeJS.ErrnoException) => {
    flow.ended ??= error.code ?? error.message;
  });
  socket.on('close', () => {
    if (counters.stoppedAt === undefined) flow.ended ??= 'closed by the server';
  });
  return { flow, send: (bytes) => socket.write(bytes), close: () => socket.destroy() };
}

function openUdp(name: FlowName, address: string, port: number): Sender {
  const flow = newFlow(name, address, port);
  const socket = createSocket('udp4');
  const read = recordReader((record) => takeEcho(flow, record));
  socket.on('message', read);
  socket.on('error', () => {}); // a datagram that is refused is a datagram lost, and counted as such
  socket.connect(port, address, () => {
    flow.local = { address: socket.address().address, port: socket.address().port };
  });
  return { flow, send: (bytes) => socket.send(bytes), close: () => socket.close() };
}

function shortConnection(): void {
  const { churn } = counters;
  churn.opened += 1;
  let answered = false;
  const socket = connect({ host: server.address, port: ports.churn }).setTimeout(5000, () =>
    socket.destroy(),
  );
  socket.on('connect', () => socket.end('hello'));
  socket.on('data', () => {
    answered = true;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    churn[answered ? 'completed' : 'failed'] += 1;
  });
}
