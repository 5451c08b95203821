import { signal } from '@preact/signals';

/** What the address says: a link holds the whole view. */
export type Place = { path: string[]; query: URLSearchParams };

const read = (): Place => {
  const [path, query = ''] = window.location.hash.replace(/^#\/?/, '').split('?');
  return {
    path: path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent),
    query: new URLSearchParams(query),
  };
};

export const place = signal<Place>(read());

window.addEventListener('hashchange', () => {
  place.value = read();
});

/** The address of a view. */
export function hrefOf(path: readonly (string | number)[], query: Record<string, string | undefined> = {}): string {
  const set = Object.entries(query).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  const text = new URLSearchParams(set).toString();
  return `#/${path.map((part) => encodeURIComponent(part)).join('/')}${text === '' ? '' : `?${text}`}`;
}

/** Changes a part of the view, and the link with it; the way back does not lead through every such change. */
export function setQuery(changes: Record<string, string | undefined>): void {
  const { path, query } = place.value;
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') next.delete(name);
    else next.set(name, value);
  }
  window.history.replaceState(null, '', hrefOf(path, Object.fromEntries(next)));
  place.value = read();
}

export const go = (href: string): void => {
  window.location.hash = href;
};
