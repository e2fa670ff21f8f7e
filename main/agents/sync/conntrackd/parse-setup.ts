import type { SyncSetup } from '../../../../shared/domain/trap-facts.ts';
import { parseConntrackdConfigFile } from './parse-config-file.ts';

/** conntrackd.conf(5) as far as known traps are concerned; what it does not set stands at the daemon's default. */
export function parseSetup(text: string, file: string): SyncSetup {
  const { mode, channels, settings } = parseConntrackdConfigFile(text).config;
  const number = (name: string): number => (typeof settings[name] === 'number' ? settings[name] : 0);
  return {
    file,
    mode,
    channels: channels.map(({ transport, address, interfaceAddress, device, port }) => ({
      transport,
      ...(address !== undefined && { address }),
      ...(interfaceAddress !== undefined && { interfaceAddress }),
      ...(device !== undefined && { device }),
      ...(port !== undefined && { port }),
    })),
    disableInternalCache: settings.disableInternalCache === true,
    disableExternalCache: settings.disableExternalCache === true,
    hashLimit: number('hashLimit'),
    startupResync: settings.startupResync === true,
    lockFile: String(settings.lockFile),
  };
}
