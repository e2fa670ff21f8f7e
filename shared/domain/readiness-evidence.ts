import type { Reading } from '../lib/reading.ts';
import type { NodeSnapshot } from './cluster-snapshot.ts';
import type { Gate, GateCode } from './readiness.ts';
import { gateRemedies } from './readiness-remedies.ts';
import type { LossBaseline } from './sync-losses.ts';

/** What a slave's readiness is judged from. Readings come with their age; none is taken for the present without it. */
export interface ReadinessEvidence {
  readonly node: NodeSnapshot;
  /** The node whose connections it would carry on; absent while none is known. */
  readonly master: NodeSnapshot | undefined;
  readonly nodes: readonly NodeSnapshot[];
  /** Instances with more than one master, or with none although every node was read: seen twice. */
  readonly splitBrain: readonly string[];
  readonly masterless: readonly string[];
  readonly losses: LossBaseline | undefined;
  readonly masterLosses: LossBaseline | undefined;
  readonly now: number;
}

type Origin = { readonly observedAt: number; readonly source: string } | undefined;

/** Makes a gate; `origin`: the reading that it rests on. */
export const gate = (code: GateCode, result: Gate['result'], message: string, origin: Origin): Gate => ({
  code,
  result,
  message,
  ...(result === 'fail' && { remedy: gateRemedies[code] }),
  ...(origin && { observedAt: origin.observedAt, source: origin.source }),
});

/** A reading that is not there, or failed: nothing is known, and the remedy says what would make it known. */
export function unread(code: GateCode, what: string, reading: Reading<unknown> | undefined): Gate {
  if (!reading || reading.ok) return gate(code, 'unknown', `${what} has not been read yet`, reading);
  const { message, remedy } = reading.failure;
  const help = remedy === undefined ? '' : `. ${remedy}`;
  return gate(code, 'unknown', `${what} cannot be read: ${message}${help}`, reading);
}
