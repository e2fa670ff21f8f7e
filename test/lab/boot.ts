/** A node from nothing to its programs running, and its sudden end: the power switch of a rack. */
import { connect } from 'node:net';
import { consoleKey } from './inventory.ts';
import { cableNode, setCable, unplugNode, untilCarrier } from './network.ts';
import { configureKernel, stageNode, startNode } from './node.ts';
import { type LabPlan, type NodePlan, segmentsOf } from './plan.ts';
import { startService } from './services.ts';
import { until } from './shell.ts';
import { endProcesses } from './spaces.ts';

/** Everything but the takeover engine, which decides who is master: the caller says when. */
export async function bootNodes(nodes: readonly NodePlan[], plan: LabPlan): Promise<void> {
  await Promise.all(
    nodes.map(async (node) => {
      await stageNode(node, plan, consoleKey());
      await startNode(node);
    }),
  );
  for (const node of nodes) await cableNode(node, plan);
  await Promise.all(nodes.map(startPrograms));
}

async function startPrograms(node: NodePlan): Promise<void> {
  await untilCarrier(node);
  await configureKernel(node);
  await Promise.all([startService(node.name, 'agent'), startService(node.name, 'sshd')]);
  await until(`sshd of ${node.name} to answer`, () => sshGreets(node));
}

/** The cables first: dying programs must not say goodbye. */
export async function crashNode(node: NodePlan, plan: LabPlan): Promise<void> {
  await Promise.all(segmentsOf(plan).map((segment) => setCable(node, segment, false)));
  await endProcesses(node.name);
  await unplugNode(node, plan);
}

function sshGreets(node: NodePlan): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(22, node.management).setTimeout(1000, () => socket.destroy());
    socket.once('data', (greeting: Buffer) => {
      resolve(greeting.toString('latin1').startsWith('SSH-2.0') ? true : undefined);
      socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(undefined));
  });
}
