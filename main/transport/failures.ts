import type { Failure } from '../../shared/lib/reading.ts';
import type { KeyProblem } from './identity.ts';
import { fingerprintOf, type HostKeyVerdict, keyTypeOf, knownHostName } from './known-hosts.ts';
import { quoteWord } from './poll-protocol.ts';
import { nodeOf, type SshTarget } from './target.ts';

/** Sentences for an operator: what happened to a session, and what to do next. */

const sshCommand = ({ user, host, port }: SshTarget): string =>
  `ssh${port === 22 ? '' : ` -p ${port}`} ${quoteWord(`${user}@${host}`)}`;

export const closedByUs = (target: SshTarget): Failure => ({
  kind: 'unreachable',
  message: `The session to ${nodeOf(target)} was closed.`,
});

export const noAnswer = (target: SshTarget, timeoutMs: number): Failure => ({
  kind: 'unreachable',
  message: `${nodeOf(target)} did not answer within ${Number((timeoutMs / 1000).toFixed(1))} s.`,
  remedy: `Check that the node is up and that its address is reached from here: ping ${target.host}.`,
});

export const lostLink = (target: SshTarget): Failure => ({
  kind: 'unreachable',
  message: `The connection to ${nodeOf(target)} was lost.`,
  remedy: 'Nothing to do if the node or its sshd is being restarted: Handover tries again by itself.',
});

const refused = (target: SshTarget, what: string): Failure => ({
  kind: 'refused',
  message: `${nodeOf(target)} ${what}`,
  remedy: `On the node's console: systemctl status ssh. It must listen on port ${target.port}.`,
});

/** An error of the socket or of the SSH protocol, by what it means to an operator. */
export function sessionFailure(target: SshTarget, error: Error, established: boolean): Failure {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ECONNREFUSED')
    return refused(target, `is up, but nothing listens on its SSH port ${target.port}.`);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return {
      kind: 'unreachable',
      message: `The host name ${target.host} of ${target.name} cannot be resolved.`,
      remedy: 'Check the name in the inventory, or write the address instead.',
    };
  if (established) return lostLink(target);
  if (code === 'ECONNRESET' || code === 'EPIPE' || error.message.startsWith('Connection lost before'))
    return refused(target, 'closed the connection before SSH began.');
  if ('level' in error && error.level === 'client-socket')
    return {
      kind: 'unreachable',
      message: `${nodeOf(target)} cannot be reached: ${error.message}.`,
      remedy: `Check the route to it: ping ${target.host}.`,
    };
  return {
    kind: 'unreadable',
    message: `${nodeOf(target)} does not speak SSH as Handover does: ${error.message}.`,
    remedy: `See what it offers: ${sshCommand(target).replace('ssh', 'ssh -v')}.`,
  };
}

/** Why a host key is not trusted. Nothing but the key exchange has been sent. */
export function hostKeyFailure(
  target: SshTarget,
  key: Buffer,
  verdict: Exclude<HostKeyVerdict, { kind: 'known' }>,
  looked: readonly string[],
): Failure {
  const name = knownHostName(target.host, target.port);
  const type = keyTypeOf(key);
  const shortType = type.replace(/^ssh-/, '').replace(/^ecdsa-.*/, 'ecdsa');
  const offered = `${type} key ${fingerprintOf(key)}`;
  const compare = `On the node's console compare: ssh-keygen -lf /etc/ssh/ssh_host_${shortType}_key.pub.`;
  const add =
    `ssh-keyscan -t ${shortType}${target.port === 22 ? '' : ` -p ${target.port}`} ${quoteWord(target.host)}` +
    ` >> ${quoteWord(target.knownHostsFile)}`;
  switch (verdict.kind) {
    case 'unknown': {
      const others = verdict.otherTypes.length > 0 ? ` (known for it: ${verdict.otherTypes.join(', ')})` : '';
      return {
        kind: 'host-key',
        message: `The host key of ${target.name} is unknown: ${name} showed the ${offered}, which is not in ${looked.join(' or ')}${others}.`,
        remedy: `${compare} If it is the same: ${add}`,
      };
    }
    case 'changed':
      return {
        kind: 'host-key',
        message: `The host key of ${target.name} has changed: ${name} showed the ${offered}, but ${verdict.entry.file} line ${verdict.entry.line} has ${fingerprintOf(verdict.entry.key)}. Another machine may be answering.`,
        remedy: `${compare} Only if it is the same: ssh-keygen -R ${quoteWord(name)} -f ${quoteWord(verdict.entry.file)} && ${add}`,
      };
    case 'revoked':
      return {
        kind: 'host-key',
        message: `The host key of ${target.name} is revoked: ${name} showed the ${offered}, which ${verdict.entry.file} line ${verdict.entry.line} marks as @revoked.`,
        remedy: 'Give the node a new host key, or ask whoever revoked this one. Handover does not log in.',
      };
  }
}

/** Why no key was taken. `problems`: keys that could not even be offered; `offered`: those that sshd did not take. */
export function loginFailure(
  target: SshTarget,
  problems: readonly KeyProblem[],
  offered: readonly string[],
  asksFor: readonly string[],
): Failure {
  const none = 'There was no key to offer';
  const said = offered.length > 0 ? `It did not take ${offered.join(', ')}` : none;
  const wants =
    asksFor.length > 0 && !asksFor.includes('publickey') ? ` It asks for: ${asksFor.join(', ')}.` : '';
  const locked = problems.find(({ lockedKey }) => lockedKey !== undefined)?.lockedKey;
  const because = problems.map(({ what }) => ` ${what}.`).join('');
  return {
    kind: 'login-refused',
    message: `${nodeOf(target)} refused the login. ${said}.${because}${wants}`,
    remedy:
      problems[0]?.remedy ??
      `Put the public key into ~${target.user}/.ssh/authorized_keys on the node, or name another identityFile. This must work: ${sshCommand(target)}`,
    ...(locked !== undefined && { lockedKey: locked }),
  };
}
