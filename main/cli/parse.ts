import type { CliCommand } from './command.ts';

export const parse: CliCommand = {
  help: 'Usage: handover parse KIND [FILE|-]',
  run: async () => 64,
};
