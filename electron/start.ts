import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildConsole } from '../main/hosts/console-build.ts';
import { endSignals } from '../main/hosts/end-signals.ts';
import { portOf } from '../main/hosts/port-number.ts';
import { serveConsole } from '../main/hosts/serve-console.ts';
import { hasDisplay } from './display.ts';
import { downloadElectron, findElectron } from './electron-binary.ts';

// `npm start`: builds, and opens the console in Electron, or in a browser where Electron cannot run. Node only.
const project = join(import.meta.dirname, '..');
const usage = 'Usage: npm start -- [--inventory FILE] [--browser] [--port N]';
/** Electron that fails sooner than this, in ms, could not open its window: a library or its sandbox is missing. */
const tooSoon = 5_000;

process.exitCode = await start(process.argv.slice(2)).catch((cause: unknown) => {
  console.error(cause instanceof Error ? cause.message : String(cause));
  return 1;
});

async function start(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (options === undefined) return 64;
  const { inventory, port, browser } = options;
  const until = endSignals();
  buildConsole(project);

  const reason = browser ? undefined : await openElectron(inventory, until);
  if (reason === undefined && !browser) return 0;
  if (reason !== undefined) console.error(`${reason}: serving the console to your browser instead.`);
  const { env, stdin, stdout } = process;
  await serveConsole({ inventory, port, env, stdin, stdout, until });
  return 0;
}

/** Runs Electron to its end; answers with the reason where it cannot be run here. */
async function openElectron(inventory: string | undefined, until: AbortSignal): Promise<string | undefined> {
  if (process.platform === 'linux' && process.getuid?.() === 0) return 'Electron does not run as root';
  if (!(await hasDisplay(process.env, process.platform))) return 'There is no display to open a window on';
  if (findElectron(project, process.env) === undefined)
    await downloadElectron(project, () => console.error('Downloading Electron, once.'));
  const electron = findElectron(project, process.env);
  if (electron === undefined) return 'Electron could not be downloaded';

  const startedAt = performance.now();
  const args = inventory === undefined ? [] : ['--inventory', inventory];
  const child = spawn(electron, [project, ...args], { stdio: 'inherit' });
  until.addEventListener('abort', () => child.kill());
  const ending = await new Promise<string | undefined>((resolve) => {
    child.on('error', ({ message }) => resolve(message));
    child.on('exit', (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit status ${code}`)));
  });
  if (ending === undefined || until.aborted || performance.now() - startedAt > tooSoon) return undefined;
  return `Electron ended at once (${ending})`;
}

function readOptions(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        inventory: { type: 'string' },
        port: { type: 'string' },
        browser: { type: 'boolean', default: false },
      },
    });
    const port = portOf(values.port);
    if (port !== undefined) return { inventory: values.inventory, browser: values.browser, port };
    console.error(`--port takes a number from 0 to 65535, not '${values.port}'\n${usage}`);
  } catch (cause) {
    console.error(`${cause instanceof Error ? cause.message : String(cause)}\n${usage}`);
  }
  return undefined;
}
