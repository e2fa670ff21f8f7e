import * as z from 'zod/mini';
import { Alert, raisedPhase } from './alert.ts';
import { asFiring } from './alert-kept.ts';
import type { FleetSnapshot } from './cluster-snapshot.ts';
import { Verdict } from './health.ts';

/** What whoever does not look at the console is told: verdicts, what is wrong, and the alerts that are raised. */
export const FleetSummary = z.object({
  clusters: z.array(
    z.object({
      name: z.string(),
      verdict: Verdict,
      /** Empty where all is well: what moves every second would be news every second. */
      sentence: z.string(),
      alerts: z.array(Alert),
    }),
  ),
});
export type FleetSummary = z.infer<typeof FleetSummary>;

export const summaryOf = ({ clusters }: FleetSnapshot): FleetSummary => ({
  clusters: clusters.map(({ name, verdict, sentence, alerts = [] }) => ({
    name,
    verdict,
    sentence: verdict === 'ok' ? '' : sentence,
    alerts: alerts.filter(raisedPhase).map(asFiring),
  })),
});
