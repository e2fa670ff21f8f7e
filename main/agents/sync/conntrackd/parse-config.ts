import type { SyncAgentConfig } from '../../agent.ts';
import { parseInteger } from '../../integer.ts';

const defaultLogFile = '/var/log/conntrackd.log';
const modes: ReadonlyMap<string, SyncAgentConfig['mode']> = new Map([
  ['FTFW', 'ftfw'],
  ['NOTRACK', 'notrack'],
  ['ALARM', 'alarm'],
]);

interface Statement {
  /** The names of the blocks around it, outermost first. A block is a statement too. */
  readonly blocks: readonly string[];
  readonly words: readonly string[];
}

/** `Block words {` … `}` with a statement a line, as read_config_yy.y takes them; `#` begins a comment. */
const statements = (text: string): Statement[] => {
  const found: Statement[] = [];
  const blocks: string[] = [];
  for (const line of text.replace(/#.*$/gm, '').split(/\n|(?<=[{}])/)) {
    const words = line.replace(/[{}]/g, ' ').trim().split(/\s+/);
    if (words[0] !== '') found.push({ blocks: [...blocks], words });
    if (line.includes('{')) blocks.push(words[0] ?? '');
    if (line.includes('}')) blocks.pop();
  }
  return found;
};

const isOn = (word: string | undefined): boolean => /^(?:on|yes)$/i.test(word ?? '');

/** What of conntrackd.conf(5) bears on its figures; what it does not say stands at the daemon's own default or is absent. */
export const parseConntrackdConfig = (text: string): SyncAgentConfig => {
  const all = statements(text);
  const value = (name: string, block?: string): string | undefined =>
    all.find(
      ({ blocks, words }) =>
        words[0]?.toLowerCase() === name.toLowerCase() && (block === undefined || blocks[0] === block),
    )?.words[1];
  const number = (name: string): number | undefined => parseInteger(value(name) ?? '');

  const isStats = all.some(({ blocks, words }) => blocks.length === 0 && words[0] === 'Stats');
  const mode = modes.get(value('Mode', 'Sync') ?? '') ?? (isStats ? 'stats' : 'unknown');
  const logFile = value('LogFile', 'General');
  const [ackWindowSize, resendQueueSize, refreshSeconds, purgeSeconds] = [
    number('ACKWindowSize'),
    number('ResendQueueSize'),
    number('RefreshTime'),
    number('PurgeTimeout'),
  ];
  const startupResync = value('StartupResync');
  return {
    mode,
    ...(logFile !== undefined &&
      !/^(?:off|no)$/i.test(logFile) && {
        logFile: isOn(logFile) ? defaultLogFile : logFile,
      }),
    disableInternalCache: isOn(value('DisableInternalCache')),
    disableExternalCache: isOn(value('DisableExternalCache')),
    ...(ackWindowSize !== undefined && { ackWindowSize }),
    ...(resendQueueSize !== undefined && { resendQueueSize }),
    ...(refreshSeconds !== undefined && { refreshSeconds }),
    ...(purgeSeconds !== undefined && { purgeSeconds }),
    ...(startupResync !== undefined && { startupResync: isOn(startupResync) }),
  };
};
