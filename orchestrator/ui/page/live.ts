import type { AuditLine } from '../wire.ts';
import { Failure, type Source } from './source.ts';

const RETRY_MS = 2000;
const CHANNEL = 'edgesweep';

/** The server that the page comes from. */
export const live: Source = {
  listen,
  overview: () => get('overview'),
  sweep: (id) => get(`sweeps/${id}`),
  cells: (id, since) => get(`sweeps/${id}/cells${since ? `?since=${since.version}&epoch=${since.epoch}` : ''}`),
  runs: (id, cell) => get(`sweeps/${id}/cells/${cell}`),
  failed: (id) => get(`sweeps/${id}/failed`),
  run: (id, cell, run) => get(`sweeps/${id}/cells/${cell}/runs/${run}`),
  series: (id, cell, run, { range, columns }) => {
    const query = new URLSearchParams({
      ...(range !== undefined && { from: String(range.from), to: String(range.to) }),
      ...(columns !== undefined && { columns: columns.join(',') }),
    });
    return get(`sweeps/${id}/cells/${cell}/runs/${run}/series?${query}`);
  },
  losses: (id, cell, run, rung) => get(`sweeps/${id}/cells/${cell}/runs/${run}/losses?rung=${rung}`),
  async table(id) {
    const response = await ask(`sweeps/${id}/table`);
    return { value: await response.json(), version: response.headers.get('Edgesweep-Version') ?? '' };
  },
  async figure(ids, dark) {
    const theme = `theme=${dark ? 'dark' : 'light'}`;
    const response = await ask(
      ids.length === 1 ? `sweeps/${ids[0]}/figure?${theme}` : `figure?sweeps=${ids.join(',')}&${theme}`,
    );
    return { value: await response.text(), version: response.headers.get('Edgesweep-Version') ?? '' };
  },
  diff: (a, b) => get(`diff?sweeps=${a},${b}`),
  download: (what) => `/api/${what}`,
  act: (action, sweep) => post(`cluster/${action}`, { sweep }),
  actOnRun: (action, id) => post(`sweeps/${id}/${action}`, {}),
};

/** @returns what was done */
async function post(path: string, body: object): Promise<string> {
  const headers = { 'Content-Type': 'application/json' };
  const line: AuditLine = await (await ask(path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  return line.text;
}

async function ask(path: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(`/api/${path}`, init);
  if (response.ok) return response;
  const isJson = response.headers.get('Content-Type')?.startsWith('application/json') ?? false;
  const trouble = isJson
    ? await response.json()
    : { code: `HTTP ${response.status}`, message: (await response.text()).trim(), since: Date.now() };
  throw new Failure(trouble);
}

const get = async <T>(path: string): Promise<T> => (await ask(path)).json();

/**
 * One stream of events for all tabs of this browser: a browser opens six connections to a server and no more, and the seventh tab would wait. The
 * tab that holds the lock listens, and tells the others.
 */
function listen(
  hear: (name: 'all' | 'changed', data: string) => void,
  connected: (isConnected: boolean) => void,
): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<{ name: 'all' | 'changed' | 'connected'; data: string }>) => {
    if (data.name === 'connected') connected(data.data === 'true');
    else hear(data.name, data.data);
  };
  const tell = (isConnected: boolean) => {
    connected(isConnected);
    channel.postMessage({ name: 'connected', data: String(isConnected) });
  };
  const open = () => {
    const events = new EventSource('/events');
    for (const name of ['all', 'changed'] as const) {
      events.addEventListener(name, ({ data }: MessageEvent<string>) => {
        hear(name, data);
        channel.postMessage({ name, data });
      });
    }
    events.onopen = () => tell(true);
    events.onerror = () => {
      tell(false);
      if (events.readyState !== EventSource.CLOSED) return;
      // the browser gives up where the server answers with an error
      events.close();
      setTimeout(open, RETRY_MS);
    };
  };
  // held until the tab is closed
  void navigator.locks.request(CHANNEL, () => {
    open();
    return new Promise(() => {});
  });
}
