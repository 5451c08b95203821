import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { EdgesweepError, messageOf } from '../../shared/mod.ts';
import type { ServerOptions } from '../../shared/protocol/mod.ts';
import { systemCode } from '../directory/mod.ts';
import { type Answer, json, plain, send, statusOf } from './answers.ts';
import { assetAt } from './assets.ts';
import { AuditTrail } from './audit-trail.ts';
import { Remade } from './drawn.ts';
import { EventStreams } from './events.ts';
import { Summaries } from './follow/mod.ts';
import { Guard, SECURITY_HEADERS } from './guard.ts';
import { Hub } from './hub.ts';
import { LossComputer } from './losses.ts';
import { answerGet, answerPost, overviewOf, type Site } from './routes.ts';
import { troubleOf } from './trouble.ts';

export type PageOptions = {
  folders: readonly string[];
  host: string;
  port: number;
  readOnly: boolean;
  /** PEM texts; undefined: no TLS */
  tls: { cert: string; key: string } | undefined;
  nats: ServerOptions | undefined;
  /** folder for summaries of long journals; undefined: none are kept */
  cache: string | undefined;
  /** where data sets are looked for; @param directory that a sweep names */
  dataFolders: (directory: string | undefined) => readonly string[];
  /** receives each action, in one line */
  log: (text: string) => void;
};

export type Page = { url: string; port: number; close(): Promise<void> };

/**
 * Serves the page until it is closed.
 * @throws EdgesweepError USAGE for a port in use or an address that is not of this machine
 */
export async function servePage(options: PageOptions): Promise<Page> {
  const { folders, host, port, readOnly, tls, nats, cache, dataFolders, log } = options;
  const guard = new Guard({ hosts: isLoopback(host) ? [] : namesOf(host), readOnly, tls: tls !== undefined });
  const hub = new Hub(folders, cache === undefined ? undefined : new Summaries(cache));
  const audit = new AuditTrail(log);
  // a directory needs nothing of NATS
  const cluster = nats && new (await import('./cluster.ts')).ClusterWatch(nats, audit);
  const streams = new EventStreams();
  const losses = new LossComputer();
  const site: Site = { hub, cluster, audit, readOnly, remade: new Remade<Answer>(), losses, dataFolders };
  const listener: RequestListener = (request, response) => {
    void answer({ site, guard, streams }, request, response).catch(() => response.destroy());
  };
  const server = tls === undefined ? createServer(listener) : (await import('node:https')).createServer(tls, listener);
  const bound = await listen(server, host, port);
  guard.listensOn(bound);
  hub.listen((event) => streams.tell(event));
  audit.listen((lines) => streams.tell({ sweeps: [], gone: [], audit: lines }));
  hub.start();
  cluster?.start(
    () => streams.count > 0,
    (standing) => streams.tell({ sweeps: [], gone: [], cluster: standing }),
    (failed) => hub.setFailed(failed),
  );
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${nameFor(host)}:${bound}/?token=${guard.token}`,
    port: bound,
    async close() {
      await hub.stop();
      streams.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await cluster?.close();
      await losses.close();
    },
  };
}

export const isLoopback = (host: string): boolean => ['127.0.0.1', 'localhost', '::1'].includes(host);

const ALL_ADDRESSES = ['0.0.0.0', '::'];

const inUrl = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** The names under which this server may be asked for. On all addresses of the machine: those, and its host name. */
function namesOf(host: string): string[] {
  if (!ALL_ADDRESSES.includes(host)) return [inUrl(host)];
  return [hostname(), ...[host, ...addresses().map(({ address }) => address)].map(inUrl)];
}

/** The name in the address that is printed. On all addresses: one by which other machines reach this one, IPv4 first. */
function nameFor(host: string): string {
  if (!ALL_ADDRESSES.includes(host)) return inUrl(host);
  // a link-local address needs the name of an interface, which no browser takes
  const outside = addresses().filter(({ internal, address }) => !internal && !/^fe80:/i.test(address));
  const found = outside.find(({ family }) => family === 'IPv4') ?? (host === '::' ? outside[0] : undefined);
  return found === undefined ? hostname() : inUrl(found.address);
}

const addresses = () => Object.values(networkInterfaces()).flatMap((all) => all ?? []);

async function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', (cause) => {
      const code = systemCode(cause);
      const isUsed = code === 'EADDRINUSE';
      fail(
        new EdgesweepError('USAGE', isUsed ? 'the port is in use' : 'the page cannot listen there', {
          where: `${host}:${port}`,
          got: messageOf(cause),
          fix: isUsed
            ? 'another `edgesweep ui` may be running; choose a port with --port, or --port 0 for a free one'
            : 'check --host and --port',
          cause,
        }),
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      done(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

type Parts = { site: Site; guard: Guard; streams: EventStreams };

async function answer(
  { site, guard, streams }: Parts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  const refuse = ({ status, text }: { status: number; text: string }) => send(request, response, plain(text, status));
  const stranger = guard.refuseStranger(request);
  if (stranger !== undefined) return refuse(stranger);
  const url = urlOf(request);
  if (url === undefined) return refuse({ status: 400, text: 'the address cannot be read' });
  const token = url.searchParams.get('token');
  if (url.pathname === '/' && token !== null && request.method === 'GET') {
    const cookie = guard.cookieFor(token);
    if (cookie === undefined) return refuse({ status: 401, text: 'the token is not that of this session' });
    // the token leaves the address, and with it the history
    response.writeHead(303, { Location: '/', 'Set-Cookie': cookie });
    response.end();
    return;
  }
  const refusal = guard.refuseUnknown(request) ?? (request.method === 'POST' ? guard.refuseChange(request) : undefined);
  if (refusal !== undefined) return refuse(refusal);
  if (url.pathname === '/events' && request.method === 'GET') {
    const { sweeps, cluster, audit } = overviewOf(site);
    return streams.add(request, response, { sweeps, gone: [], audit, ...(cluster !== null && { cluster }) });
  }
  try {
    if (request.method === 'POST') await send(request, response, await answerPost(site, url, request));
    else if (url.pathname.startsWith('/api/')) await send(request, response, await answerGet(site, url, request));
    else await send(request, response, assetAt(url.pathname));
  } catch (error) {
    if (response.headersSent) throw error;
    await send(request, response, json(troubleOf(error), statusOf(error)));
  }
}

function urlOf({ url = '/' }: IncomingMessage): URL | undefined {
  try {
    // the origin is of no importance
    return new URL(url, 'http://localhost');
  } catch {
    return undefined;
  }
}
