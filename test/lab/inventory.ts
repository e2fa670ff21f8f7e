/** The inventories that a console is given: the same cluster as `ops`, as `viewer` and as root. */
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { hostKey } from './node.ts';
import { handoverFile, type LabPlan, maintenanceFile } from './plan.ts';
import { must } from './shell.ts';
import { stateFolder } from './spaces.ts';

const folder = `${stateFolder}/console`;
export const inventories = {
  ops: `${folder}/clusters.yaml`,
  viewer: `${folder}/viewer.yaml`,
  root: `${folder}/root.yaml`,
} as const;
export const identityFile = `${folder}/id_ed25519`;
export const knownHostsFile = `${folder}/known_hosts`;

/** Makes the console's key, a new one for each lab. */
export async function makeConsoleKey(): Promise<void> {
  mkdirSync(folder, { mode: 0o700 });
  await must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'handover-lab', '-f', identityFile]);
}

/** The public half of it, which the nodes take. */
export const consoleKey = (): string => readFileSync(`${identityFile}.pub`, 'utf8');

/** Writes the inventories, the key and known_hosts, readable by `owner` (a user id) alone. */
export async function writeInventories(plan: LabPlan, owner: number): Promise<void> {
  const keys = await Promise.all(
    plan.nodes.map(async (node) => readFileSync(`${await hostKey(node)}.pub`, 'utf8')),
  );
  writeFileSync(
    knownHostsFile,
    plan.nodes
      .map((node, i) => `${node.management} ${(keys[i] ?? '').split(' ').slice(0, 2).join(' ')}\n`)
      .join(''),
  );
  for (const [user, path] of Object.entries(inventories)) writeFileSync(path, inventory(plan, user));
  for (const file of readdirSync(folder)) {
    chmodSync(`${folder}/${file}`, 0o600);
    chownSync(`${folder}/${file}`, owner, owner);
  }
  chownSync(folder, owner, owner);
}

function inventory(plan: LabPlan, user: string): string {
  return stringify({
    clusters: [
      {
        name: 'lab',
        environment: 'lab',
        canary: true,
        agent: { kind: 'conntrackd', config: '/etc/conntrackd/conntrackd.conf' },
        takeover: { kind: 'keepalived', pidFile: '/run/keepalived.pid', handoverFile, maintenanceFile },
        nodes: plan.nodes.map((node) => ({
          name: node.name,
          host: node.management,
          port: 22,
          user,
          identityFile,
          knownHostsFile,
          sudo: user !== 'root',
        })),
      },
    ],
  });
}
