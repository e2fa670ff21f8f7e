import type { GroupBy, Groups } from '../../../shared/domain/connection-groups.ts';
import { formatBytes, formatCount, formatShare } from '../../../shared/domain/format.ts';

export type Measure = 'connections' | 'bytes' | 'packets';

export const groupTitles: Readonly<Record<GroupBy, string>> = {
  src: 'Source',
  dst: 'Destination',
  service: 'Service',
  protocol: 'Protocol',
  state: 'State',
  zone: 'Zone',
  nat: 'NAT address',
};

export const measureTitles: Readonly<Record<Measure, string>> = {
  connections: 'Connections',
  bytes: 'Bytes',
  packets: 'Packets',
};

/** As many talkers as a panel shows without scrolling. */
export const shownGroups = 12;

/** One line of the panel: what the bar's length and the table's cells are. */
export interface Talker {
  readonly label: string;
  /** What selects it; undefined for what is left over. */
  readonly filter: string | undefined;
  readonly value: number;
  readonly text: string;
  readonly share: string;
}

/** Undefined where the node does not count what is asked for. */
export function talkers({ groups, others, total }: Groups, measure: Measure): Talker[] | undefined {
  const whole = total[measure];
  if (whole === undefined) return undefined;
  const talker = (label: string, filter: string | undefined, value = 0): Talker => ({
    label,
    filter,
    value,
    text: measure === 'bytes' ? formatBytes(value) : formatCount(value),
    share: whole === 0 ? '' : formatShare(value / whole),
  });
  return [
    ...groups.map((group) => talker(group.label, group.filter, group[measure])),
    ...(others.connections > 0 ? [talker('all others', undefined, others[measure])] : []),
  ];
}
