import { app, Menu, type NativeImage, nativeImage, Tray } from 'electron';
import type { FleetSummary } from '../shared/domain/fleet-summary.ts';
import type { Verdict } from '../shared/domain/health.ts';
import { trayBitmap } from './tray-icon.ts';
import { trayModel, trayTitle } from './tray-model.ts';

/** Of the icon's side, in points: what panels of all platforms take. */
const side = 22;

/** The worst verdict of all clusters, where it is seen while the window is not. A click opens the console. */
export function showTray(show: (cluster?: string) => void): {
  update(summary: FleetSummary | undefined): void;
} {
  const first = trayModel(undefined);
  const tray = new Tray(iconOf(first.verdict));
  tray.on('click', () => show());
  let said = '';
  const update = (summary: FleetSummary | undefined) => {
    const model = trayModel(summary);
    const text = JSON.stringify(model);
    // A menu that is set anew closes under the pointer.
    if (text === said) return;
    said = text;
    tray.setImage(iconOf(model.verdict));
    tray.setToolTip(model.tip);
    tray.setTitle(trayTitle(model));
    tray.setContextMenu(
      Menu.buildFromTemplate([
        ...model.lines.map(({ label, cluster }) => ({
          label,
          enabled: cluster !== undefined,
          click: () => show(cluster),
        })),
        { type: 'separator' },
        { label: 'Open Handover', click: () => show() },
        { label: 'Quit Handover', click: () => app.quit() },
      ]),
    );
  };
  update(undefined);
  return { update };
}

function iconOf(verdict: Verdict): NativeImage {
  const icon = nativeImage.createEmpty();
  for (const scaleFactor of [1, 2]) {
    const size = side * scaleFactor;
    const buffer = Buffer.from(trayBitmap(verdict, size));
    icon.addRepresentation({
      scaleFactor,
      width: size,
      height: size,
      buffer: nativeImage.createFromBitmap(buffer, { width: size, height: size }).toPNG(),
    });
  }
  return icon;
}
