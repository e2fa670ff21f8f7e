import type { CipherAlgorithm } from 'ssh2';
import type { Clock } from '../../shared/lib/clock.ts';

/** Where a node's sshd is and how to log in. Paths are absolute: the inventory has expanded `~`. */
export interface SshTarget {
  /** The node's name in the inventory, for sentences. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Without it: the agent's keys, then the usual files in `~/.ssh`. */
  readonly identityFile?: string;
  readonly knownHostsFile: string;
  /** `SSH_AUTH_SOCK`, where there is an agent. */
  readonly agentSocket?: string;
}

export interface SessionOptions {
  /** Asked for the passphrase of an encrypted key file; undefined means that the operator gave none. */
  readonly passphrase?: (identityFile: string) => Promise<string | undefined>;
  readonly clock?: Clock;
  /** In [0, 1): the jitter of the back-off. */
  readonly random?: () => number;
  /** ssh2's names; without it ssh2's defaults, which fit the runtime. Naming one that the runtime lacks throws. */
  readonly ciphers?: readonly CipherAlgorithm[];
  /** Until the host has shown its key; 4,000 without it. */
  readonly connectTimeoutMs?: number;
}

/** `user@host`, with the port where it is not 22. */
const loginOf = ({ user, host, port }: SshTarget): string =>
  `${user}@${host}${port === 22 ? '' : `:${port}`}`;

/** `fw1 (ops@10.0.0.1)`: how sentences name a node. */
export const nodeOf = (target: SshTarget): string => `${target.name} (${loginOf(target)})`;
