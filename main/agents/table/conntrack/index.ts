import type { TableAgent } from '../../agent.ts';
import { classifyFailure } from '../../classify.ts';
import { canaryCommands } from './canary.ts';
import { conntrackCommands } from './commands.ts';
import { dropCommand, readDropped } from './drop.ts';
import { parseConnection, parseShown } from './parse-connection.ts';
import { isOverrun } from './parse-entry.ts';
import { parseExpectation } from './parse-expected.ts';
import { parseCount } from './parse-statistics.ts';
import { conntrackReading } from './read-ways.ts';

/** The kernel's table as conntrack-tools prints it. */
export const conntrack: TableAgent = {
  kind: 'conntrack',
  commands: conntrackCommands(),
  reading: conntrackReading,
  parseLine: parseConnection,
  parseExpectation,
  parseCount,
  parseShown,
  isOverrun,
  canary: canaryCommands,
  drop: dropCommand,
  readDropped,
  dropRemedy:
    'Add HANDOVER_DROP to the last line of the node’s sudo rules (assets/node/sudoers-handover; sudo 1.9.10 and later).',
  classify: (command, output, asRoot) => classifyFailure(command, output, asRoot, []),
};
