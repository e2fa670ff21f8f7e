/** That Prometheus is told of a real cluster what the status says, and has nothing against how. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedConsole, serveConsole } from '../e2e/served-console.ts';
import { type Lab, up } from './lab.ts';
import { until } from './shell.ts';

const folder = mkdtempSync(join(tmpdir(), 'handover-metrics-'));
const token = '0123456789abcdef0123456789abcdef';
let lab: Lab;
let served: ServedConsole;

beforeAll(async () => {
  lab = await up();
  const file = join(folder, 'token');
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  served = await serveConsole(lab.inventory.root, '--metrics-token-file', file);
}, 700_000);

afterAll(async () => {
  await served?.close();
  await lab?.down();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function metrics(bearer: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(new URL('/metrics', served.link), {
    headers: { authorization: `Bearer ${bearer}` },
  });
  return { status: answer.status, text: await answer.text() };
}

const settled = (line: string) =>
  until(
    line,
    async () => {
      const { text } = await metrics(token);
      return text.split('\n').includes(line) ? text : undefined;
    },
    30_000,
    200,
  );

test('a healthy cluster, and one whose slave has lost its agent, pass promtool', async () => {
  const healthy = await settled('handover_cluster_verdict{cluster="lab",verdict="ok"} 1');
  expect(healthy).toContain('handover_node_role{cluster="lab",node="fw1",role="master"} 1');
  const promtool = (text: string) =>
    execFileSync('promtool', ['check', 'metrics'], { input: text }).toString();
  expect(promtool(healthy)).toBe('');
  await lab.fault('agent', true);
  expect(promtool(await settled('handover_cluster_verdict{cluster="lab",verdict="critical"} 1'))).toBe('');
}, 90_000);

test('nobody is told anything without the token', async () => {
  const { status, text } = await metrics('0123456789abcdef0123456789abcdee');
  expect(status).toBe(401);
  expect(text).not.toContain('handover_');
});
