import * as z from 'zod/mini';
import { once } from './once.ts';

/**
 * Why something could not be read. Each is a different thing to an operator, with a different remedy:
 *
 * - `unreachable`     no answer at all: dead link, powered-off host, no route
 * - `refused`         the host answered, nothing listens on its SSH port: sshd is stopped
 * - `login-refused`   sshd is there and does not take our key
 * - `host-key`        the host key is unknown or changed, so nothing was sent
 * - `no-permission`   logged in, but the command is not allowed (a missing sudo rule, a login without sudo)
 * - `not-installed`   the program is not on the node
 * - `not-running`     the program is there, its daemon is not
 * - `timed-out`       a command or a channel missed its deadline
 * - `unreadable`      an answer came and could not be understood (or was cut at its byte cap)
 */
export const FailureKind = z.enum([
  'unreachable',
  'refused',
  'login-refused',
  'host-key',
  'no-permission',
  'not-installed',
  'not-running',
  'timed-out',
  'unreadable',
]);
export type FailureKind = z.infer<typeof FailureKind>;

export const Failure = z.object({
  kind: FailureKind,
  /** One sentence: what happened, with the program, path, host or fingerprint concerned. Never a secret. */
  message: z.string(),
  /** What the operator can do next, when we know. */
  remedy: z.optional(z.string()),
  /** The encrypted key file whose passphrase would help. */
  lockedKey: z.optional(z.string()),
});
export type Failure = z.infer<typeof Failure>;

/** Failures of the session as a whole: while one stands, nothing of the node can be read. */
export const sessionFailureKinds: readonly FailureKind[] = [
  'unreachable',
  'refused',
  'login-refused',
  'host-key',
];

/** A value with its age and its source, or the typed reason why there is none. Nothing else ever says "unknown". */
export type Reading<T> =
  | { readonly ok: true; readonly value: T; readonly observedAt: number; readonly source: string }
  | { readonly ok: false; readonly failure: Failure; readonly observedAt: number; readonly source: string };

/** The schema of a reading. `observedAt`: milliseconds since the epoch; `source`: the command that produced it. */
export const readingOf = <T extends z.core.$ZodType>(value: T) =>
  once(
    z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), value, observedAt: z.number(), source: z.string() }),
      z.object({ ok: z.literal(false), failure: Failure, observedAt: z.number(), source: z.string() }),
    ]),
  );

/** The value of a reading, or undefined where it failed or was never taken. */
export const readingValue = <T>(reading: Reading<T> | undefined): T | undefined =>
  reading?.ok ? reading.value : undefined;
