import { describe, expect, it } from 'vitest';
import { defaultInventoryPath, stateDir } from '../../../main/inventory/paths.ts';

describe('where the inventory and the state lie by default', () => {
  it.each([
    ['linux', {}, '/home/kim/.config/handover/clusters.yaml', '/home/kim/.local/state/handover'],
    [
      'linux',
      { XDG_CONFIG_HOME: '/etc/kim', XDG_STATE_HOME: '/var/kim' },
      '/etc/kim/handover/clusters.yaml',
      '/var/kim/handover',
    ],
    [
      'linux',
      { XDG_CONFIG_HOME: 'relative', XDG_STATE_HOME: '' },
      '/home/kim/.config/handover/clusters.yaml',
      '/home/kim/.local/state/handover',
    ],
    [
      'darwin',
      { XDG_CONFIG_HOME: '/ignored' },
      '/home/kim/Library/Application Support/handover/clusters.yaml',
      '/home/kim/Library/Application Support/handover',
    ],
  ] as const)('on %s with %o', (platform, env, inventory, state) => {
    expect(defaultInventoryPath(env, platform, '/home/kim')).toBe(inventory);
    expect(stateDir(env, platform, '/home/kim')).toBe(state);
  });

  it('on Windows, with backslashes whatever machine asks', () => {
    const home = 'C:\\Users\\kim';
    expect(defaultInventoryPath({}, 'win32', home)).toBe(
      'C:\\Users\\kim\\AppData\\Roaming\\handover\\clusters.yaml',
    );
    expect(defaultInventoryPath({ APPDATA: 'D:\\roam' }, 'win32', home)).toBe(
      'D:\\roam\\handover\\clusters.yaml',
    );
    expect(stateDir({ LOCALAPPDATA: 'D:\\local' }, 'win32', home)).toBe('D:\\local\\handover');
  });
});
