import { parseArgs } from 'node:util';
import { endSignals } from '../hosts/end-signals.ts';
import { portOf } from '../hosts/port-number.ts';
import { type ServeConsoleOptions, serveConsole } from '../hosts/serve-console.ts';
import { type CliCommand, type Io, usageError } from './command.ts';

export const serve: CliCommand = {
  help: `
Usage: handover serve [--port N] [--inventory FILE] [--metrics-token-file FILE]

Serves the console on this machine's loopback address and prints a link that opens it once, in one browser.

  --port N          listen on this port; without it, on any that is free
  --inventory FILE  the clusters to watch; without it, the file in your configuration folder
  --metrics-token-file FILE
                    opens /metrics, for Prometheus, to whoever bears the token in this file

Examples:
  handover serve
  handover serve --port 8420 --inventory ./clusters.yaml
  handover serve --port 8420 --metrics-token-file /etc/handover/metrics-token
  ssh -L 8420:127.0.0.1:8420 jumphost handover serve --port 8420

Exit status: 0 when ended by Ctrl+C, 1 when the console cannot be served, 64 for wrong usage.
`,
  async run(argv, io) {
    const options = readOptions(argv);
    if ('wrong' in options) return usageError(io, 'serve', options.wrong);
    try {
      await serveConsole({ ...options, ...streamsOf(io), until: endSignals() });
      return 0;
    } catch (cause) {
      io.stderr.write(`handover serve: ${cause instanceof Error ? cause.message : String(cause)}\n`);
      return 1;
    }
  },
};

const streamsOf = ({ stdin, stdout, env }: Io) => ({ stdin, stdout, env });

function readOptions(
  argv: readonly string[],
): Pick<ServeConsoleOptions, 'inventory' | 'port' | 'metricsTokenFile'> | { wrong: string } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string' },
        inventory: { type: 'string' },
        'metrics-token-file': { type: 'string' },
      },
    });
    const port = portOf(values.port);
    return port === undefined
      ? { wrong: `--port takes a number from 0 to 65535, not '${values.port}'` }
      : { inventory: values.inventory, port, metricsTokenFile: values['metrics-token-file'] };
  } catch (cause) {
    return { wrong: cause instanceof Error ? cause.message : String(cause) };
  }
}
