import type { SyncCommands } from '../../agent.ts';
import { type Command, command } from '../../command.ts';

const dumpBytes = 2 ** 30;

/**
 * What conntrackd may be asked. Without a command it would start a daemon, so every form stands here whole.
 * `-s rsqueue` is missing on purpose: a reader that stalls stops the daemon. Nothing here changes any state.
 */
export const conntrackdCommands = (
  config: string,
  programs: { conntrackd?: string; cat?: string; tail?: string; pgrep?: string } = {},
): SyncCommands => {
  const {
    conntrackd = '/usr/sbin/conntrackd',
    cat = '/usr/bin/cat',
    tail = '/usr/bin/tail',
    pgrep = '/usr/bin/pgrep',
  } = programs;
  const statistics = (...form: string[]): Command =>
    command([conntrackd, '-C', config, '-s', ...form], { privileged: true });
  const dump = (cache: '-i' | '-e'): Command =>
    command([conntrackd, '-C', config, cache], {
      privileged: true,
      deadlineMs: 60_000,
      maxBytes: dumpBytes,
    });
  return {
    state: [statistics(), statistics('link'), statistics('queue')],
    details: [statistics('network'), statistics('cache'), statistics('runtime')],
    alive: command([pgrep, '-x', 'conntrackd']),
    config: command([cat, config]),
    log: (file) => command([tail, '-n', '200', file], { privileged: true }),
    children: statistics('process'),
    internalDump: dump('-i'),
    externalDump: dump('-e'),
  };
};
