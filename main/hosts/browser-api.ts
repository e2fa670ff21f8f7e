import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isStreamName, type StreamName, type StreamValue } from '../../shared/contract/contract.ts';
import type { CallAnswer, CallErrorKind } from '../../shared/contract/wire.ts';
import type { Engine } from '../engine.ts';
import { answerCall, streamSender } from './answer.ts';
import { refuse } from './browser-reply.ts';
import { newestWins } from './newest-wins.ts';

/** The largest input of a call, in bytes: an inventory entry is a few hundred. */
export const bodyLimit = 256 * 1024;
const keepAliveEvery = 15_000;

const statusOf: Readonly<Record<CallErrorKind, number>> = {
  'unknown-call': 404,
  'invalid-input': 400,
  'engine-failed': 500,
  'engine-gone': 503,
};

/** `POST /api/call/NAME`: the input as JSON, answered with a {@link CallAnswer}. */
export async function serveCall(
  engine: Engine,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.headers['content-type']?.split(';')[0] !== 'application/json')
    return refuse(response, 415, 'A call takes application/json.');
  const body = await readBody(request);
  if (body === undefined) return refuse(response, 413, `A call takes at most ${bodyLimit} bytes.`);
  const input = parseJson(body);
  const answer: CallAnswer =
    input === undefined
      ? { ok: false, kind: 'invalid-input', message: 'the input is not JSON' }
      : await answerCall(engine, name, input.value);
  response.writeHead(answer.ok ? 200 : statusOf[answer.kind], { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer));
}

/** Consoles that were sent a value and have not taken it yet, by the id of their stream. */
export type Untaken = Map<string, () => void>;

/**
 * `GET /api/stream/NAME`: server-sent events, each what changed up to the newest value, as JSON, until either side hangs
 * up. The next one goes when the console has taken this one ({@link serveTaken}), by the stream's id, which every event
 * bears: what lies in the buffers between here and a busy page would grow old there.
 */
export function serveStream(engine: Engine, name: string, response: ServerResponse, untaken: Untaken): void {
  if (!isStreamName(name)) {
    refuse(response, 404, `There is no stream ${name}.`);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
  const id = randomUUID();
  const outgoing = streamSender(name);
  const offer = newestWins<StreamValue<StreamName>>((value, taken) => {
    const checked = outgoing(value);
    if (checked === undefined) return taken();
    untaken.set(id, taken);
    response.write(`id: ${id}\ndata: ${JSON.stringify(checked)}\n\n`);
  });
  const unsubscribe = engine.subscribe(name, offer);
  const keepAlive = setInterval(() => response.write(':\n\n'), keepAliveEvery);
  response.on('close', () => {
    clearInterval(keepAlive);
    untaken.delete(id);
    unsubscribe();
  });
}

/** `POST /api/taken/ID`: the console has handled the last event of its stream. Of a stream that has ended: nothing. */
export function serveTaken(id: string, response: ServerResponse, untaken: Untaken): void {
  const taken = untaken.get(id);
  untaken.delete(id);
  response.writeHead(204).end();
  taken?.();
}

/** The body, or undefined once it passes the limit; what comes after that is read and thrown away. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > bodyLimit) {
      request.resume();
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(body: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(body) };
  } catch {
    return undefined;
  }
}
