import * as z from 'zod/mini';
import { Alert, raisedPhase } from './alert.ts';
import { type AlertState, noAlerts } from './alert-state.ts';
import { RoleMove } from './role-move.ts';

/** What of a cluster's alerts outlives a restart: those that were told, with their notes, and the move behind one of them. */
const KeptAlerts = z.object({ alerts: z.array(Alert), move: z.optional(RoleMove) });
export type KeptAlerts = z.infer<typeof KeptAlerts>;

/** By cluster. `version` is that of this format. */
const KeptFile = z.object({ version: z.literal(1), clusters: z.record(z.string(), KeptAlerts) });

export type KeptByCluster = Readonly<Record<string, KeptAlerts>>;

/** An alert as whoever counts the told ones sees it: that it may clear soon, and in how long, is left out. */
export function asFiring(alert: Alert): Alert {
  const raised = raisedPhase(alert);
  if (raised?.kind !== 'clearing') return alert;
  const { calmMs: _, ...phase } = raised;
  return { ...alert, phase: { ...phase, kind: 'firing' } };
}

export const keptOf = ({ alerts, holders: { move } }: AlertState): KeptAlerts => ({
  alerts: alerts.filter(raisedPhase).map(asFiring),
  ...(move && { move }),
});

/** Where alerts go on from: whatever was told stays told until its condition is seen to have ended. */
export const restored = (kept: KeptAlerts | undefined): AlertState =>
  kept
    ? { ...noAlerts, alerts: kept.alerts, holders: { masters: {}, ...(kept.move && { move: kept.move }) } }
    : noAlerts;

export const keptText = (clusters: KeptByCluster): string =>
  `${JSON.stringify({ version: 1, clusters } satisfies z.infer<typeof KeptFile>)}\n`;

/** Undefined for a text that is none of ours. */
export function readKept(text: string): KeptByCluster | undefined {
  try {
    const read = KeptFile.safeParse(JSON.parse(text));
    return read.success ? read.data.clusters : undefined;
  } catch {
    return undefined;
  }
}
