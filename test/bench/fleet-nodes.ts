import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { stringify } from 'yaml';
import { newKey } from '../../main/demo/new-key.ts';
import { serveNode } from '../../main/demo/server.ts';
import { createShell } from '../../main/demo/shell.ts';
import { paths } from '../../main/demo/site.ts';
import { createWorld } from '../../main/demo/world.ts';

/**
 * A process of its own: `fleet-nodes.ts FOLDER CLUSTERS NODES` serves that many simulated clusters with that many nodes
 * in all behind real SSH servers on loopback, writes their inventory into the folder, prints `ready`, and stays until
 * it is ended. A cluster has two nodes; where more are asked for, its slave answers a second time as a third node.
 */
const [folder = '', clusterCount = '', nodeCount = ''] = process.argv.slice(2);
const clusters = Number(clusterCount);
const thirds = Number(nodeCount) - 2 * clusters;
const tickMs = 200;

mkdirSync(folder, { recursive: true });
const login = newKey();
const identityFile = join(folder, 'id_ed25519');
writeFileSync(identityFile, login.private, { mode: 0o600 });
const loginKey = ssh2.utils.parseKey(login.public);
if (loginKey instanceof Error) throw loginKey;
const hostKey = newKey();
const clock = () => Date.now();

const knownHostsFile = join(folder, 'known_hosts');
const known: string[] = [];
const inventory = [];
for (let index = 0; index < clusters; index += 1) {
  const world = createWorld(clock(), index + 1);
  const [first, second] = world.nodes;
  const served = [first, second, ...(index < thirds ? [second] : [])];
  const nodes = [];
  for (const [place, node] of served.entries()) {
    const { port } = await serveNode(createShell(world, node, clock), hostKey.private, loginKey);
    known.push(`[127.0.0.1]:${port} ${hostKey.public}\n`);
    nodes.push({
      name: `fw${place + 1}`,
      host: '127.0.0.1',
      port,
      user: 'ops',
      identityFile,
      knownHostsFile,
      sudo: true,
    });
  }
  inventory.push({
    name: `site-${String(index + 1).padStart(3, '0')}`,
    agent: { kind: 'conntrackd', config: paths.conntrackdConfig },
    takeover: { kind: 'keepalived', pidFile: paths.keepalivedPid, handoverFile: paths.handover },
    nodes,
  });
  setInterval(() => world.timeline.advance(clock()), tickMs);
}
writeFileSync(knownHostsFile, known.join(''));
writeFileSync(join(folder, 'clusters.yaml'), stringify({ clusters: inventory }));
process.stdout.write('ready\n');
