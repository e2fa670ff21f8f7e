import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAccess, linkLifetime } from '../../../main/hosts/access.ts';
import { bodyLimit } from '../../../main/hosts/browser-api.ts';
import { type Served, serve } from '../../../main/hosts/serve.ts';
import { httpBridge } from '../../../renderer/client/http-bridge.ts';
import type { ClusterSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { actAsABrowser } from './as-a-browser.ts';
import { contractSuite } from './contract-suite.ts';
import { type FakeEngine, fakeEngine } from './fake-engine.ts';

interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A snapshot larger than what a socket takes at once. */
const largeCluster: ClusterSnapshot = {
  name: 'edge',
  revision: 1,
  observedAt: 0,
  verdict: 'ok',
  sentence: 'x'.repeat(256 * 1024),
  reasons: [],
  master: null,
  activeActive: false,
  nodes: [],
  events: [],
  run: null,
};

/** A request as it is on the wire: fetch would tidy up the path and forbid the Host header. */
function ask(
  origin: string,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  const { hostname, port } = new URL(origin);
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method, headers, agent: false }, async (response) => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: await text(response) });
    })
      .on('error', reject)
      .end(body);
  });
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handover-console-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Handover</title>');
  await writeFile(join(folder, 'app.js'), 'export {};');
  await writeFile(join(folder, 'app.js.map'), '{}');
  await writeFile(join(folder, '.hidden.js'), 'secret');
});
afterAll(() => rm(folder, { recursive: true }));

const start = (engine: FakeEngine) => serve({ engine, port: 0, rendererDir: folder });

async function openLink(link: string): Promise<{ origin: string; cookie: string; reply: Reply }> {
  const { origin, pathname, search } = new URL(link);
  const reply = await ask(origin, pathname + search);
  return { origin, reply, cookie: reply.headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
}

contractSuite('the browser host', async (engine) => {
  const served = await start(engine);
  const { origin, cookie } = await openLink(served.url);
  actAsABrowser(origin, cookie);
  return {
    bridge: httpBridge(origin),
    lose: () => served.close(),
    close: async () => {
      await served.close();
      vi.unstubAllGlobals();
    },
  };
});

describe('the browser host lets in only whom it gave a link', () => {
  let engine: FakeEngine;
  let served: Served;
  let origin: string;
  beforeEach(async () => {
    engine = fakeEngine();
    served = await start(engine);
    origin = new URL(served.url).origin;
  });
  afterEach(() => served.close());

  test('it listens on loopback', () => {
    expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
  });

  test('the link becomes a cookie that scripts and other sites cannot use, and leaves the address bar', async () => {
    const { reply, cookie } = await openLink(served.url);
    expect(reply.status).toBe(303);
    expect(reply.headers.location).toBe('/');
    expect(reply.headers['set-cookie']?.[0]).toMatch(
      /^handover-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/,
    );
    const page = await ask(origin, '/', { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(page.body).toContain('<title>Handover</title>');
  });

  test('a link opens the console once, and says so the second time', async () => {
    const { cookie } = await openLink(served.url);
    const again = await openLink(served.url);
    expect(again.reply.status).toBe(401);
    expect(again.reply.headers['set-cookie']).toBeUndefined();
    expect(again.reply.body).toContain('already used');
    const reopened = await ask(origin, new URL(served.url).search.replace(/^/, '/'), { headers: { cookie } });
    expect(reopened.status, 'the browser that used it is simply let in').toBe(303);
  });

  test('looking at a link without opening it does not use it up', async () => {
    const { pathname, search } = new URL(served.url);
    expect((await ask(origin, pathname + search, { method: 'HEAD' })).status).toBe(401);
    expect((await openLink(served.url)).reply.status).toBe(303);
  });

  test('a new link replaces the one before it and leaves sessions alone', async () => {
    const { cookie } = await openLink(served.url);
    const second = served.newLink();
    const third = served.newLink();
    expect((await openLink(second)).reply.status).toBe(401);
    expect((await openLink(third)).reply.status).toBe(303);
    expect((await ask(origin, '/', { headers: { cookie } })).status).toBe(200);
  });

  test('a link that nobody opened for ten minutes is void', () => {
    let now = 0;
    const access = createAccess(() => now);
    const token = access.newToken();
    now = linkLifetime;
    expect(access.redeem(token)).toBeUndefined();
  });

  test('without the cookie nothing is served but the page that asks for the link', async () => {
    for (const path of ['/', '/app.js', '/nothing', '/?token=wrong']) {
      const reply = await ask(origin, path);
      expect(reply.status, path).toBe(401);
      expect(reply.body, path).toContain('link');
    }
    for (const path of ['/api/stream/fleet', '/api/call/app.info'])
      expect((await ask(origin, path, { headers: { cookie: 'handover-1=guess' } })).status, path).toBe(401);
    expect(engine.subscribers()).toBe(0);
  });

  describe('and once in', () => {
    let cookie: string;
    beforeEach(async () => {
      ({ cookie } = await openLink(served.url));
    });
    const call = (name: string, headers: Record<string, string>, body = '{}') =>
      ask(origin, `/api/call/${name}`, {
        method: 'POST',
        headers: { cookie, origin, 'content-type': 'application/json', ...headers },
        body,
      });

    test('a name that only points at this machine is refused (DNS rebinding)', async () => {
      const { port } = new URL(origin);
      for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1:${port}0`])
        expect((await ask(origin, '/', { headers: { cookie, host } })).status, host).toBe(403);
      expect((await ask(origin, '/', { headers: { cookie, host: `localhost:${port}` } })).status).toBe(200);
    });

    test('other sites cannot call, whatever the browser lets them send', async () => {
      expect((await call('app.info', {})).status).toBe(200);
      expect((await call('app.info', { origin: 'http://evil.example' })).status).toBe(403);
      expect((await call('app.info', { origin: 'null' })).status).toBe(403);
      expect((await call('app.info', { 'sec-fetch-site': 'same-site' })).status).toBe(403);
      expect((await call('app.info', { 'content-type': 'text/plain' })).status).toBe(415);
      const bare = { cookie, 'content-type': 'application/json' };
      expect(
        (await ask(origin, '/api/call/app.info', { method: 'POST', headers: bare, body: '{}' })).status,
      ).toBe(403);
      const stream = await ask(origin, '/api/stream/fleet', {
        headers: { cookie, 'sec-fetch-site': 'cross-site' },
      });
      expect(stream.status).toBe(403);
    });

    test('what is not there, not allowed, not JSON or too big is refused with its own status', async () => {
      expect((await call('shell.run', {})).status).toBe(404);
      expect((await call('failover.abort', {}, '{"cluster": 7}')).status).toBe(400);
      expect((await call('failover.abort', {}, '{"cluster"')).status).toBe(400);
      expect((await call('inventory.openDemo', {})).status).toBe(500);
      expect((await ask(origin, '/api/call/app.info', { headers: { cookie } })).status).toBe(405);
      expect((await ask(origin, '/api/stream/nothing', { headers: { cookie } })).status).toBe(404);
      expect((await ask(origin, '/', { method: 'DELETE', headers: { cookie } })).status).toBe(405);
      const big = JSON.stringify({ cluster: 'x'.repeat(bodyLimit) });
      expect((await call('failover.abort', {}, big)).status).toBe(413);
      expect(engine.asked).toEqual([]);
    });

    test('no path leads out of the built console', async () => {
      const paths = [
        '/../package.json',
        '/..%2fpackage.json',
        '/%2e%2e/%2e%2e/etc/passwd',
        '/assets/..%5c..%5cindex.html',
        '//etc/passwd',
        '/.hidden.js',
        '/app.js.map',
        '/app.js%00.html',
        'http://evil.example/app.js',
      ];
      for (const path of paths)
        expect((await ask(origin, path, { headers: { cookie } })).status, path).toBe(404);
      expect((await ask(origin, '/app.js', { headers: { cookie } })).headers['content-type']).toContain(
        'javascript',
      );
    });

    test('every answer forbids the page whatever it does not need', async () => {
      for (const headers of [{}, { cookie }, { host: 'evil.example' }]) {
        const reply = await ask(origin, '/', { headers });
        expect(reply.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
        expect(reply.headers['content-security-policy']).not.toContain('unsafe');
        expect(reply.headers['x-content-type-options']).toBe('nosniff');
        expect(reply.headers['cache-control']).toBe('no-store');
      }
    });

    test('a console too slow to take what comes skips to the newest value', async () => {
      const stream = await new Promise<IncomingMessage>((resolve) => {
        request(`${origin}/api/stream/fleet`, { headers: { cookie }, agent: false }, resolve).end();
      });
      const published = 50;
      const seen: number[] = [];
      let id = '';
      for await (const line of createInterface({ input: stream })) {
        id = /^id: (.+)/.exec(line)?.[1] ?? id;
        const revision = /^data: \{"revision":(\d+)/.exec(line)?.[1];
        if (revision === undefined) continue;
        if (seen.push(Number(revision)) === 2) break;
        for (let next = 2; next <= published; next++) {
          engine.publish({ revision: next, clusters: [{ ...largeCluster }] });
        }
        const taken = await ask(origin, `/api/taken/${id}`, { method: 'POST', headers: { cookie, origin } });
        expect(taken.status).toBe(204);
      }
      stream.destroy();
      expect(seen.at(-1)).toBe(published);
    });

    test('only the console itself may take, and what nobody waits for is no error', async () => {
      const take = (headers: Record<string, string>) =>
        ask(origin, '/api/taken/no-such-stream', { method: 'POST', headers });
      expect((await take({ origin })).status).toBe(401);
      expect((await take({ cookie, origin: 'http://evil.example' })).status).toBe(403);
      expect((await take({ cookie, origin })).status).toBe(204);
    });

    test('a console that goes away is forgotten', async () => {
      const stream = request(`${origin}/api/stream/fleet`, { headers: { cookie }, agent: false });
      stream.on('error', () => undefined).end();
      await vi.waitFor(() => expect(engine.subscribers()).toBe(1));
      stream.destroy();
      await vi.waitFor(() => expect(engine.subscribers()).toBe(0));
    });
  });
});
