/** That a slave of a real cluster is called ready when it is, and by which gate it is not when it is not. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, up } from './lab.ts';
import { setCable } from './network.ts';
import { until } from './shell.ts';

const command = new URL('../../main/cli/main.ts', import.meta.url).pathname;
const state = mkdtempSync(join(tmpdir(), 'handover-readiness-'));

interface Node {
  name: string;
  readiness?: string;
  gates?: { code: string; result: string; message: string; observedAt: string | null }[];
  expectedCommitSeconds?: number;
}

/** What `status --json` says of a node; it reads everything anew each time, however slow this machine is. */
const read = (name: string, inventory: string): Promise<Node> =>
  new Promise((resolve, reject) => {
    const words = [command, 'status', '--json', '--wait', '30', '--inventory', inventory];
    execFile(
      process.execPath,
      words,
      { env: { ...process.env, XDG_STATE_HOME: state } },
      (_failed, stdout, stderr) => {
        if (stdout === '') return reject(new Error(stderr));
        const [cluster] = (JSON.parse(stdout) as { clusters: { nodes: Node[] }[] }).clusters;
        const node = cluster?.nodes.find((each) => each.name === name);
        return node ? resolve(node) : reject(new Error(`no ${name} in ${stdout}`));
      },
    );
  });

const open = (node: Node) => node.gates?.filter((gate) => gate.result !== 'pass') ?? [];

let lab: Lab;

/** The slave once it is of that readiness. */
async function slaveWhen(readiness: string): Promise<Node> {
  let last: Node | undefined;
  return until(
    `fw2 to be ${readiness}`,
    async () => {
      last = await read('fw2', lab.inventory.ops);
      return last.readiness === readiness ? last : undefined;
    },
    60_000,
    200,
  ).catch((error: Error) => {
    throw new Error(`${error.message}; it is ${last?.readiness}: ${JSON.stringify(last && open(last))}`);
  });
}

beforeAll(async () => {
  lab = await up();
  await lab.traffic.start();
}, 700_000);

afterAll(async () => {
  await lab?.down();
  rmSync(state, { recursive: true, force: true });
});

describe('a slave', () => {
  test('is ready when all eleven gates pass, each read from the node, and the master has none', async () => {
    const slave = await slaveWhen('ready');
    expect(slave.gates?.map((gate) => gate.result)).toEqual(Array(11).fill('pass'));
    expect(slave.gates?.every((gate) => gate.observedAt !== null && gate.message !== '')).toBe(true);
    expect(slave.expectedCommitSeconds).toBeGreaterThan(0);
    console.warn(slave.gates?.map((gate) => `${gate.code}: ${gate.message}`).join('\n'));
    expect(await read('fw1', lab.inventory.ops)).not.toHaveProperty('readiness');
  });

  test('is degraded by one kernel setting or one rule that its master has not, and no longer once it is the same', async () => {
    const setting = 'net.netfilter.nf_conntrack_tcp_be_liberal';
    await lab.exec('fw2', ['sysctl', '-q', '-w', `${setting}=1`]);
    const [gate, ...others] = open(await slaveWhen('degraded'));
    expect(gate).toMatchObject({ code: 'same-rules', result: 'fail' });
    expect(gate?.message).toContain(`${setting} is 1, there 0`);
    expect(others).toEqual([]);
    await lab.exec('fw2', ['sysctl', '-q', '-w', `${setting}=0`]);
    await slaveWhen('ready');

    await lab.exec('fw2', ['nft', 'add rule inet firewall forward tcp dport 23 drop']);
    expect(open(await slaveWhen('degraded'))).toMatchObject([
      { code: 'same-rules', message: expect.stringContaining('its rules differ') },
    ]);
    await lab.exec('fw2', ['nft', '-f', '/etc/nftables.conf']);
    await slaveWhen('ready');
  });

  test('is not ready while its link to the service network is dead', async () => {
    const slave = lab.plan.nodes[1];
    if (!slave) throw new Error('the lab has no slave');
    await setCable(slave, 'lan', false);
    try {
      const gates = open(await slaveWhen('not-ready'));
      expect(gates.find((gate) => gate.code === 'data-plane')).toMatchObject({
        result: 'fail',
        message: 'no carrier on lan0',
      });
    } finally {
      await setCable(slave, 'lan', true);
    }
  });

  test('is unknown, never ready, to a login that may not look, and is told what to allow', async () => {
    const slave = await read('fw2', lab.inventory.viewer);
    expect(slave.readiness).toBe('unknown');
    expect(slave.gates?.filter((gate) => gate.result === 'fail')).toEqual([]);
    expect(slave.gates?.find((gate) => gate.code === 'same-rules')?.message).toMatch(/sudo/);
  });
});
