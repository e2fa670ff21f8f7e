export { networkCommands } from './commands.ts';
export { parseAddresses } from './parse-addresses.ts';
