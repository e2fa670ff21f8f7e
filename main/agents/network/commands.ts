import { type Command, command } from '../command.ts';

const dayMs = 86_400_000;

/** Addresses, routes and neighbours; all without privilege. `watch` prints a line for each change and never ends by itself. */
export const networkCommands = (
  programs: { ip?: string } = {},
): Record<'addresses' | 'routes' | 'routes6' | 'neighbours' | 'watch', Command> => {
  const { ip = '/usr/sbin/ip' } = programs;
  return {
    addresses: command([ip, '-j', 'addr']),
    routes: command([ip, '-j', 'route'], { maxBytes: 2 ** 23 }),
    routes6: command([ip, '-j', '-6', 'route'], { maxBytes: 2 ** 23 }),
    neighbours: command([ip, '-j', '-s', 'neigh'], { maxBytes: 2 ** 23 }),
    watch: command([ip, '-o', 'monitor', 'address'], { deadlineMs: dayMs, maxBytes: 2 ** 24 }),
  };
};
