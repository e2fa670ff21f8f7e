import { ipcMain, MessageChannelMain, type MessagePortMain, type WebContents } from 'electron';
import { channels } from './channels.ts';
import { isConsoleUrl } from './scheme.ts';

/**
 * Joins pages to the engine: each page that asks gets a port of its own. The only file that touches ipcMain.
 * `connect` hands the other end to the engine and says whether there is one.
 */
export function servePorts(connect: (port: MessagePortMain) => boolean): { rejoinAll(): void } {
  const pages = new Set<WebContents>();
  const join = (page: WebContents) => {
    const { port1, port2 } = new MessageChannelMain();
    if (connect(port1)) page.postMessage(channels.port, null, [port2]);
  };
  ipcMain.on(channels.attach, ({ sender, senderFrame }) => {
    if (senderFrame === null || senderFrame.parent !== null || !isConsoleUrl(senderFrame.url)) return;
    if (!pages.has(sender)) sender.once('destroyed', () => pages.delete(sender));
    pages.add(sender);
    join(sender);
  });
  return {
    /** After the engine was started again. */
    rejoinAll: () => {
      for (const page of pages) join(page);
    },
  };
}
