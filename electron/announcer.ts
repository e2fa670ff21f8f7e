import { Notification } from 'electron';
import { nextNotices, type Told } from '../shared/domain/alert-notice.ts';
import type { FleetSummary } from '../shared/domain/fleet-summary.ts';

/** What happens within this time (ms) is said together; what came and went within it, not at all. */
const gatherMs = 1_500;

/** Tells on the desktop what alerts are raised and over. What stood when Handover started is no news. */
export function announcer(show: (cluster: string) => void): {
  update(summary: FleetSummary | undefined): void;
} {
  let told: Told | undefined;
  let newest: FleetSummary | undefined;
  let gathering = false;
  // A notification that nobody holds is collected, and its click with it.
  const shown = new Set<Notification>();

  const say = () => {
    gathering = false;
    if (told === undefined || newest === undefined) return;
    const next = nextNotices(told, newest, Date.now());
    told = next.told;
    if (!Notification.isSupported()) return;
    for (const { title, body, cluster, urgent } of next.notices) {
      const notification = new Notification({ title, body, urgency: urgent ? 'critical' : 'normal' });
      const forget = () => shown.delete(notification);
      notification.on('click', () => {
        forget();
        show(cluster);
      });
      notification.on('close', forget);
      notification.on('failed', forget);
      shown.add(notification);
      notification.show();
    }
  };
  return {
    update: (summary) => {
      // While the engine is away nothing is raised or over.
      if (summary === undefined) return;
      newest = summary;
      told ??= { summary, raisedAt: {} };
      if (gathering) return;
      gathering = true;
      setTimeout(say, gatherMs);
    },
  };
}
