import type { TableCommands } from '../../agent.ts';
import { command } from '../../command.ts';

const dumpBytes = 2 ** 30;
/** So long are events followed at a time. */
const followMs = 24 * 3_600_000;

/** Paths are Debian's where not given. Reading the table takes CAP_NET_ADMIN, hence root. */
export const conntrackCommands = (programs: { conntrack?: string; cat?: string } = {}): TableCommands => {
  const { conntrack = '/usr/sbin/conntrack', cat = '/usr/bin/cat' } = programs;
  return {
    dump: ({ family, timestamps } = {}) =>
      command(
        [
          conntrack,
          '-L',
          ...(family ? ['-f', family] : []),
          '-o',
          timestamps ? 'extended,id,ktimestamp' : 'extended,id',
        ],
        { privileged: true, deadlineMs: 60_000, maxBytes: dumpBytes },
      ),
    // Readable by every login; `conntrack -C` asks the same figure as root.
    count: command([cat, '/proc/sys/net/netfilter/nf_conntrack_count']),
    limit: command([cat, '/proc/sys/net/netfilter/nf_conntrack_max']),
    statistics: command([conntrack, '-S'], { privileged: true }),
    expectations: command([conntrack, '-L', 'expect'], { privileged: true }),
    events: command([conntrack, '-E', '-o', 'timestamp,id,extended'], {
      privileged: true,
      deadlineMs: followMs,
      maxBytes: 2 ** 40,
    }),
  };
};
