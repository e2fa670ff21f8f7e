import type { ServerResponse } from 'node:http';

export function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}

/** A refusal in one sentence, for whoever reads it with curl. */
export function refuse(response: ServerResponse, status: number, text: string): void {
  send(response, status, 'text/plain; charset=utf-8', `${text}\n`);
}

export function refuseMethod(response: ServerResponse, allow: string): void {
  response.setHeader('allow', allow);
  refuse(response, 405, `Only ${allow} is answered here.`);
}
