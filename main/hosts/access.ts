import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../shared/lib/clock.ts';

/** How long a one-time link may be used, in ms. */
export const linkLifetime = 10 * 60_000;

/** Who may use the console on loopback: whoever holds a link not yet used, and then the session it was changed for. */
export interface Access {
  /** A new one-time token; the one before it stops working. */
  newToken(): string;
  /** Changes a token for a session's secret; undefined when it is wrong, used or expired. */
  redeem(token: string): string | undefined;
  holds(session: string): boolean;
}

export function createAccess(clock: Clock): Access {
  let pending: { digest: Buffer; expiresAt: number } | undefined;
  const sessions: Buffer[] = [];
  return {
    newToken() {
      const token = secret();
      pending = { digest: digestOf(token), expiresAt: clock() + linkLifetime };
      return token;
    },
    redeem(token) {
      if (pending === undefined || clock() >= pending.expiresAt) return undefined;
      if (!timingSafeEqual(digestOf(token), pending.digest)) return undefined;
      pending = undefined;
      const session = secret();
      sessions.push(digestOf(session));
      return session;
    },
    holds(session) {
      const digest = digestOf(session);
      return sessions.some((known) => timingSafeEqual(known, digest));
    },
  };
}

const secret = () => randomBytes(32).toString('base64url');

/** Digests have one length, which timingSafeEqual needs, and keep the secrets themselves out of memory dumps. */
const digestOf = (text: string) => createHash('sha256').update(text).digest();
