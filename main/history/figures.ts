import type { NodeSnapshot } from '../../shared/domain/cluster-snapshot.ts';
import { everySecond, freshnessOf } from '../../shared/domain/freshness.ts';
import { FigureName, KeptLagKind } from '../../shared/domain/history.ts';
import type { Reading } from '../../shared/lib/reading.ts';

/** Every figure that is kept, in the order of a `Summary`. The kind of the lag is kept as its place in `lagKinds`. */
export const figureNames = [...FigureName.options, 'lagKind'] as const;

/** The columns of a figure: its lowest, its highest and its last value. */
export const columnsOf = (name: string): readonly [string, string, string] => {
  const column = name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
  return [`${column}_low`, `${column}_high`, column];
};
export const lagKinds = KeptLagKind.options;

/** One value a figure, in the order of `figureNames`; null: not known. */
export type Values = readonly (number | null)[];

/** Only what is known at `now` counts: a node that cannot be read leaves a gap, and so does a reading grown old. */
export function figuresOf(node: NodeSnapshot, now: number): Values {
  const { readings } = node;
  const known = <T>(reading: Reading<T> | undefined): T | undefined =>
    node.reachable && reading?.ok && freshnessOf(now - reading.observedAt, everySecond) !== 'expired'
      ? reading.value
      : undefined;
  const synced = known(readings.agent) !== undefined;
  const rates = synced ? node.rates : undefined;
  const replication = synced ? node.replication : undefined;
  const kind = replication && (lagKinds as readonly string[]).indexOf(replication.lag.kind);
  const values: Record<(typeof figureNames)[number], number | undefined> = {
    connections: known(readings.connections),
    tableLimit: node.reachable && readings.connectionsMax?.ok ? readings.connectionsMax.value : undefined,
    replicated: replication?.replicated,
    coverage: replication?.coverage.value,
    coverageError: replication?.coverage.errorBar,
    excess: replication?.excess,
    lag: replication?.lag.seconds,
    lagResolution: replication?.lag.resolution,
    backlog: replication?.backlog,
    messagesSent: rates?.messagesSent,
    messagesReceived: rates?.messagesReceived,
    bytesSent: rates && Math.round(rates.bytesSent),
    bytesReceived: rates && Math.round(rates.bytesReceived),
    lagKind: kind === -1 ? undefined : kind,
  };
  return figureNames.map((name) => {
    const value = values[name];
    return value !== undefined && Number.isFinite(value) ? value : null;
  });
}
