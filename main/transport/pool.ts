import { type NodeSession, openSession, type SessionOptions, type SshTarget } from './session.ts';

/** One session per node, shared by all who ask. */
export interface SessionPool {
  /** The session to this target; the same one as long as it is not closed. Targets are equal by all their fields. */
  open(target: SshTarget): NodeSession;
  closeAll(): void;
}

export function sessionPool(options: SessionOptions = {}): SessionPool {
  const sessions = new Map<string, NodeSession>();
  return {
    open: (target) => {
      const key = JSON.stringify(Object.entries(target).sort());
      const standing = sessions.get(key);
      if (standing && standing.state.kind !== 'closed') return standing;
      const session = openSession(target, options);
      sessions.set(key, session);
      return session;
    },
    closeAll: () => {
      for (const session of sessions.values()) session.close();
      sessions.clear();
    },
  };
}
