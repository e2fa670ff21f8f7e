import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createClient } from '../../../renderer/client/api.ts';
import type { ConsoleApi } from '../../../shared/contract/console-api.ts';
import { type Bridge, CallAnswer } from '../../../shared/contract/wire.ts';
import { type FakeEngine, fakeEngine } from './fake-engine.ts';

/** A console joined to an engine by the host under test. */
export interface Joined {
  readonly bridge: Bridge;
  /** The engine's process ends, as in a crash. */
  lose(): Promise<void>;
  close(): Promise<void>;
}

/** What every host promises, whatever carries the messages. */
export function contractSuite(host: string, join: (engine: FakeEngine) => Promise<Joined>): void {
  describe(`${host} joins a console to an engine`, () => {
    let engine: FakeEngine;
    let joined: Joined;
    let console_: ConsoleApi;
    beforeEach(async () => {
      vi.spyOn(console, 'error').mockImplementation(() => undefined);
      engine = fakeEngine();
      joined = await join(engine);
      console_ = createClient(joined.bridge);
    });
    afterEach(async () => {
      await joined.close();
      vi.restoreAllMocks();
    });

    test('a call brings back what the engine answered', async () => {
      expect(await console_.call('app.info', {})).toEqual({
        version: '1.2.3',
        host: 'browser',
        inventoryPath: '/etc/clusters.yaml',
      });
    });

    test('calls that overlap each get their own answer', async () => {
      const names = ['a', 'b', 'c', 'd'];
      const answers = await Promise.all(names.map((cluster) => console_.call('failover.abort', { cluster })));
      expect(answers.map((answer) => !answer.accepted && answer.reason)).toEqual(
        names.map((cluster) => `no failover of ${cluster} is running`),
      );
    });

    test('a call that the contract does not have is refused', async () => {
      const answer = CallAnswer.parse(await joined.bridge.call('shell.run', {}));
      expect(answer).toMatchObject({ ok: false, kind: 'unknown-call' });
      expect(CallAnswer.parse(await joined.bridge.call('constructor', {}))).toMatchObject({ ok: false });
    });

    test('an input that does not fit never reaches the engine', async () => {
      const answer = CallAnswer.parse(await joined.bridge.call('failover.abort', { cluster: 7 }));
      expect(answer).toMatchObject({ ok: false, kind: 'invalid-input' });
      expect(engine.asked).toEqual([]);
    });

    test('an engine that breaks the contract fails the call, and its reason stays in its own log', async () => {
      await expect(console_.call('inventory.read', {})).rejects.toMatchObject({ kind: 'engine-failed' });
      const thrown: unknown = await console_.call('inventory.openDemo', {}).catch((cause: unknown) => cause);
      expect(thrown).toMatchObject({ kind: 'engine-failed' });
      expect(String(thrown)).not.toContain('id_ed25519');
    });

    test('a stream brings the newest value at once and then each change', async () => {
      const seen: number[] = [];
      const states: boolean[] = [];
      const stop = console_.subscribe(
        'fleet',
        ({ revision }) => seen.push(revision),
        states.push.bind(states),
      );
      await vi.waitFor(() => expect(seen).toEqual([1]));
      engine.publish({ revision: 2, clusters: [] });
      await vi.waitFor(() => expect(seen).toEqual([1, 2]));
      expect(states.at(-1)).toBe(true);
      stop();
      await vi.waitFor(() => expect(engine.subscribers()).toBe(0));
    });

    test('a stream value that does not fit the contract is not shown', async () => {
      const seen: unknown[] = [];
      const stop = console_.subscribe(
        'fleet',
        (value) => seen.push(value),
        () => undefined,
      );
      await vi.waitFor(() => expect(seen).toHaveLength(1));
      engine.publish(JSON.parse('{"revision": "two", "clusters": []}'));
      engine.publish({ revision: 3, clusters: [] });
      await vi.waitFor(() => expect(seen).toHaveLength(2));
      expect(seen[1]).toEqual({ revision: 3, clusters: [] });
      stop();
    });

    test('what the schema does not name does not leave the engine', async () => {
      const raw: unknown[] = [];
      const stop = joined.bridge.subscribe(
        'fleet',
        (value) => raw.push(value),
        () => undefined,
      );
      engine.publish(JSON.parse('{"revision": 2, "clusters": [], "password": "hunter2"}'));
      await vi.waitFor(() => expect(raw.at(-1)).toEqual({ revision: 2, order: [], clusters: [] }));
      stop();
    });

    test('when the engine is lost the console hears of it, and calls fail instead of hanging', async () => {
      const states: boolean[] = [];
      const stop = console_.subscribe(
        'fleet',
        () => undefined,
        (connected) => states.push(connected),
      );
      await vi.waitFor(() => expect(states).toEqual([true]));
      await joined.lose();
      await vi.waitFor(() => expect(states.at(-1)).toBe(false));
      await expect(console_.call('app.info', {})).rejects.toMatchObject({ kind: 'engine-gone' });
      stop();
    });
  });
}
