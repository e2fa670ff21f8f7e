import { homedir } from 'node:os';
import { join } from 'node:path';
import { app, BrowserWindow, type MessagePortMain, session } from 'electron';
import { stateDir as stateDirOf } from '../main/inventory/paths.ts';
import { announcer } from './announcer.ts';
import { inventoryPathOf } from './arguments.ts';
import { servePorts } from './console-ports.ts';
import { denyByDefault, denyPermissions } from './denials.ts';
import { startEngine } from './engine.ts';
import { superviseEngine } from './engine-supervisor.ts';
import { installMenu } from './menu.ts';
import { registerScheme, serveScheme } from './scheme.ts';
import { showTray } from './tray.ts';
import { watchFleet } from './watch-fleet.ts';
import { openWindow, showConsole } from './window.ts';

/** How long the engine may take, in ms, to end what it is doing when the operator quits. */
const patience = 3_000;

const stateDir = stateDirOf(process.env, process.platform, homedir());
const inventoryPath = inventoryPathOf(process.argv.slice(1), process.env);

app.setPath('userData', join(stateDir, 'electron'));
registerScheme();
denyByDefault();

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window !== undefined) showConsole(window);
  });
  app.whenReady().then(run);
} else {
  console.error('Handover is already running: its window was brought to the front.');
  app.quit();
}

function run(): void {
  denyPermissions(session.defaultSession);
  serveScheme(join(import.meta.dirname, '..', 'renderer'));
  installMenu(inventoryPath);

  const engine = superviseEngine({
    start: () => startEngine({ version: app.getVersion(), inventoryPath, stateDir }),
    onRestart: () => {
      ports.rejoinAll();
      watch.join();
    },
    log: (line) => console.error(line),
  });
  const connect = (port: MessagePortMain) => {
    const running = engine.current();
    running?.connect(port);
    return running !== undefined;
  };
  const ports = servePorts(connect);

  const open = () => openWindow(join(stateDir, 'window.json'));
  open();
  const show = (cluster?: string) => showConsole(BrowserWindow.getAllWindows()[0] ?? open(), cluster);
  const tray = showTray(show);
  const announce = announcer(show);
  const watch = watchFleet(connect, (summary) => {
    tray.update(summary);
    announce.update(summary);
  });
  watch.join();
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  let ended = false;
  app.on('will-quit', (event) => {
    if (ended) return;
    event.preventDefault();
    engine.stop(patience).finally(() => {
      ended = true;
      app.quit();
    });
  });
}
