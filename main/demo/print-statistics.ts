import type { Cache } from './cache.ts';
import { resendQueueSize } from './site.ts';
import type { LinkCounters, SyncNode } from './sync.ts';

/** The forms of `conntrackd -s`, as 1.4.7 prints them in FTFW mode on a multicast link. */
export const statistics: Readonly<Record<string, (node: SyncNode, at: number) => string>> = {
  ct: ({ internal, external, link }) =>
    `${cacheBlock('internal', internal)}${cacheBlock('external', external)}traffic processed:\n` +
    `${wide(0)} Bytes      ${wide(0)} Pckts\n\n${trafficBlock('multicast traffic (active device=sync0)', link)}` +
    `message tracking:\n${wide(0)} Malformed msgs ${wide(0)} Lost msgs\n\n`,

  network: ({ link }) => {
    const received = [
      'Malformed messages',
      'Wrong protocol version',
      'Malformed header',
      'Malformed payload',
    ];
    const lines = [...received, 'Bad message type', 'Truncated message', 'Bad message size'];
    return (
      `network statistics:\n\trecv:\n${lines.map((line) => `\t\t${line}:\t${wide(0)}\n`).join('')}` +
      `\tsend:\n\t\tMalformed messages:\t${wide(0)}\n\nsequence tracking statistics:\n\trecv:\n` +
      `\t\tPackets lost:\t\t${wide(0)}\n\t\tPackets before:\t\t${wide(0)}\n\n` +
      trafficBlock('multicast traffic (active device=sync0)', link)
    );
  },

  cache: ({ internal, external }) => objectsBlock('internal', internal) + objectsBlock('external', external),

  runtime: (node, at) =>
    `daemon uptime: ${uptime(at - node.startedAt)}\n\nnetlink stats:\n` +
    `\tevents received:\t${wide(node.counts().events)}\n\tevents filtered:\t${wide(0)}\n` +
    `\tevents unknown type:\t\t${narrow(0)}\n\tcatch event failed:\t\t${narrow(0)}\n` +
    `\tdump unknown type:\t\t${narrow(0)}\n\tnetlink overrun:\t\t${narrow(0)}\n` +
    `\tflush kernel table:\t\t${narrow(0)}\n\tresync with kernel table:\t${narrow(0)}\n` +
    `\tcurrent buffer size (in bytes):\t${narrow(2_097_152)}\n\nruntime stats:\n` +
    `\tchild process failed:\t\t${narrow(0)}\n\t\tchild process segfault:\t${narrow(0)}\n` +
    `\t\tchild process termsig:\t${narrow(0)}\n\tselect failed:\t\t\t${narrow(0)}\n` +
    `\twait failed:\t\t\t${narrow(0)}\n\tlocal read failed:\t\t${narrow(0)}\n` +
    `\tlocal unknown request:\t\t${narrow(0)}\n\n`,

  link: ({ link }) => trafficBlock('multicast traffic device=sync0 status=RUNNING role=ACTIVE', link),

  queue: (node) =>
    `allocated queue nodes:\t\t${narrow(node.counts().unacknowledged)}\n\n` +
    queueBlock('txqueue', 0, 2_147_483_647) +
    queueBlock('errorq', 0, 128) +
    queueBlock('rsqueue', node.counts().unacknowledged, resendQueueSize),

  process: () => '',
  expect: () => '',
};

/** conntrackd takes any beginning of a form's name, in this order. */
const order = ['network', 'cache', 'runtime', 'link', 'process', 'queue', 'ct', 'expect'];
export const statisticsForm = (written: string): string | undefined =>
  order.find((form) => form.startsWith(written));

const narrow = (value: number): string => String(value).padStart(12);
const wide = (value: number): string => String(value).padStart(20);

const cacheBlock = (name: string, { held, created, updated, destroyed }: Cache): string =>
  `cache ${name}:\ncurrent active connections:\t${narrow(held.size)}\n` +
  `connections created:\t\t${narrow(created)}\tfailed:\t${narrow(0)}\n` +
  `connections updated:\t\t${narrow(updated)}\tfailed:\t${narrow(0)}\n` +
  `connections destroyed:\t\t${narrow(destroyed)}\tfailed:\t${narrow(0)}\n\n`;

const objectsBlock = (name: string, { held, created, updated, destroyed }: Cache): string => {
  const pair = (first: number, second: number) => `${narrow(first)}/${narrow(second)}`;
  return (
    `cache:${name}\tactive objects:\t\t${narrow(held.size)}\n` +
    `\tactive/total entries:\t\t${pair(held.size, held.size)}\n\tcreation OK/failed:\t\t${pair(created, 0)}\n` +
    `\t\tno memory available:\t${narrow(0)}\n\t\tno space left in cache:\t${narrow(0)}\n` +
    `\tupdate OK/failed:\t\t${pair(updated, 0)}\n\t\tentry not found:\t${narrow(0)}\n` +
    `\tdeletion created/failed:\t${pair(destroyed, 0)}\n\t\tentry not found:\t${narrow(0)}\n\n`
  );
};

const trafficBlock = (heading: string, link: LinkCounters): string =>
  `${heading}:\n${wide(link.bytesSent)} Bytes sent ${wide(link.bytesReceived)} Bytes recv\n` +
  `${wide(link.packetsSent)} Pckts sent ${wide(link.packetsReceived)} Pckts recv\n` +
  `${wide(0)} Error send ${wide(0)} Error recv\n\n`;

const queueBlock = (name: string, current: number, maximum: number): string =>
  `queue ${name}:\ncurrent elements:\t\t${narrow(current)}\nmaximum elements:\t\t${narrow(maximum)}\n` +
  `not enough space errors:\t${narrow(0)}\n\n`;

/** In whole minutes, larger units left out where they are nought: `3 day(s) 2 h 5 min`. */
function uptime(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  return `${days ? `${days} day(s) ` : ''}${hours ? `${hours} h ` : ''}${minutes % 60} min`;
}
