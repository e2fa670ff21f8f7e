/** Who may read /metrics, and how the token that opens it is kept. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Served, serve } from '../../../main/hosts/serve.ts';
import { readMetricsToken } from '../../../main/hosts/serve-metrics.ts';
import { fakeEngine } from './fake-engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'handover-metrics-'));
afterAll(() => rmSync(folder, { recursive: true }));

const token = '0123456789abcdef0123456789abcdef';

describe('/metrics of the browser host', () => {
  let served: Served | undefined;
  let origin: string;
  const start = async (metricsToken?: string) => {
    served = await serve({ engine: fakeEngine(), port: 0, rendererDir: folder, metricsToken });
    origin = new URL(served.url).origin;
  };
  beforeEach(() => start(token));
  afterEach(() => served?.close());
  const ask = (headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${origin}/metrics`, { method, headers, redirect: 'manual' });

  it('answers whoever bears the token, in the format that was asked for', async () => {
    const authorization = `Bearer ${token}`;
    const plain = await ask({ authorization });
    expect(plain.status).toBe(200);
    expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await plain.text()).toContain('handover_build_info{version="1.2.3"} 1\n');
    const open = await ask({ authorization, accept: 'application/openmetrics-text;version=1.0.0' });
    expect(open.headers.get('content-type')).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    );
    expect(await open.text()).toMatch(/# EOF\n$/);
  });

  it('answers nobody else, and the token opens nothing else', async () => {
    for (const authorization of [
      '',
      'Bearer',
      `Bearer ${token}x`,
      `Basic ${token}`,
      token,
      'Bearer undefined',
    ]) {
      const reply = await ask({ authorization });
      expect(reply.status, authorization).toBe(401);
      expect(reply.headers.get('www-authenticate'), authorization).toContain('Bearer');
      expect(await reply.text(), authorization).not.toContain('handover_build');
    }
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${origin}/api/stream/fleet`, { headers })).status).toBe(401);
    expect((await fetch(`${origin}/metrics/`, { headers })).status).toBe(401);
    expect((await ask(headers, 'POST')).status).toBe(405);
  });

  it('is closed where no token was named, save to the console itself', async () => {
    await served?.close();
    await start();
    expect((await ask({ authorization: 'Bearer undefined' })).status).toBe(401);
    const opened = await fetch(served?.url ?? '', { redirect: 'manual' });
    const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await ask({ cookie })).status).toBe(200);
  });
});

describe('the file with the token', () => {
  const file = join(folder, 'token');
  const holds = (text: string, mode = 0o600) => {
    writeFileSync(file, text);
    chmodSync(file, mode);
    return () => readMetricsToken(file);
  };

  it('may end with a line end, and may be shared with a group', () => {
    expect(holds(`${token}\n`, 0o640)()).toBe(token);
  });

  it('is refused where everybody may read it, or where it holds no token, without telling what it holds', () => {
    expect(holds(token, 0o644)).toThrow('chmod o-rwx');
    for (const text of ['', 'short', 'two words that are long enough']) {
      expect(holds(text)).toThrow('expected a token');
      if (text !== '') expect(holds(text)).not.toThrow(text);
    }
    expect(() => readMetricsToken(join(folder, 'none'))).toThrow('ENOENT');
  });
});
