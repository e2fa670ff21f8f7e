import { spawn, spawnSync } from 'node:child_process';
import { hasProgram } from './machine.ts';

/** What is asked of Debian's package manager. */
export interface Apt {
  /** Whether the package lists of this machine know a package of that name that can be installed. */
  knows(name: string): boolean;
  update(): Promise<boolean>;
  install(names: readonly string[]): Promise<boolean>;
  /** A daemon that came with the tests' packages is not to start with the next boot either. */
  leaveDisabled(service: string): void;
}

const QUIET_ENV = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_SUSPEND: '1', LC_ALL: 'C.UTF-8' };

const OPTIONS = [
  '-q',
  '--option=Dpkg::Use-Pty=0',
  '--option=DPkg::Lock::Timeout=120',
  '--option=Acquire::Retries=2',
  '--option=Acquire::http::Timeout=30',
];

/** @param signal asks apt to end after what dpkg is doing at that moment; dpkg itself is never cut short */
export function systemApt(signal: AbortSignal): Apt {
  const get = (...args: string[]) => aptGet([...OPTIONS, ...args], signal);
  return {
    knows: (name) => spawnSync('apt-cache', ['show', '--no-all-versions', name]).status === 0,
    update: () => get('update'),
    install: (names) =>
      get(
        'install',
        '--yes',
        '--no-install-recommends',
        '--option=Dpkg::Options::=--force-confdef',
        '--option=Dpkg::Options::=--force-confold',
        ...names,
      ),
    leaveDisabled: (service) => {
      const command = hasProgram('systemctl')
        ? ['systemctl', 'disable', service]
        : ['update-rc.d', service, 'disable'];
      spawnSync(command[0] ?? '', command.slice(1));
    },
  };
}

/** In a process group of its own, so that a Ctrl-C on the terminal reaches apt alone and by our hand. */
function aptGet(args: readonly string[], signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const child = spawn('apt-get', args, {
      env: { ...process.env, ...QUIET_ENV },
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const interrupt = () => child.kill('SIGINT');
    const done = (ok: boolean) => {
      signal.removeEventListener('abort', interrupt);
      resolve(ok);
    };
    signal.addEventListener('abort', interrupt);
    child.on('exit', (status) => done(status === 0));
    child.on('error', () => done(false));
  });
}
