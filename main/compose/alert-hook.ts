import type { Clock } from '../../shared/lib/clock.ts';
import type { AlertFile } from '../alerts/alert-file.ts';
import { type AlertHook, alertHook } from '../alerts/hook.ts';
import type { Fleet } from '../cluster/fleet.ts';
import { currentAlertCommand } from '../inventory/alert-command.ts';

/** The inventory's command for alerts, run by what watches all day; a failure of it is an event of the cluster. */
export function openHook(inventoryPath: string, fleet: Fleet, told: AlertFile, clock: Clock): AlertHook {
  return alertHook(
    currentAlertCommand(inventoryPath),
    clock,
    (cluster, message) =>
      fleet.get(cluster)?.put({
        kind: 'event',
        event: { kind: 'alert', severity: 'warning', message, source: 'alert command' },
      }),
    (cluster) => told.of(cluster)?.alerts ?? [],
  );
}
