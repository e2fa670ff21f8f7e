import { app, Menu, type MenuItemConstructorOptions, shell } from 'electron';

/** The application's menu, with each platform's usual shortcuts. */
export function installMenu(inventoryPath: string): void {
  const isMac = process.platform === 'darwin';
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const about: MenuItemConstructorOptions = { role: 'about', label: `About ${app.getName()}` };
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        {
          label: 'Show Inventory &File in Folder',
          accelerator: 'CmdOrCtrl+Shift+I',
          click: () => shell.showItemInFolder(inventoryPath),
        },
        separator,
        isMac ? { role: 'close' } : { role: 'quit', accelerator: 'Ctrl+Q' },
      ],
    },
    {
      label: '&Edit',
      submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, separator, { role: 'selectAll' }],
    },
    {
      label: '&View',
      submenu: [
        { role: 'reload' },
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [separator, { role: 'toggleDevTools', accelerator: 'F12' } as const]),
      ],
    },
    {
      label: '&Window',
      submenu: [{ role: 'minimize' }, { role: 'zoom' }, ...(isMac ? [] : [{ role: 'close' } as const])],
    },
    ...(isMac ? [] : [{ label: '&Help', submenu: [about] }]),
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
