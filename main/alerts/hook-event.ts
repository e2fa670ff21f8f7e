import { type AlertChange, raisedPhase } from '../../shared/domain/alert.ts';
import type { ClusterSnapshot } from '../../shared/domain/cluster-snapshot.ts';

/**
 * What the operator's command reads: one JSON object, one line. Instants are ISO 8601. A field is only ever added; what
 * is not known is absent. An alert that still stands after a restart of Handover is not raised again.
 */
export interface HookEvent {
  readonly version: 1;
  readonly event: AlertChange['event'];
  readonly at: string;
  readonly cluster: string;
  readonly environment?: string;
  readonly verdict: string;
  readonly alert: {
    readonly id: string;
    readonly name: string;
    readonly severity: string;
    readonly node?: string | undefined;
    readonly message: string;
    readonly remedy?: string | undefined;
    readonly since: string;
    readonly raisedAt?: string;
    readonly acknowledged?: { readonly at: string; readonly note: string };
  };
}

export function hookEvent(
  { name, environment, verdict }: ClusterSnapshot,
  { event, alert }: AlertChange,
  now: number,
): HookEvent {
  const { phase: _, since, ...rest } = alert;
  const raised = raisedPhase(alert);
  const acknowledged = raised?.acknowledged;
  return {
    version: 1,
    event,
    at: iso(now),
    cluster: name,
    ...(environment && { environment }),
    verdict,
    alert: {
      ...rest,
      since: iso(since),
      ...(raised && { raisedAt: iso(raised.raisedAt) }),
      ...(acknowledged && { acknowledged: { at: iso(acknowledged.at), note: acknowledged.note } }),
    },
  };
}

const iso = (at: number): string => new Date(at).toISOString();
