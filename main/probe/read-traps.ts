import type { NodeReadings } from '../../shared/domain/cluster-snapshot.ts';
import type { HookScripts, LockFile, SyncSetup } from '../../shared/domain/trap-facts.ts';
import type { Clock } from '../../shared/lib/clock.ts';
import type { Reading } from '../../shared/lib/reading.ts';
import { ok } from '../../shared/lib/result.ts';
import type { SyncAgent, SyncCommands } from '../agents/agent.ts';
import { parsePrograms, programsCommand } from '../agents/host/facts.ts';
import { type NodeRunner, readingFrom } from './node-runner.ts';
import { readFileText } from './read-file.ts';
import type { HooksReader } from './takeover-config.ts';

/** Reads what the known traps rest on and nothing else does: configurations, scripts, a lock file. */
export interface TrapReader {
  readonly facts: () => Promise<NodeReadings>;
}

export function trapReader(
  runner: NodeRunner,
  sync: { agent: SyncAgent; commands: SyncCommands },
  configured: HooksReader,
  clock: Clock,
): TrapReader {
  const setup = async (): Promise<Reading<SyncSetup>> => {
    const file = sync.commands.config.argv.at(-1) ?? '';
    const read = await readFileText(runner, file);
    if (!read.ok) return { ok: false, ...read.error, observedAt: clock() };
    const { text, observedAt, source } = read.value;
    return { ok: true, value: sync.agent.parseSetup(text, file), observedAt, source };
  };
  const lockFile = async (path: string): Promise<Reading<LockFile>> => {
    const command = programsCommand([path]);
    const [lock, alive] = await Promise.all([runner.poll(command), runner.poll(sync.commands.alive)]);
    const agentRuns = !alive.ok || alive.value.exitCode !== 1;
    const parse = (text: string) =>
      ok({ path, exists: parsePrograms(text, [path])[0]?.state !== 'missing', agentRuns });
    // a lock that is not there is an answer
    return readingFrom(runner, command, lock, () => undefined, parse, clock());
  };
  const hookScripts = async (): Promise<Reading<HookScripts>> => {
    const hooks = await configured();
    if (!hooks.ok) return hooks;
    const scripts = await Promise.all(
      hooks.value.programs.map(async (path) => {
        const read = await readFileText(runner, path);
        return read.ok
          ? { path, ...sync.agent.parseScript(read.value.text) }
          : { path, unread: read.error.failure.message, checks: [] };
      }),
    );
    return { ...hooks, value: { scripts, complete: hooks.value.complete } };
  };

  return {
    facts: async () => {
      const [syncSetup, scripts] = await Promise.all([setup(), hookScripts()]);
      const lock = syncSetup.ok ? await lockFile(syncSetup.value.lockFile) : undefined;
      return { syncSetup, hookScripts: scripts, ...(lock && { lockFile: lock }) };
    },
  };
}
