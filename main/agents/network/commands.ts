import { type Command, command } from '../command.ts';

const dayMs = 86_400_000;

/** Addresses on interfaces; both need no privilege. `watch` prints a line for each change and never ends by itself. */
export const networkCommands = (programs: { ip?: string } = {}): { addresses: Command; watch: Command } => {
  const { ip = '/usr/sbin/ip' } = programs;
  return {
    addresses: command([ip, '-j', 'addr']),
    watch: command([ip, '-o', 'monitor', 'address'], { deadlineMs: dayMs, maxBytes: 2 ** 24 }),
  };
};
