import { type Command, command } from './command.ts';
import { clockCommand } from './host/commands.ts';
import { lookLines, syslogFiles, tailCommand } from './logs/commands.ts';
import { conntrackd } from './sync/conntrackd/index.ts';
import { keepalived } from './takeover/keepalived/index.ts';

/** Where an operator installs `assets/node/status-reader`. */
export const installedStatusReader = '/usr/local/lib/handover/status-reader';

/** Starts it. It takes no words, so sudo's rule names it without any. */
export const statusReader: Command = command([installedStatusReader], { privileged: true });

/** What it says where it does not run a command, or cannot: whoever asked has to ask another way. */
export const refusedStatus = 126;

const sync = conntrackd.commands(conntrackd.defaultConfig);
const takeover = keepalived.commands();
const forms = (['DATA', 'JSON'] as const).flatMap((form) => [
  takeover.dumpStamp(form),
  takeover.readDump(form),
]);
const logs = [conntrackd.log.defaultFile, keepalived.log.defaultFile, ...syslogFiles].map((file) =>
  tailCommand(file, lookLines.file),
);
const lines = new Set(
  [...sync.state, ...sync.details, sync.children, ...logs, ...forms, clockCommand].map(({ argv }) =>
    argv.join('\t'),
  ),
);

/**
 * Is this one of the commands that `assets/node/status-reader` runs? What belongs together in order (a dump's stamp, its
 * request, its reading) is all among them. Of keepalived's signals it runs those that the installed keepalived names.
 */
export const isForStatusReader = ({ argv, stdin }: Command): boolean =>
  stdin === undefined && (lines.has(argv.join('\t')) || isDumpRequest(argv));

const isDumpRequest = (argv: Command['argv']): boolean => {
  const signal = Number(argv[2]);
  return Number.isInteger(signal) && argv.join('\t') === takeover.requestDump(signal).argv.join('\t');
};
