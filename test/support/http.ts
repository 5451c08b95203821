import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cleanLater } from './folders.ts';

export type FileServer = {
  /** with a slash at the end */
  readonly url: string;
  /** the requests so far: path, and the headers that ask for a part */
  readonly requests: { path: string; range: string | undefined; ifRange: string | undefined }[];
};

export type FileServerOptions = {
  etag?: string;
  /** sends all, whatever part is asked for */
  ignoreRange?: boolean;
  /** breaks the connection after so many bytes of each answer */
  breakAfter?: number;
  /** marks no file as packed; default: every file is marked, as some servers do, and has to be left packed */
  plain?: boolean;
  /** answers instead, if it returns true */
  answer?(request: IncomingMessage, response: ServerResponse): boolean;
};

/** An HTTP server of the test's own with these files. */
export async function startHttp(
  files: ReadonlyMap<string, Uint8Array>,
  options: FileServerOptions = {},
): Promise<FileServer> {
  const { etag, ignoreRange = false, plain = false, breakAfter, answer = () => false } = options;
  const encoding = plain ? {} : { 'content-encoding': 'x-gzip' };
  const requests: FileServer['requests'] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').slice(1);
    const { range } = request.headers;
    const ifRange = request.headers['if-range'];
    requests.push({ path, range, ifRange: ifRange as string | undefined });
    if (answer(request, response)) return;
    const content = files.get(path);
    if (content === undefined) return void response.writeHead(404).end();
    const asked =
      ignoreRange || (ifRange !== undefined && ifRange !== etag) ? undefined : /bytes=(\d+)-/.exec(range ?? '')?.[1];
    const start = Number(asked ?? 0);
    const tag = etag === undefined ? {} : { etag };
    if (asked !== undefined && start >= content.length)
      return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    const part = content.subarray(start);
    const headers = { ...tag, ...encoding, 'content-length': part.length };
    const contentRange = `bytes ${start}-${content.length - 1}/${content.length}`;
    if (asked === undefined) response.writeHead(200, headers);
    else response.writeHead(206, { ...headers, 'content-range': contentRange });
    if (breakAfter === undefined || breakAfter >= part.length) return void response.end(part);
    // ended and not destroyed, which would drop bytes that the client has not read yet
    response.write(part.subarray(0, breakAfter), () => response.socket?.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanLater(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests };
}
