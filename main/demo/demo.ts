import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import type { ClusterDefinition } from '../../shared/domain/cluster.ts';
import { type Clock, systemClock } from '../../shared/lib/clock.ts';
import { newKey } from './new-key.ts';
import { type SshNode, serveNode } from './server.ts';
import { createShell } from './shell.ts';
import { paths } from './site.ts';
import { type Ahead, createWorld } from './world.ts';

export interface Demo {
  readonly definition: ClusterDefinition;
  close(): Promise<void>;
}

export interface DemoOptions {
  /** Whose time the simulated nodes live in. */
  readonly clock?: Clock;
  readonly seed?: number;
  /** By how much each node's clock is ahead, ms: none unless told. */
  readonly ahead?: Ahead;
}

/** So often the simulation moves by itself: what nodes print unasked comes no later than that. */
const tickMs = 50;
const user = 'ops';

/**
 * Two simulated firewalls behind real SSH servers on loopback, with keys of their own in a folder under `stateDir` that
 * goes when they close. Everything else about them is read from outside, as of any cluster.
 */
export async function startDemo(
  stateDir: string,
  { clock = systemClock, seed = 1, ahead = () => 0 }: DemoOptions = {},
): Promise<Demo> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  await sweep(stateDir);
  const folder = await mkdtemp(join(stateDir, `${folderPrefix}${process.pid}-`));
  const identityFile = join(folder, 'id_ed25519');
  const knownHostsFile = join(folder, 'known_hosts');
  const client = newKey();
  await writeFile(identityFile, client.private, { mode: 0o600 });
  const clientKey = ssh2.utils.parseKey(client.public);
  if (clientKey instanceof Error) throw clientKey;

  const world = createWorld(clock(), seed, ahead);
  const served = await Promise.all(
    world.nodes.map(async (node) => {
      const hostKey = newKey();
      const server = await serveNode(createShell(world, node, clock), hostKey.private, clientKey);
      return { name: node.site.name, server, known: `[127.0.0.1]:${server.port} ${hostKey.public}\n` };
    }),
  );
  await writeFile(knownHostsFile, served.map(({ known }) => known).join(''), { mode: 0o600 });
  const ticking = setInterval(() => world.timeline.advance(clock()), tickMs);
  ticking.unref();

  const nodeOf = ({ name, server }: { name: string; server: SshNode }) => ({
    name,
    host: '127.0.0.1',
    port: server.port,
    user,
    identityFile,
    knownHostsFile,
    sudo: true,
  });
  return {
    definition: {
      name: 'demo',
      demo: true,
      agent: { kind: 'conntrackd', config: paths.conntrackdConfig },
      takeover: {
        kind: 'keepalived',
        pidFile: paths.keepalivedPid,
        handoverFile: paths.handover,
        maintenanceFile: paths.maintenance,
      },
      nodes: served.map(nodeOf),
    },
    close: async () => {
      clearInterval(ticking);
      await Promise.all(served.map(({ server }) => server.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const folderPrefix = 'demo-';

/** Takes away the folders of processes that ended without closing. */
async function sweep(stateDir: string): Promise<void> {
  for (const name of await readdir(stateDir)) {
    const [, pid] = /^demo-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid)))
      await rm(join(stateDir, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
