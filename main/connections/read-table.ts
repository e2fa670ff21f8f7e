import type { TableAgent } from '../agents/agent.ts';
import type { EntryDump } from './read-entries.ts';

export const kernelDump = ({ commands, parseLine, classify }: TableAgent): EntryDump => ({
  command: commands.dump(),
  parseLine,
  classify,
});
