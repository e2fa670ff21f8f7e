import type { SyncAgent } from '../../agent.ts';
import { classifyFailure, type FailureRule, noSuchProcess } from '../../classify.ts';
import { parseConnection } from '../../table/conntrack/parse-connection.ts';
import { conntrackdCommands } from './commands.ts';
import { conntrackdLog } from './logged.ts';
import { parseChildren } from './parse-children.ts';
import { parseConntrackdConfig } from './parse-config.ts';
import { parseLog } from './parse-log.ts';
import { parseScript } from './parse-script.ts';
import { parseSetup } from './parse-setup.ts';
import { parseConntrackdState } from './parse-state.ts';

const rules: readonly FailureRule[] = [
  {
    // its socket belongs to root: without root the same words mean that the login may not ask
    matches: ({ stderr }) => stderr.includes("can't connect: is conntrackd running?"),
    failure: (program, asRoot) =>
      asRoot
        ? { kind: 'not-running', message: `${program} finds no running daemon on the node` }
        : {
            kind: 'no-permission',
            message: `${program} needs root to ask its daemon`,
            remedy: 'Set sudo: true for the node.',
          },
  },
  {
    matches: ({ stderr }) => stderr.includes("can't open config file"),
    failure: (program) => ({
      kind: 'unreadable',
      message: `${program} does not find its configuration`,
      remedy: "Set agent.config of the cluster to the path of the node's conntrackd.conf.",
    }),
  },
  noSuchProcess('conntrackd'),
];

/** conntrack-tools' daemon: https://conntrack-tools.netfilter.org/ */
export const conntrackd: SyncAgent = {
  kind: 'conntrackd',
  defaultConfig: '/etc/conntrackd/conntrackd.conf',
  commands: conntrackdCommands,
  parseState: parseConntrackdState,
  parseConfig: parseConntrackdConfig,
  parseSetup,
  parseScript,
  parseLog,
  log: conntrackdLog,
  parseChildren,
  parseLine: parseConnection,
  classify: (command, output, asRoot) => classifyFailure(command, output, asRoot, rules),
};
