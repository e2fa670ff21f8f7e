/** The command line as an observer that runs along while the lab is broken and mended. */
import { spawn } from 'node:child_process';

export const command = new URL('../../main/cli/main.ts', import.meta.url).pathname;

export interface StatusNode {
  name: string;
  role: string;
  engineState: string;
  reachable: boolean;
  failure?: string;
  connections: number | null;
  replicated?: number;
  coverage?: number;
  lag: { kind: string; seconds?: number };
  phase: string;
  direction?: { toSlave: string; toMaster: string; stalled?: string };
  remedy?: { what: string; steps: { node: string; command: string }[]; sideEffects: string };
}
export interface Cluster {
  verdict: string;
  master: string | null;
  traps?: {
    code: string;
    node?: string;
    state: string;
    pending?: boolean;
    sentence: string;
    snippet?: { where: string; text: string };
  }[];
  reasons: { code: string; severity: string; message: string; node?: string }[];
  nodes: StatusNode[];
}

/** A `status --watch --json` that runs along; `until` resolves with the seconds that it took to say so. */
export function watchStatus(inventory: string, environment: NodeJS.ProcessEnv) {
  const words = [command, 'status', '--watch', '--json', '--inventory', inventory];
  const child = spawn(process.execPath, words, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  let newest: Cluster | undefined;
  let rest = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (data: Buffer) => {
    const lines = (rest + data.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      newest = (JSON.parse(line) as { clusters: Cluster[] }).clusters[0];
      for (const look of waiting) look();
    }
  });
  return {
    until: (what: string, matches: (cluster: Cluster) => boolean, seconds: number): Promise<number> => {
      const startedAt = performance.now();
      return new Promise((resolve, reject) => {
        const finish = (error?: Error) => {
          clearTimeout(timer);
          waiting.delete(look);
          if (error) reject(error);
          else resolve((performance.now() - startedAt) / 1000);
        };
        const look = () => {
          if (newest && matches(newest)) finish();
        };
        const timer = setTimeout(
          () => finish(new Error(`not within ${seconds} s: ${what}; last: ${JSON.stringify(newest)}`)),
          seconds * 1000,
        );
        waiting.add(look);
        look();
      });
    },
    newest: () => newest,
    end: () => child.kill('SIGINT'),
  };
}
