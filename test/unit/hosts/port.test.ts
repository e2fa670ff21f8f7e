import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createPortBridge } from '../../../electron/bridge.ts';
import { servePort } from '../../../main/hosts/port.ts';
import type { Wire } from '../../../shared/contract/wire.ts';
import { contractSuite } from './contract-suite.ts';
import { type FakeEngine, fakeEngine } from './fake-engine.ts';

const wireOf = (port: MessagePort): Wire => ({
  send: (message) => port.postMessage(message),
  onMessage: (handle) => port.on('message', handle),
  onClose: (handle) => port.once('close', handle),
});

async function closePort(port: MessagePort): Promise<void> {
  const closed = once(port, 'close');
  port.close();
  await closed;
}

contractSuite('the Electron bridge', async (engine) => {
  const { port1, port2 } = new MessageChannel();
  const bridge = createPortBridge();
  servePort(engine, wireOf(port1));
  bridge.attach(wireOf(port2));
  return { bridge, lose: () => closePort(port1), close: async () => port2.close() };
});

describe('the Electron bridge outlives the engine', () => {
  let engine: FakeEngine;
  let open: MessagePort[];
  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    engine = fakeEngine();
    open = [];
  });
  afterEach(() => {
    for (const port of open) port.close();
    vi.restoreAllMocks();
  });
  const connect = (bridge: { attach(wire: Wire): void }, to: FakeEngine): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    open.push(port1, port2);
    servePort(to, wireOf(port1));
    bridge.attach(wireOf(port2));
    return port1;
  };

  test('a call made before the first engine is there waits for it', async () => {
    const bridge = createPortBridge();
    const answer = bridge.call('app.info', {});
    connect(bridge, engine);
    expect(await answer).toMatchObject({ ok: true });
  });

  test('after a crash the next engine carries the stream on, and calls work again', async () => {
    const bridge = createPortBridge();
    const seen: unknown[] = [];
    const states: boolean[] = [];
    bridge.subscribe(
      'fleet',
      (value) => seen.push(value),
      (connected) => states.push(connected),
    );
    const first = connect(bridge, engine);
    await vi.waitFor(() => expect(states).toEqual([true]));
    first.close();
    await vi.waitFor(() => expect(states).toEqual([true, false]));
    const next = fakeEngine();
    next.publish({ revision: 9, clusters: [] });
    connect(bridge, next);
    await vi.waitFor(() => expect(states).toEqual([true, false, true]));
    expect(seen.at(-1)).toEqual({ revision: 9, order: [], clusters: [] });
    expect(await bridge.call('app.info', {})).toMatchObject({ ok: true });
  });

  test('a call under way when the engine dies fails, because nobody knows what became of it', async () => {
    const bridge = createPortBridge();
    const { port1, port2 } = new MessageChannel();
    open.push(port1, port2);
    bridge.attach(wireOf(port2));
    const answer = bridge.call('failover.execute', { planId: 'p', confirmation: 'edge', accept: [] });
    port1.close();
    expect(await answer).toMatchObject({ ok: false, kind: 'engine-gone' });
  });

  test('one value is on its way at a time: the engine waits until the console has taken it', async () => {
    const { port1, port2 } = new MessageChannel();
    open.push(port1, port2);
    servePort(engine, wireOf(port1));
    const received: unknown[] = [];
    port2.on('message', (message) => received.push(message));
    port2.postMessage({ kind: 'subscribe', id: 1, name: 'fleet' });
    await vi.waitFor(() => expect(received).toHaveLength(1));
    for (const revision of [2, 3, 4]) engine.publish({ revision, clusters: [] });
    port2.postMessage({ kind: 'call', id: 2, name: 'app.info', input: {} });
    await vi.waitFor(() => expect(received).toHaveLength(2));
    port2.postMessage({ kind: 'taken', id: 1 });
    await vi.waitFor(() => expect(received).toHaveLength(3));
    expect(received[2]).toEqual({ kind: 'value', id: 1, value: { revision: 4, order: [], clusters: [] } });
  });

  test('what is not of our format is ignored at both ends', async () => {
    const bridge = createPortBridge();
    const { port1, port2 } = new MessageChannel();
    open.push(port1, port2);
    servePort(engine, wireOf(port1));
    for (const message of [null, 'call', { kind: 'eval', code: '1' }, { kind: 'call', id: 'x' }])
      port2.postMessage(message);
    bridge.attach(wireOf(port2));
    port1.postMessage({ kind: 'answer', id: 1, answer: 'yes' });
    expect(await bridge.call('app.info', {})).toMatchObject({ ok: true });
    expect(() => bridge.subscribe('everything', vi.fn(), vi.fn())).toThrow('no stream everything');
  });
});
