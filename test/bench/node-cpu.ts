import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { holderOf } from '../lab/spaces.ts';

const clockTicks = 100;

/**
 * Seconds of processor time that all processes of a node of the lab have used so far, those that have ended included: of
 * each process in its pid namespace its own time and that of the children it has waited for (fields 14 to 17 of proc(5)'s
 * stat, behind the name in brackets). What is orphaned is waited for by the node's process 1.
 */
export function nodeCpuSeconds(node: string): number {
  const space = spaceOf(holderOf(node));
  let ticks = 0;
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    if (spaceOf(pid) === space) ticks += ticksOf(pid);
  }
  return ticks / clockTicks;
}

/** The pid namespace of a process; undefined once it has ended. */
function spaceOf(pid: number | string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

function ticksOf(pid: string): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  } catch {
    return 0; // ended since: its parent has its time at the next look
  }
}
