/** How a value is read. `path` also takes a switch: on is the daemon's own file, off none. */
type Form = 'number' | 'signed' | 'switch' | 'text' | 'path' | 'overrun';

export interface Setting {
  readonly name: string;
  readonly form: Form;
  readonly fallback?: number | boolean | string;
  /** What `on` stands for. */
  readonly on?: string | number;
}

const number = (name: string, fallback?: number): Setting => ({
  name,
  form: 'number',
  ...(fallback !== undefined && { fallback }),
});
const onOff = (name: string, fallback?: boolean): Setting => ({
  name,
  form: 'switch',
  ...(fallback !== undefined && { fallback }),
});

const bufferSize = number('netlinkBufferSize');
const maxGrowth = number('netlinkBufferSizeMaxGrowth');

/**
 * Every keyword that holds one value, from 0.9 to 1.4.9, in lower case; `block.keyword` where a block gives it another
 * meaning. Defaults: init_config() of read_config_yy.y.
 */
export const settings: ReadonlyMap<string, Setting> = new Map([
  ['hashsize', number('hashSize', 65_536)],
  ['hashlimit', number('hashLimit', 262_144)],
  ['refreshtime', number('refreshSeconds', 60)],
  ['cachetimeout', number('cacheTimeoutSeconds', 180)],
  ['committimeout', number('commitTimeoutSeconds')],
  ['purgetimeout', number('purgeSeconds', 60)],
  ['resendqueuesize', number('resendQueueSize', 131_072)],
  ['resendbuffersize', number('resendBufferSize')],
  ['ackwindowsize', number('ackWindowSize', 300)],
  ['disableinternalcache', onOff('disableInternalCache', false)],
  ['disableexternalcache', onOff('disableExternalCache', false)],
  ['startupresync', onOff('startupResync', false)],
  ['tcpwindowtracking', onOff('tcpWindowTracking', false)],
  ['expectationsync', onOff('expectationSync', false)],
  ['errorqueuelength', number('errorQueueLength', 128)],
  ['cachewritethrough', onOff('cacheWriteThrough')],
  ['relaxtransitions', onOff('relaxTransitions')],
  ['delaydestroymessages', onOff('delayDestroyMessages')],
  ['stripnat', onOff('stripNat')],
  ['destroytimeout', number('destroyTimeoutSeconds')],
  ['listento', { name: 'listenTo', form: 'text' }],
  ['family', { name: 'family', form: 'text' }],
  ['logfile', { name: 'logFile', form: 'path', on: '/var/log/conntrackd.log' }],
  ['stats.logfile', { name: 'statsLogFile', form: 'path', on: '/var/log/conntrackd-stats.log' }],
  ['syslog', { name: 'syslog', form: 'path', on: 'daemon' }],
  ['stats.syslog', { name: 'statsSyslog', form: 'path', on: 'daemon' }],
  ['logfilebuffersize', number('logFileBufferSize')],
  ['stats.netlinkeventsreliable', onOff('netlinkEventsReliable', false)],
  ['lockfile', { name: 'lockFile', form: 'text', fallback: '/var/lock/conntrackd.lock' }],
  ['unix.path', { name: 'socketPath', form: 'text' }],
  ['unix.backlog', number('socketBacklog')],
  ['netlinkbuffersize', bufferSize],
  ['socketbuffersize', bufferSize],
  ['netlinkbuffersizemaxgrowth', maxGrowth],
  ['socketbuffersizemaxgrowth', maxGrowth],
  ['socketbuffersizemaxgrown', maxGrowth],
  ['netlinkoverrunresync', { name: 'netlinkOverrunResyncSeconds', form: 'overrun', fallback: 30, on: 30 }],
  ['netlinkeventsreliable', onOff('netlinkEventsReliable', false)],
  ['eventiterationlimit', number('eventIterationLimit', 100)],
  ['pollsecs', number('pollSeconds')],
  ['nice', { name: 'nice', form: 'signed' }],
  ['systemd', onOff('systemd')],
  ['scheduler.type', { name: 'schedulerType', form: 'text' }],
  ['scheduler.priority', number('schedulerPriority')],
]);

/** Keywords of a channel, and its field. */
export const channelKeywords: ReadonlyMap<
  string,
  | 'address'
  | 'destination'
  | 'interfaceAddress'
  | 'device'
  | 'port'
  | 'sendBuffer'
  | 'receiveBuffer'
  | 'checksum'
> = new Map([
  ['ipv4_address', 'address'],
  ['ipv6_address', 'address'],
  ['ipv4_destination_address', 'destination'],
  ['ipv6_destination_address', 'destination'],
  ['ipv4_interface', 'interfaceAddress'],
  ['ipv6_interface', 'interfaceAddress'],
  ['interface', 'device'],
  ['group', 'port'],
  ['port', 'port'],
  ['sndsocketbuffer', 'sendBuffer'],
  ['rcvsocketbuffer', 'receiveBuffer'],
  ['mcastsndsocketbuffer', 'sendBuffer'],
  ['mcastrcvsocketbuffer', 'receiveBuffer'],
  ['checksum', 'checksum'],
]);
