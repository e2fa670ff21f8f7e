/** Starts, stops and reads the lab's traffic. The figures are those of the flows' own ends. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { until } from '../shell.ts';
import { endProcesses, enter, findProcesses, startProcess, stateFolder } from '../spaces.ts';
import {
  type Arrivals,
  type ClientCounters,
  type ClientFlow,
  type EndpointAddress,
  type FlowName,
  recordSize,
  type ServerCounters,
} from './wire.ts';

export interface TrafficOptions {
  /** Milliseconds between two records of a long-lived flow; 25 unless told. */
  readonly interval?: number;
  /** Short TCP connections a second; 20 unless told. */
  readonly churn?: number;
}

/** One long-lived flow. Bytes, milliseconds. */
export interface FlowReport {
  readonly name: FlowName;
  readonly protocol: 'tcp' | 'udp';
  readonly local: EndpointAddress;
  readonly remote: EndpointAddress;
  /** The flow's source as the server sees it. */
  readonly seenFrom: EndpointAddress | undefined;
  readonly sent: number;
  /** Counted by the server. */
  readonly received: number;
  /** All bytes up to here came back to the client. */
  readonly acknowledged: number;
  /** The longest time between two echoes, the one under way included. */
  readonly longestGapMs: number;
  /** Bytes that were overtaken by later ones; of a flow that is not alive or was stopped, all that never came back. */
  readonly lostBytes: number;
  /** Whether an echo came in the last second (before the stop, once it is stopped). */
  readonly alive: boolean;
  readonly ended: string | undefined;
}

export interface TrafficReport {
  readonly running: boolean;
  readonly flows: readonly FlowReport[];
  readonly churn: { readonly opened: number; readonly completed: number; readonly failed: number };
}

const purposes = { client: 'traffic-client', server: 'traffic-server' } as const;
const folder = `${stateFolder}/traffic`;
const clientFile = `${folder}/client.json`;
const serverFile = `${folder}/server.json`;

const program = (name: string): string => fileURLToPath(new URL(`./${name}.ts`, import.meta.url));

/** Starts the traffic anew and waits until every flow has heard from the server. */
export async function startTraffic({
  interval = 25,
  churn = 20,
}: TrafficOptions = {}): Promise<TrafficReport> {
  await endTraffic('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  const start = (end: 'client' | 'server', ...args: string[]): number =>
    startProcess(purposes[end], [...enter(end, 'network'), process.execPath, program(end), ...args]);
  start('server', serverFile);
  await until('the traffic server to run', () => (existsSync(serverFile) ? true : undefined), 10_000, 20);
  start('client', clientFile, String(interval), String(churn));
  return until('every flow to be answered', () => {
    const report = existsSync(clientFile) ? readTraffic() : undefined;
    return report?.flows.every((flow) => flow.acknowledged > 0) ? report : undefined;
  });
}

/** Ends the traffic after what is under way has arrived, at most 5 s, and gives the final figures. */
export async function stopTraffic(): Promise<TrafficReport> {
  await endTraffic('SIGTERM');
  return readTraffic();
}

async function endTraffic(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  await endProcesses(purposes.client, signal);
  await endProcesses(purposes.server, signal);
}

/** The figures of the traffic that runs, or of the one that ran last. */
export function readTraffic(): TrafficReport {
  if (!existsSync(clientFile) || !existsSync(serverFile)) throw new Error('no traffic was started');
  const client = JSON.parse(readFileSync(clientFile, 'utf8')) as ClientCounters;
  const server = JSON.parse(readFileSync(serverFile, 'utf8')) as ServerCounters;
  return {
    running: findProcesses().some((process) => process.purpose === purposes.client),
    flows: client.flows.map((flow) => reportFlow(flow, client, server)),
    churn: client.churn,
  };
}

function reportFlow(
  flow: ClientFlow,
  { stoppedAt, writtenAt }: ClientCounters,
  server: ServerCounters,
): FlowReport {
  const silence = (stoppedAt ?? Date.now()) - flow.lastEchoAt;
  const alive = flow.ended === undefined && flow.echoes.count > 0 && silence < 1000;
  const outstanding = flow.sent - 1 - flow.echoes.highest;
  const lost = missing(flow.echoes) + (alive && stoppedAt === undefined ? 0 : outstanding);
  return {
    name: flow.name,
    protocol: flow.name === 'udp' ? 'udp' : 'tcp',
    local: flow.local ?? { address: '', port: 0 },
    remote: flow.remote,
    seenFrom: server[flow.name]?.from,
    sent: flow.sent * recordSize,
    received: (server[flow.name]?.arrivals.count ?? 0) * recordSize,
    acknowledged: (flow.echoes.highest + 1) * recordSize,
    longestGapMs: Math.max(flow.longestGap, (stoppedAt ?? writtenAt) - flow.lastEchoAt),
    lostBytes: lost * recordSize,
    alive,
    ended: flow.ended,
  };
}

function missing(arrivals: Arrivals): number {
  return arrivals.highest + 1 - arrivals.count;
}
