import { request } from 'node:http';
import { hostname } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Page, servePage } from '../../dist/orchestrator/ui/server.js';
import { makeFolder } from '../support/mod.ts';

let page: Page;
let readOnly: Page;
let cookies: Record<'page' | 'readOnly', string>;

const open = (isReadOnly: boolean, host = '127.0.0.1') =>
  servePage({
    folders: [makeFolder()],
    host,
    port: 0,
    readOnly: isReadOnly,
    tls: undefined,
    nats: undefined,
    cache: undefined,
    dataFolders: () => [],
    log: () => {},
  });

beforeAll(async () => {
  [page, readOnly] = [await open(false), await open(true)];
  cookies = { page: await cookieOf(page), readOnly: await cookieOf(readOnly) };
});

afterAll(async () => {
  await page.close();
  await readOnly.close();
});

type Asked = { method?: string; path: string; headers?: Record<string, string>; body?: string };
type Answered = { status: number; headers: NodeJS.Dict<string | string[]>; text: string };

/** Node's own client: `fetch` sets Host and Origin itself. */
function ask({ port }: Page, { method = 'GET', path, headers = {}, body }: Asked): Promise<Answered> {
  return new Promise((done, fail) => {
    const asked = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => {
        parts.push(part);
        // a stream of events has no end
        if (response.headers['content-type']?.startsWith('text/event-stream')) response.destroy();
      });
      const end = () =>
        done({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString() });
      response.on('end', end);
      response.on('close', end);
    });
    asked.on('error', fail);
    asked.end(body);
  });
}

async function cookieOf(of: Page): Promise<string> {
  const { headers } = await ask(of, { path: new URL(of.url).pathname + new URL(of.url).search });
  return String(headers['set-cookie']).split(';')[0];
}

const ROUTES = [
  '/',
  '/main.js',
  '/main.css',
  '/events',
  '/api/overview',
  '/api/cluster',
  '/api/sweeps/0',
  '/api/sweeps/0/cells',
  '/api/sweeps/0/cells/0',
  '/api/sweeps/0/cells/0/runs/0',
  '/api/sweeps/0/cells/0/runs/0/series',
  '/api/sweeps/0/cells/0/runs/0/losses',
  '/api/sweeps/0/failed',
  '/api/sweeps/0/table',
  '/api/sweeps/0/figure',
  '/api/figure',
  '/api/diff',
  '/api/sweeps/0/pause',
  '/api/sweeps/0/resume',
  '/api/sweeps/0/drain',
  '/api/cluster/pause',
  '/api/cluster/resume',
  '/api/cluster/cancel',
  '/api/cluster/retry',
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'];

const headersOf = (of: Page, cookie: string) => ({
  cookie,
  host: `127.0.0.1:${of.port}`,
  origin: `http://127.0.0.1:${of.port}`,
  'content-type': 'application/json',
});

it.each(ROUTES)('%s refuses, by every method, whoever lacks the cookie or has another Host', async (path) => {
  for (const method of METHODS) {
    const ours = headersOf(page, cookies.page);
    const strangers = [
      { ...ours, cookie: '' },
      { ...ours, cookie: `${cookies.page.split('=')[0]}=guess` },
      { ...ours, cookie: cookies.readOnly },
      { ...ours, host: 'evil.example' },
      { ...ours, host: `127.0.0.1.evil.example:${page.port}` },
      { ...ours, host: `localhost@evil.example` },
    ];
    for (const headers of strangers) {
      const { status, text } = await ask(page, { method, path, headers, ...(method === 'POST' && { body: '{}' }) });
      expect([method, headers, [401, 405, 421].includes(status)]).toEqual([method, headers, true]);
      expect(text).not.toContain('sweeps');
    }
  }
});

it.each(ROUTES)(
  '%s refuses changes from another site, of another content type, and of a read-only page',
  async (path) => {
    const post = (of: Page, headers: Record<string, string>) =>
      ask(of, { method: 'POST', path, headers, body: '{"sweep":"a"}' });
    const ours = headersOf(page, cookies.page);
    const { origin: own, ...withoutOrigin } = ours;
    expect((await post(page, withoutOrigin)).status).toBe(403);
    for (const origin of ['http://evil.example', `http://127.0.0.1:${page.port + 1}`, 'null', `${own}.evil.example`]) {
      expect([origin, (await post(page, { ...ours, origin })).status]).toEqual([origin, 403]);
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '']) {
      expect([type, (await post(page, { ...ours, 'content-type': type })).status]).toEqual([type, 415]);
    }
    expect((await post(readOnly, headersOf(readOnly, cookies.readOnly))).status).toBe(403);
  },
);

it('knows of a run only pause, resume and drain, by POST', async () => {
  const headers = headersOf(page, cookies.page);
  const status = async (method: string, path: string) =>
    (await ask(page, { method, path, headers, ...(method === 'POST' && { body: '{}' }) })).status;
  for (const action of ['pause', 'resume', 'drain']) {
    expect([action, await status('GET', `/api/sweeps/0/${action}`)]).toEqual([action, 404]);
    // there is no such sweep
    expect([action, await status('POST', `/api/sweeps/0/${action}`)]).toEqual([action, 404]);
  }
  for (const path of ['/api/sweeps/0/cancel', '/api/sweeps/0/cells/0/pause', '/api/sweeps/pause', '/api/cluster/drain'])
    expect([path, await status('POST', path)]).toEqual([path, 404]);
});

it('answers whoever has the cookie, through a tunnel with another port too', async () => {
  for (const host of [`127.0.0.1:${page.port}`, 'localhost:9999', '[::1]:80', 'LOCALHOST']) {
    const { status, headers } = await ask(page, { path: '/api/overview', headers: { cookie: cookies.page, host } });
    expect([host, status]).toEqual([host, 200]);
    expect(headers['content-security-policy']).toContain("script-src 'self';");
    expect(headers['cache-control']).toBe('no-store');
  }
  const ours = headersOf(page, cookies.page);
  expect(
    (await ask(page, { method: 'POST', path: '/api/cluster/pause', headers: ours, body: '{"sweep":"a"}' })).status,
  ).toBe(409);
});

it('gives the cookie for the token alone, once, and takes the token out of the address', async () => {
  const { status, headers } = await ask(page, { path: new URL(page.url).pathname + new URL(page.url).search });
  expect([status, headers.location]).toEqual([303, '/']);
  expect(String(headers['set-cookie'])).toMatch(/^edgesweep-\d+=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/);
  expect((await ask(page, { path: '/?token=guess' })).status).toBe(401);
  expect((await ask(page, { path: '/?token=' })).status).toBe(401);
});

it('serves nothing outside its folder, and survives what is no request', async () => {
  const headers = { cookie: cookies.page };
  for (const path of [
    '/..%2fmain.js',
    '/../../package.json',
    '/%2e%2e/%2e%2e/package.json',
    '/main.js.map',
    '/thread.js',
    '/main.js/x',
    '//etc/passwd',
    '/api/',
    '/api/sweeps/__proto__',
  ]) {
    expect([path, (await ask(page, { path, headers })).status]).toEqual([path, 404]);
  }
  const ours = headersOf(page, cookies.page);
  const long = JSON.stringify({ sweep: 'x'.repeat(1 << 17) });
  for (const [body, status] of [
    ['{', 409],
    [long, 409],
  ] as const) {
    expect((await ask(page, { method: 'POST', path: '/api/cluster/pause', headers: ours, body })).status).toBe(status);
  }
});

it('on all addresses, answers to the name of the machine and to no other', async () => {
  const everywhere = await open(true, '0.0.0.0');
  const statusFor = async (name: string) => {
    const { status } = await ask(everywhere, { path: '/', headers: { Host: `${name}:${everywhere.port}` } });
    return status;
  };
  try {
    // an address that other machines reach, and that the server answers to
    const { hostname: printed } = new URL(everywhere.url);
    expect(['0.0.0.0', '127.0.0.1', 'localhost']).not.toContain(printed);
    expect(await statusFor(printed)).toBe(401);
    expect([await statusFor(hostname()), await statusFor('rebound.example')]).toEqual([401, 421]);
  } finally {
    await everywhere.close();
  }
});
