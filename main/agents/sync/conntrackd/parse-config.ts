import type { SyncAgentConfig } from '../../agent.ts';
import { parseConntrackdConfigFile } from './parse-config-file.ts';

/** What of conntrackd.conf(5) bears on its figures; what it does not say stands at the daemon's own default or is absent. */
export const parseConntrackdConfig = (text: string): SyncAgentConfig => {
  const { mode, settings, lines, filter } = parseConntrackdConfigFile(text).config;
  const given = (name: string) => (lines[name] === undefined ? undefined : settings[name]);
  const number = <Name extends string>(name: Name): { [Key in Name]?: number } => {
    const value = given(name);
    return typeof value === 'number' ? ({ [name]: value } as { [Key in Name]?: number }) : {};
  };
  const logFile = given('logFile');
  const hashLimit = settings.hashLimit;
  const { expectationSync = false } = settings;
  const startupResync = given('startupResync');
  return {
    mode,
    ...(typeof logFile === 'string' && { logFile }),
    disableInternalCache: given('disableInternalCache') === true,
    disableExternalCache: given('disableExternalCache') === true,
    ...number('ackWindowSize'),
    ...number('resendQueueSize'),
    ...number('refreshSeconds'),
    ...number('purgeSeconds'),
    ...(typeof hashLimit === 'number' && { cacheLimit: hashLimit }),
    ...(filter && { filter }),
    expectationSync: Array.isArray(expectationSync) ? expectationSync : expectationSync === true,
    ...(startupResync !== undefined && { startupResync: startupResync === true }),
  };
};
