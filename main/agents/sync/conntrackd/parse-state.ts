import type { BigInteger } from '../../../../shared/domain/connection.ts';
import type {
  CacheCounters,
  SyncAgentState,
  SyncChannel,
  SyncMode,
} from '../../../../shared/domain/replication.ts';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import type { SyncAgentConfig } from '../../agent.ts';
import { type ParseError, parseError } from '../../parse-error.ts';
import { parseConntrackdStatistics } from './parse-statistics.ts';
import type { CacheStatistics, ChannelStatistics, ConntrackdStatistics, Figures } from './statistics.ts';

const number = (value: BigInteger | undefined): number => Number(value ?? 0);
const optional = (value: BigInteger | undefined): number | undefined =>
  value === undefined ? undefined : Number(value);

const counters = (general: Figures, extended: Figures | undefined): CacheCounters => {
  const active = optional(general.active);
  const total = optional(extended?.totalEntries);
  return {
    ...(active !== undefined && { active }),
    ...(total !== undefined && { total }),
    created: number(general.created ?? general.new),
    updated: number(general.updated),
    destroyed: number(general.destroyed),
    failed: number(general.createdFailed),
  };
};

const channel = ({
  transport,
  device,
  status,
  role,
  server,
  client,
  figures,
}: ChannelStatistics): SyncChannel => ({
  transport,
  ...(server !== undefined && { receives: server === 'connected' }),
  ...(client !== undefined && { sends: client === 'connected' }),
  device: device ?? 'unknown',
  status: status ?? 'unknown',
  // only `-s link` names channels that are not in use
  active: role === undefined || role === 'ACTIVE',
  bytesSent: number(figures.bytesSent),
  bytesReceived: number(figures.bytesReceived),
  packetsSent: number(figures.packetsSent),
  packetsReceived: number(figures.packetsReceived),
  errorsSent: number(figures.errorsSent),
  errorsReceived: number(figures.errorsReceived),
});

const backlog = (queues: Record<string, Figures>): NonNullable<SyncAgentState['backlog']> => ({
  ...(queues.rsqueue && { resend: number(queues.rsqueue.currentElements) }),
  transmit: number(queues.txqueue?.currentElements),
  overflowed: number(queues.rsqueue?.notEnoughSpaceErrors) + number(queues.txqueue?.notEnoughSpaceErrors),
});

/** `-s link` tells of every channel, but only the other forms whether the one in use is connected. */
const channels = (
  link: readonly ChannelStatistics[] | undefined,
  inUse: readonly ChannelStatistics[],
): SyncChannel[] =>
  (link ?? inUse).map((each) => {
    const same = inUse.find(({ device }) => device === each.device);
    return channel({ ...same, ...each });
  });

/**
 * Only FTFW keeps a queue of what it may have to send again, and only NOTRACK goes without an internal cache; NOTRACK
 * and ALARM look alike from outside.
 */
const modeOf = (
  queues: Record<string, Figures> | undefined,
  caches: ConntrackdStatistics['caches'],
  configured: SyncMode,
): SyncMode => {
  if (caches?.stats !== undefined) return 'stats';
  if (queues?.rsqueue !== undefined) return 'ftfw';
  if (caches?.internal?.kind === 'bypass') return 'notrack';
  return configured === 'ftfw' && queues !== undefined ? 'unknown' : configured;
};

/** The general form ends with its messages, so that without them it broke off; statistics alone have none. */
const isWhole = ({ caches, messages }: ConntrackdStatistics): boolean =>
  caches?.stats !== undefined || (messages?.malformed !== undefined && messages.lost !== undefined);

const hasAll = (sections: readonly Figures[] | undefined, ...names: readonly string[]): boolean =>
  sections?.every((figures) => names.every((name) => figures[name] !== undefined)) ?? false;

/** What is given again as it is, poll after poll, is read once. */
const readBefore = new WeakMap<readonly string[], readonly ConntrackdStatistics[]>();

const statisticsIn = (answers: readonly string[]): readonly ConntrackdStatistics[] =>
  answers
    .filter((text) => text.endsWith('\n'))
    .flatMap(parseConntrackdStatistics)
    .flatMap((dump) => (dump.ok ? [dump.value] : []));

const statisticsKept = (answers: readonly string[]): readonly ConntrackdStatistics[] => {
  const statistics = readBefore.get(answers) ?? statisticsIn(answers);
  readBefore.set(answers, statistics);
  return statistics;
};

/**
 * Joins what the forms of `conntrackd -s` said; without the general form there is no state. conntrackd ends with status
 * 0 also where the daemon died in the middle of its answer: what broke off is left out, since its figures would be zero.
 */
export const parseConntrackdState = (
  answers: readonly string[],
  { mode = 'unknown', ackWindowSize, refreshSeconds }: Partial<SyncAgentConfig> = {},
  kept: readonly string[] = [],
): Result<SyncAgentState, ParseError> => {
  const dumps = [...statisticsIn(answers), ...statisticsKept(kept)];
  const form = (name: ConntrackdStatistics['form']): ConntrackdStatistics | undefined =>
    dumps.find((dump) => dump.form === name);
  const general = form('general');
  if (general === undefined || !isWhole(general)) {
    const expected = 'the statistics of conntrackd -s, up to their last line';
    return err(parseError(1, answers.join('\n').trim().split('\n')[0] ?? '', expected));
  }

  const [network, extended, runtime] = [form('network'), form('cache'), form('runtime')];
  const link = form('link')?.channels;
  const links = hasAll(
    link?.map(({ figures }) => figures),
    'bytesSent',
    'packetsSent',
    'errorsSent',
  )
    ? link
    : undefined;
  const queue = form('queue')?.queues;
  const queues = hasAll(queue && Object.values(queue), 'currentElements', 'notEnoughSpaceErrors')
    ? queue
    : undefined;
  const cacheOf = (name: string): { kind: CacheStatistics['kind']; counters: CacheCounters } | undefined => {
    const cache = general.caches?.[name];
    return (
      cache && { kind: cache.kind, counters: counters(cache.figures, extended?.caches?.[name]?.figures) }
    );
  };
  const internal = cacheOf('internal') ?? cacheOf('stats');
  const external = cacheOf('external');
  const before = optional(network?.sequence?.packetsBefore);
  const netlinkOverruns = optional(runtime?.netlink?.netlinkOverrun);

  return ok({
    mode: modeOf(queues, general.caches, mode),
    internal:
      internal && internal.kind !== 'inject' ? { ...internal, kind: internal.kind } : { kind: 'absent' },
    external:
      external && external.kind !== 'bypass' ? { ...external, kind: external.kind } : { kind: 'absent' },
    channels: channels(links, general.channels ?? network?.channels ?? []),
    ...(queues && { backlog: backlog(queues) }),
    malformed: number(general.messages?.malformed ?? network?.received?.malformedMessages),
    lost: number(general.messages?.lost ?? network?.sequence?.packetsLost),
    ...(before !== undefined && { before }),
    ...(netlinkOverruns !== undefined && { netlinkOverruns }),
    ...(runtime?.uptimeMinutes !== undefined && { uptimeMinutes: runtime.uptimeMinutes }),
    ...(ackWindowSize !== undefined && { ackWindow: ackWindowSize }),
    ...(refreshSeconds !== undefined && { refreshSeconds }),
  });
};
