import { type AlertChange, alertChanges } from './alert.ts';
import type { FleetSummary } from './fleet-summary.ts';

/** What is said to somebody who looks at something else. `cluster`: where it leads. */
export interface Notice {
  readonly title: string;
  readonly body: string;
  readonly cluster: string;
  readonly urgent: boolean;
}

/** What was said last: the summary that everybody knows, and when (ms) each alert was last said to be raised. */
export interface Told {
  readonly summary: FleetSummary;
  readonly raisedAt: Readonly<Record<string, number>>;
}

/** So many things at once are said one by one; more of them, as when a whole site is gone, in one sentence. */
const mostAlone = 3;
/** An alert that comes back within this time (ms) is not said again: it stands on the screen. */
const quietMs = 120_000;

interface Happened extends AlertChange {
  readonly cluster: string;
}

/**
 * What to say of what changed since the last time, and what is known then. Raised and cleared is said, and nothing of an
 * alert that somebody has seen to or that came and went meanwhile.
 */
export function nextNotices(
  told: Told,
  summary: FleetSummary,
  now: number,
): { told: Told; notices: Notice[] } {
  const before = new Map(told.summary.clusters.map((cluster) => [cluster.name, cluster.alerts]));
  const raisedAt: Record<string, number> = {};
  for (const [key, at] of Object.entries(told.raisedAt)) if (now - at < quietMs) raisedAt[key] = at;
  const happened = summary.clusters.flatMap(({ name: cluster, alerts }) =>
    alertChanges(before.get(cluster) ?? [], alerts).map((change): Happened => ({ cluster, ...change })),
  );
  const keyOf = ({ cluster, alert }: Happened) => `${cluster}\n${alert.id}`;
  const news = happened.filter((each) => {
    const raised = raisedAt[keyOf(each)];
    if (each.event === 'acknowledged') return false;
    if (each.event === 'cleared') return raised === undefined || told.raisedAt[keyOf(each)] === raised;
    if (raised !== undefined) return false;
    raisedAt[keyOf(each)] = now;
    return true;
  });
  return {
    told: { summary, raisedAt },
    notices: news.length > mostAlone ? [together(news)] : news.map(alone),
  };
}

const alone = ({ cluster, event, alert }: Happened): Notice => ({
  title: event === 'raised' ? `${cluster}: ${alert.severity}` : `${cluster}: over`,
  body: event === 'raised' ? alert.message : `No longer: ${alert.message}`,
  cluster,
  urgent: event === 'raised' && alert.severity === 'critical',
});

function together(news: readonly Happened[]): Notice {
  const raised = news.filter(({ event }) => event === 'raised');
  const critical = raised.filter(({ alert }) => alert.severity === 'critical');
  const clusters = new Set(news.map(({ cluster }) => cluster));
  const [worst = news[0]] = [...critical, ...raised];
  const words = [
    raised.length > 0 && `${raised.length} alerts raised, ${critical.length} of them critical`,
    news.length > raised.length && `${news.length - raised.length} over`,
  ].filter((each) => each !== false);
  return {
    title: `${words.join('; ')}, in ${clusters.size} ${clusters.size === 1 ? 'cluster' : 'clusters'}`,
    body: worst ? `${worst.cluster}: ${worst.alert.message}` : '',
    cluster: worst?.cluster ?? '',
    urgent: critical.length > 0,
  };
}
