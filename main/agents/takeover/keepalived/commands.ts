import type { DumpForm, TakeoverCommands, TakeoverOptions } from '../../agent.ts';
import { command } from '../../command.ts';

export const defaultPidFile = '/run/keepalived.pid';

/**
 * What keepalived may be asked. It dumps its state into files when signalled; a signal that it does not know kills it,
 * so the number comes from its own binary, and `pkill -F` does nothing where the PID file is stale.
 */
export const keepalivedCommands = (
  { pidFile = defaultPidFile, dumpFolder = '/tmp' }: TakeoverOptions = {},
  programs: Partial<
    Record<'keepalived' | 'cat' | 'pgrep' | 'pkill' | 'readlink' | 'stat' | 'tee', string>
  > = {},
): TakeoverCommands => {
  const {
    keepalived = '/usr/sbin/keepalived',
    cat = '/usr/bin/cat',
    pgrep = '/usr/bin/pgrep',
    pkill = '/usr/bin/pkill',
    readlink = '/usr/bin/readlink',
    stat = '/usr/bin/stat',
    tee = '/usr/bin/tee',
  } = programs;
  const dumpFile = (form: DumpForm): string => `${dumpFolder}/keepalived.${form.toLowerCase()}`;
  return {
    pid: command([cat, pidFile]),
    // root's alone, because it may hold passwords, which its parser lets out of nothing
    config: command([cat, '/etc/keepalived/keepalived.conf'], { privileged: true }),
    alive: command([pgrep, '-x', 'keepalived']),
    runningProgram: (pid) => command([readlink, `/proc/${pid}/exe`], { privileged: true }),
    signalNumber: (form) => command([keepalived, `--signum=${form}`]),
    requestDump: (signal) =>
      command([pkill, '--signal', String(signal), '-x', 'keepalived', '-F', pidFile], { privileged: true }),
    dumpStamp: (form) => command([stat, '-c', '%y %s', dumpFile(form)]),
    readDump: (form) => command([cat, dumpFile(form)], { privileged: true }),
    leverOwners: (file, folder) => command([stat, '-c', '%U %G %a %F', file, folder]),
    readLever: (file) => command([cat, file]),
    writeLever: (file, text) => command([tee, file], { privileged: true, stdin: text }),
  };
};
