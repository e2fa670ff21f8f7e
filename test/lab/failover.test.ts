/** That a failover of the lab keeps its flows, and that it is the replication that keeps them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, up } from './lab.ts';
import { handoverFile } from './plan.ts';
import { type CommandResult, until } from './shell.ts';

describe('a failover', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await up();
  });
  afterAll(() => lab.down());

  const demote = (node: string, value: string): Promise<CommandResult> =>
    lab.exec(node, ['tee', handoverFile], { input: `${value}\n` });
  const tcpFlows = () => lab.traffic.report().flows.filter((flow) => flow.protocol === 'tcp');

  test('by the handover file moves the role there and back, and the flows lose no byte', async () => {
    const start = await lab.traffic.start();
    await lab.untilInStep();
    const snat = start.flows.find((flow) => flow.name === 'snat');
    expect(snat?.seenFrom?.address).toBe('10.77.2.1');
    const table = await lab.exec('fw1', [
      'conntrack',
      '-L',
      '-p',
      'tcp',
      '--sport',
      String(snat?.local.port),
    ]);
    expect(table.stdout).toContain(`dport=7001`);

    for (const [master, value] of [
      ['fw2', '-100'],
      ['fw1', '0'],
    ] as const) {
      await demote('fw1', value);
      await lab.untilMaster(master);
      const at = tcpFlows().map((flow) => flow.sent);
      await until(`the flows to go on through ${master}`, () =>
        tcpFlows().every((flow, i) => flow.acknowledged > (at[i] ?? 0) + 6400) ? true : undefined,
      );
      await lab.untilInStep();
    }

    const { flows, churn } = await lab.traffic.stop();
    for (const flow of flows.filter(({ protocol }) => protocol === 'tcp')) {
      expect(flow).toMatchObject({
        lostBytes: 0,
        alive: true,
        ended: undefined,
        received: flow.sent,
        acknowledged: flow.sent,
      });
      expect(flow.local.port).toBe(start.flows.find(({ name }) => name === flow.name)?.local.port);
    }
    expect(churn.completed).toBeGreaterThan(0);
  });

  test('without conntrackd breaks the flows: this lab can fail', async () => {
    await lab.traffic.start();
    await lab.fault('agent', true, 'all');
    await demote('fw1', '-100');
    await lab.untilMaster('fw2');
    const broken = await until('the flows to stand still', () => {
      const flows = tcpFlows();
      return flows.every((flow) => flow.longestGapMs > 5000) ? flows : undefined;
    });
    const { flows } = await lab.traffic.stop();
    for (const before of broken) {
      const flow = flows.find(({ name }) => name === before.name);
      expect(flow).toMatchObject({ alive: false, acknowledged: before.acknowledged });
      expect(flow?.lostBytes).toBeGreaterThan(0);
    }
    const rules = await lab.exec('fw2', ['nft', 'list', 'chain', 'inet', 'firewall', 'forward']);
    expect(Number(/invalid counter packets (\d+)/.exec(rules.stdout)?.[1])).toBeGreaterThan(0);
  });
});
