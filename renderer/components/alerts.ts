import { alertChanges, raisedPhase } from '../../shared/domain/alert.ts';
import type { FleetSnapshot } from '../../shared/domain/cluster-snapshot.ts';

/** How many alerts are raised that nobody has acknowledged. */
export const openAlerts = (fleet: FleetSnapshot | undefined): number =>
  (fleet?.clusters ?? [])
    .flatMap(({ alerts = [] }) => alerts.map(raisedPhase))
    .filter((raised) => raised && !raised.acknowledged).length;

const changeWords = { raised: 'alert', cleared: 'alert over', acknowledged: 'acknowledged' } as const;

/** What screen readers are told of the step from one snapshot to the next: verdicts and alerts that changed. */
export function announcementsOf(before: FleetSnapshot, after: FleetSnapshot): string[] {
  const known = new Map(before.clusters.map((cluster) => [cluster.name, cluster]));
  return after.clusters.flatMap(({ name, verdict, sentence, alerts = [] }) => {
    const old = known.get(name);
    if (old === undefined) return [];
    return [
      ...(old.verdict === verdict ? [] : [`${name}: ${verdict}. ${sentence}`]),
      ...alertChanges(old.alerts ?? [], alerts).map(
        ({ event, alert }) => `${name}: ${changeWords[event]}: ${alert.message}`,
      ),
    ];
  });
}
