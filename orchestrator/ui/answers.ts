import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { EdgesweepError } from '../../shared/mod.ts';

/** Smaller answers gain nothing by compression. */
const SMALL = 2048;
const LONGEST_BODY = 1 << 16;

/** What a route gives. */
export type Answer = { status?: number; type: string; body: string | Uint8Array; headers?: Record<string, string> };

export const json = (value: unknown, status = 200): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
});

export const plain = (text: string, status = 200): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${text}\n`,
});

export const csvAnswer = (body: string): Answer => ({ type: 'text/csv; charset=utf-8', body });

/** A request that cannot be answered, with its status. */
export class RequestError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const missing = (what: string): RequestError => new RequestError(404, `there is no such ${what}`);

/** The status for what was thrown: what the user can repair is no failure of the server. */
export function statusOf(error: unknown): number {
  if (error instanceof RequestError) return error.status;
  return error instanceof EdgesweepError ? 422 : 500;
}

export async function send(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const { status = 200, type, body, headers = {} } = answer;
  let bytes = Buffer.from(body);
  const accepts = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  const zips = accepts && bytes.length > SMALL && !/^image\/png/.test(type);
  if (zips) bytes = await promisify(gzip)(bytes, { level: 4 });
  response.writeHead(status, {
    ...headers,
    'Content-Type': type,
    'Content-Length': bytes.length,
    ...(zips && { 'Content-Encoding': 'gzip' }),
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** @throws RequestError for a body that is too long or no JSON */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > LONGEST_BODY) throw new RequestError(413, `the request is longer than ${LONGEST_BODY} bytes`);
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw new RequestError(400, 'the request is not JSON');
  }
}
