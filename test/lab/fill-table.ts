/** Fills a node's table with connections that no packet belongs to. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { enter } from './spaces.ts';

const clients = 50_021;
const portSpan = 64_000;
const natAddresses = 250;
const linesAPiece = 2_000;
const states = [
  'ESTABLISHED',
  'ESTABLISHED',
  'ESTABLISHED',
  'TIME_WAIT',
  'SYN_SENT',
  'CLOSE_WAIT',
  'FIN_WAIT',
];
const ports = [443, 80, 53, 22, 8443, 3306, 25, 123];
/** Longer than anything that fills a table, in seconds. */
const leastTimeout = 3_600;

export interface Flow {
  readonly src: string;
  readonly dst: string;
  readonly sport: number;
  readonly dport: number;
  readonly protocol: 'tcp' | 'udp';
}

/** Of a number, another one that looks random (a step of Knuth's multiplicative hash). */
const scatter = (row: number, of: number): number => (Math.imul(row + 1, 0x9e37_79b1) >>> 0) % of;

/** The connection of this number: no two of them are alike, in either direction. */
export function flowOf(row: number): Flow {
  const client = row % clients;
  const server = scatter(row, 4_000);
  const isV6 = row % 20 === 0;
  return {
    src: isV6
      ? `2001:db8::${(client + 1).toString(16)}`
      : `10.${64 + (client >> 16)}.${(client >> 8) & 255}.${client & 255}`,
    dst: isV6 ? `2001:db8:1::${(server + 1).toString(16)}` : `10.128.${server >> 8}.${server & 255}`,
    sport: 1_024 + ((Math.floor(row / clients) * 97 + client) % portSpan),
    dport: ports[scatter(row, 0x7fff) % ports.length] ?? 443,
    protocol: row % 3 === 0 ? 'udp' : 'tcp',
  };
}

/** As `conntrack -R` takes it: most TCP, a third UDP, every twentieth IPv6, and of every seventh the source translated. */
function lineOf(row: number): string {
  const { src, dst, sport, dport, protocol } = flowOf(row);
  const isTranslated = row % 7 === 0 && row % 20 !== 0;
  const [backTo, backPort] = isTranslated
    ? [`198.51.100.${row % natAddresses}`, 1_024 + (Math.floor(row / natAddresses) % portSpan)]
    : [src, sport];
  const state = states[row % states.length] ?? 'ESTABLISHED';
  const flags = state === 'SYN_SENT' ? '' : ' -u SEEN_REPLY,ASSURED';
  return `-A -p ${protocol} -s ${src} -d ${dst} -r ${dst} -q ${backTo} --sport ${sport} --dport ${dport} --reply-port-src ${dport} --reply-port-dst ${backPort}${protocol === 'tcp' ? ` --state ${state}` : ''}${flags} -t ${leastTimeout + scatter(row, 86_400)} -m ${row % 4}\n`;
}

function* linesOf(first: number, end: number): Generator<string> {
  for (let row = first; row < end; row += linesAPiece)
    yield Array.from({ length: Math.min(linesAPiece, end - row) }, (_, index) => lineOf(row + index)).join(
      '',
    );
}

/** Puts the connections of these numbers into a node's table, some 80,000 a second. */
export async function fillTable(node: string, first: number, end: number): Promise<void> {
  // conntrack opens its input by name, which a socket does not have: what Node gives a child is one
  const [program = '', ...words] = [...enter(node, 'node'), 'sh', '-c', 'cat | conntrack -R -'];
  const conntrack = spawn(program, words, { stdio: ['pipe', 'ignore', 'pipe'] });
  const ended = once(conntrack, 'exit');
  let said = '';
  conntrack.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-1_000);
  });
  await pipeline(Readable.from(linesOf(first, end)), conntrack.stdin).catch(() => undefined);
  const [code] = await ended;
  if (code !== 0) throw new Error(`the table of ${node} could not be filled: ${said.trim()}`);
}
