import type { FleetSummary } from '../shared/domain/fleet-summary.ts';
import { type Verdict, worstVerdict } from '../shared/domain/health.ts';

/** What the tray says: the worst verdict as a word, and a line a cluster, worst first. */
export interface TrayModel {
  readonly verdict: Verdict;
  readonly tip: string;
  readonly lines: readonly { readonly label: string; readonly cluster?: string }[];
}

const words: Readonly<Record<Verdict, string>> = {
  ok: 'OK',
  warning: 'Warning',
  critical: 'Critical',
  unknown: 'Unknown',
};
const order: readonly Verdict[] = ['critical', 'unknown', 'warning', 'ok'];
/** A menu of more lines than this does not fit a screen. */
const mostLines = 20;
/** A line of a menu that is longer than this (characters) is cut. */
const longest = 90;

/** `undefined`: the engine is away, so nothing is known. */
export function trayModel(summary: FleetSummary | undefined): TrayModel {
  if (summary === undefined) return only('unknown', 'the engine is away');
  const { clusters } = summary;
  if (clusters.length === 0) return only('unknown', 'no cluster yet');
  const sorted = clusters.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  const verdict = worstVerdict(clusters.map((cluster) => cluster.verdict));
  const alerts = clusters.reduce((sum, cluster) => sum + cluster.alerts.length, 0);
  const [worst] = sorted;
  const what = verdict === 'ok' ? `all ${clusters.length} clusters` : `${worst?.name}: ${worst?.sentence}`;
  const raised = alerts === 0 ? '' : `\n${alerts} ${alerts === 1 ? 'alert' : 'alerts'} raised`;
  const lines = sorted.slice(0, mostLines).map(({ name, verdict: each, sentence }) => ({
    label: cut(sentence === '' ? `${words[each]} – ${name}` : `${words[each]} – ${name}: ${sentence}`),
    cluster: name,
  }));
  const more = clusters.length - lines.length;
  return {
    verdict,
    tip: `Handover: ${words[verdict]}\n${cut(what)}${raised}`,
    lines: more > 0 ? [...lines, { label: `${more} more clusters` }] : lines,
  };
}

const only = (verdict: Verdict, why: string): TrayModel => ({
  verdict,
  tip: `Handover: ${words[verdict]}\n${why}`,
  lines: [{ label: `${words[verdict]} – ${why}` }],
});

const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);

/** The word beside the icon, where the platform shows one: only for what is not well. */
export const trayTitle = ({ verdict }: TrayModel): string => (verdict === 'ok' ? '' : words[verdict]);
