export { networkCommands } from './commands.ts';
export { parseAddresses } from './parse-addresses.ts';
export { parseNeighbours, parseRoutes } from './parse-routes.ts';
