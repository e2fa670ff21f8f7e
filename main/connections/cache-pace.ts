import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../shared/lib/clock.ts';

/** A dump of an agent's cache forks the daemon and doubles its memory: so often (ms) is one taken of a node at most. */
const leastMs = 60_000;

/** When the caches of nodes were dumped last, by whatever Handover of this user on this machine. */
export interface CachePace {
  /** When (ms) this node's cache may be dumped next; undefined: now. */
  readonly nextAt: (node: string) => number | undefined;
  readonly taken: (node: string) => void;
}

/** Kept in a file of `stateDir`, since each command is a process of its own; where it cannot be written, in memory alone. */
export function cachePace(stateDir: string, clock: Clock): CachePace {
  const file = join(stateDir, 'cache-dumps.json');
  const own = new Map<string, number>();
  const all = (): Map<string, number> => {
    const known = new Map(own);
    for (const [node, at] of readTimes(file)) known.set(node, Math.max(at, known.get(node) ?? 0));
    return known;
  };
  return {
    nextAt: (node) => {
      const at = all().get(node);
      const age = at === undefined ? leastMs : clock() - at;
      // what seems to lie in the future is a clock that was set back
      return at !== undefined && age >= 0 && age < leastMs ? at + leastMs : undefined;
    },
    taken: (node) => {
      own.set(node, clock());
      const recent = [...all()].filter(([, at]) => clock() - at < leastMs);
      try {
        mkdirSync(stateDir, { recursive: true, mode: 0o700 });
        writeFileSync(`${file}.${process.pid}`, JSON.stringify(Object.fromEntries(recent)), { mode: 0o600 });
        renameSync(`${file}.${process.pid}`, file);
      } catch {
        // a full disk: this process still knows
      }
    },
  };
}

function readTimes(file: string): [string, number][] {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof read === 'object' && read !== null
      ? Object.entries(read).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
      : [];
  } catch {
    return [];
  }
}
