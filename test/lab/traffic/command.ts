/** `npm run -s lab -- traffic …` */
import { setInterval as everyInterval } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readTraffic, startTraffic, stopTraffic, type TrafficReport } from './traffic.ts';

/** Returns the exit status. */
export async function trafficCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean' }, interval: { type: 'string' }, churn: { type: 'string' } },
  });
  const options = {
    ...(values.interval === undefined ? {} : { interval: Number(values.interval) }),
    ...(values.churn === undefined ? {} : { churn: Number(values.churn) }),
  };
  const show = (report: TrafficReport): void => {
    process.stdout.write(`${values.json === true ? JSON.stringify(report) : table(report)}\n`);
  };
  switch (positionals[0]) {
    case 'start':
      show(await startTraffic(options));
      return 0;
    case 'stop':
      show(await stopTraffic());
      return 0;
    case 'report':
      show(readTraffic());
      return 0;
    case undefined:
      await foreground(options);
      show(readTraffic());
      return 0;
    default:
      console.error('lab: traffic takes start, stop or report');
      return 64;
  }
}

async function foreground(options: Parameters<typeof startTraffic>[0]): Promise<void> {
  await startTraffic(options);
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  process.once('SIGTERM', () => interrupted.abort());
  try {
    for await (const _ of everyInterval(1000, undefined, { signal: interrupted.signal })) {
      process.stdout.write(`${line(readTraffic())}\n`);
    }
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
  }
  await stopTraffic();
}

function line({ flows, churn }: TrafficReport): string {
  const each = flows.map(
    (flow) =>
      `${flow.name} ${flow.alive ? 'alive' : 'DEAD'} gap ${flow.longestGapMs} ms lost ${flow.lostBytes}`,
  );
  return `${each.join(' | ')} | churn ${churn.completed} done ${churn.failed} failed`;
}

function table(report: TrafficReport): string {
  const rows = report.flows.map(
    (f) =>
      `${f.name.padEnd(6)} ${f.local.address}:${f.local.port} -> ${f.remote.address}:${f.remote.port}  ` +
      `sent ${f.sent}  received ${f.received}  acknowledged ${f.acknowledged}  longest gap ${f.longestGapMs} ms  ` +
      `lost ${f.lostBytes}  ${f.alive ? 'alive' : `dead${f.ended === undefined ? '' : ` (${f.ended})`}`}`,
  );
  const { opened, completed, failed } = report.churn;
  return [...rows, `churn  opened ${opened}  completed ${completed}  failed ${failed}`].join('\n');
}
