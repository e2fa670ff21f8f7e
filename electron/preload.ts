import '../shared/contract/without-eval.ts';
import { contextBridge, ipcRenderer } from 'electron';
import type { Wire } from '../shared/contract/wire.ts';
import { createPortBridge } from './bridge.ts';
import { channels } from './channels.ts';

const { attach, call, subscribe } = createPortBridge();

ipcRenderer.on(channels.port, ({ ports: [port] }) => {
  if (port === undefined) return;
  attach(wireOf(port));
  port.start();
});
ipcRenderer.send(channels.attach);

contextBridge.exposeInMainWorld('handover', { call, subscribe });

function wireOf(port: MessagePort): Wire {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (handle) => port.addEventListener('message', ({ data }) => handle(data)),
    onClose: (handle) => port.addEventListener('close', handle, { once: true }),
  };
}
