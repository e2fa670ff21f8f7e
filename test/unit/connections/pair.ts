/** A cluster of two nodes whose tables a test makes up, and which print what a real one would. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Command } from '../../../main/agents/command.ts';
import { conntrackd } from '../../../main/agents/sync/conntrackd/index.ts';
import { conntrack } from '../../../main/agents/table/conntrack/index.ts';
import { cachePace } from '../../../main/connections/cache-pace.ts';
import { openCoverage } from '../../../main/connections/coverage/coverage.ts';
import { dumpTurns } from '../../../main/connections/dump-turns.ts';
import type { NodeRunner } from '../../../main/probe/node-runner.ts';
import type { NodeSnapshot } from '../../../shared/domain/cluster-snapshot.ts';
import { err, ok } from '../../../shared/lib/result.ts';
import { agent, Story } from '../domain/build.ts';

export const config = '/etc/conntrackd/conntrackd.conf';
const perl = '/usr/bin/perl';
const text = (flows: readonly number[], print: (port: number) => string) =>
  flows.map((port) => `${print(port)}\n`).join('');
const kernel = (port: number) =>
  `ipv4 2 tcp 6 600 ESTABLISHED src=10.1.0.1 dst=10.2.0.1 sport=${port} dport=443 src=10.2.0.1 dst=10.1.0.1 sport=443 dport=${port} [ASSURED] mark=0 use=1 id=${port}`;
const cached = (port: number) =>
  `tcp 6 ESTABLISHED src=10.1.0.1 dst=10.2.0.1 sport=${port} dport=443 [ASSURED] [active since 90s]`;

/** Two nodes and what their commands print; `ran` is every dump in its order, with its beginning and its end. */
export class Pair {
  readonly ran: string[] = [];
  master: readonly number[] = [1, 2, 3];
  held: readonly number[] = [1, 2, 3];
  processors = '0-1\n';
  available = 4_000_000;
  slaveDump: 'good' | 'refused' = 'good';
  external: 'cache' | 'inject' = 'cache';
  internal: 'cache' | 'bypass' = 'cache';
  kernelRefused: string | undefined;
  /** What becomes of the lines of a dump, by its node and its last word. */
  edit = (_dump: string, lines: string): string => lines;
  /** What `conntrack -L expect` of the master prints, and its conntrackd.conf. */
  expectations = '';
  conf = '';
  /** Whether the nodes have a perl, which fails: a kernel's own dump it never brings. */
  hasPerl = false;
  now = 1_000_000;
  folder = mkdtempSync(join(tmpdir(), 'handover-coverage-'));

  readonly runner = (node: string): NodeRunner => ({
    node,
    privileged: true,
    line: ({ argv }) => argv.join(' '),
    lane: () => undefined,
    exec: async () => err({ kind: 'unreachable', message: 'not asked for here' }),
    poll: async (command) =>
      ok({ ...this.#printed(command), stderr: '', exitCode: 0, sentAt: 0, endedAt: 0 }),
    stream: async ({ argv }, onChunk) => {
      if (argv[0] === perl) {
        this.ran.push(`${node} perl`);
        return ok({ stderr: 'conntrack-dump: cannot ask the kernel\n', exitCode: 1 });
      }
      const name = `${node} ${argv.at(-1)}`;
      this.ran.push(`${name} begins`);
      await Promise.resolve();
      const isCache = argv.at(-1) === '-e' || argv.at(-1) === '-i';
      const flows = node === 'fw1' ? this.master : this.held;
      if (!isCache && this.kernelRefused === node)
        return ok({ stderr: 'sudo: a password is required\n', exitCode: 1 });
      if (isCache && this.slaveDump === 'refused')
        return ok({ stderr: 'sudo: a password is required\n', exitCode: 1 });
      const lines = text(flows, isCache ? cached : kernel);
      onChunk(new TextEncoder().encode(this.edit(name, lines)));
      await setImmediate();
      this.ran.push(`${name} ends`);
      return ok({ stderr: '', exitCode: 0 });
    },
  });

  #printed({ argv }: Command): { stdout: string } {
    const files: Readonly<Record<string, string>> = {
      '/sys/devices/system/cpu/online': this.processors,
      '/proc/meminfo': `MemAvailable: ${this.available} kB\n`,
      '/proc/71/status': 'Name:\tconntrackd\nVmRSS:\t 600000 kB\n',
      conntrackd: '71\n',
      expect: this.expectations,
      [config]: this.conf,
    };
    if (argv[0].endsWith('/stat') && this.hasPerl) return { stdout: `${perl}\t755\tregular file\n` };
    return { stdout: files[argv.at(-1) ?? ''] ?? '' };
  }

  #node(node: NodeSnapshot): NodeSnapshot {
    const { agent: read } = node.readings;
    if (!read?.ok) return node;
    const { internal, external } = read.value;
    const value = {
      ...read.value,
      internal: { ...internal, kind: this.internal },
      external: { ...external, kind: node.name === 'fw2' ? this.external : external.kind },
    };
    return { ...node, readings: { ...node.readings, agent: { ...read, value } } };
  }

  readonly source = () => {
    const story = new Story('fw1', 'fw2');
    const snapshot = story.seconds(8, (second) => ({
      fw1: { state: 'MASTER', holds: true, agent: agent({ internal: 3, received: second }) },
      fw2: { state: 'BACKUP', holds: false, agent: agent({ external: 3, received: second }), hears: 'fw1' },
    }));
    return {
      snapshot: () => ({ ...snapshot, nodes: snapshot.nodes.map((node) => this.#node(node)) }),
      runner: this.runner,
      address: (node: string) => `${node}:22`,
      table: conntrack,
      sync: conntrackd,
      config,
    };
  };

  readonly tools = () => {
    const clock = () => this.now;
    return { turns: dumpTurns(), pace: cachePace(this.folder, clock), clock, settleMs: 1 };
  };

  readonly open = () => {
    const source = this.source();
    return openCoverage((cluster) => (cluster === 'edge' ? source : undefined), this.tools());
  };
}
