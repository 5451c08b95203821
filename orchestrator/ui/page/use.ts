import { useEffect, useRef, useState } from 'preact/hooks';
import type { CellColumns, FailedRun, Statistics, SweepDetails, Trouble } from '../wire.ts';
import { type Made, troubleFrom } from './source.ts';
import { source, standings } from './store.ts';

/** What is made again at most this often. */
const REST_MS = 2000;

export type Loaded<T> = { value: T | undefined; trouble: Trouble | undefined };

/** Loads a value whenever the key changes; the last one stays until then. */
export function useLoaded<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [state, set] = useState<Loaded<T>>({ value: undefined, trouble: undefined });
  useEffect(() => {
    let isOld = false;
    load().then(
      (value) => isOld || set({ value, trouble: undefined }),
      (error) => isOld || set(({ value }) => ({ value, trouble: troubleFrom(error) })),
    );
    return () => {
      isOld = true;
    };
  }, [key]);
  return state;
}

/** Loads what is made from sweeps again while they change, at most every two seconds. */
export function useMade<T>(ids: readonly string[], key: string, load: () => Promise<Made<T>>): Loaded<T> {
  const version = ids.map((id) => standings.value.get(id)?.version).join(' ');
  const [state, set] = useState<Loaded<T>>({ value: undefined, trouble: undefined });
  const shown = useRef({ key: '', version: '', asked: 0, isAsking: false });
  const [turn, next] = useState(0);
  useEffect(() => {
    const now = shown.current;
    if (now.isAsking || (now.key === key && now.version === version)) return;
    const rest = now.key === key ? now.asked + REST_MS - Date.now() : 0;
    if (rest > 0) {
      const timer = setTimeout(() => next((count) => count + 1), rest);
      return () => clearTimeout(timer);
    }
    now.isAsking = true;
    now.asked = Date.now();
    const end = (loaded: Loaded<T>, made: string) => {
      shown.current = { key, version: made, asked: Date.now(), isAsking: false };
      set((last) => ({ ...loaded, value: loaded.value ?? last.value }));
      next((count) => count + 1);
    };
    load().then(
      (made) => end({ value: made.value, trouble: undefined }, made.version === '' ? version : made.version),
      (error) => end({ value: undefined, trouble: troubleFrom(error) }, version),
    );
  }, [key, version, turn]);
  return state;
}

/** The cells of a sweep as they change: only what changed is asked for. */
export function useCells(id: string): CellColumns | undefined {
  const standing = standings.value.get(id);
  const known = useRef<CellColumns | undefined>(undefined);
  const isAsking = useRef(false);
  const restUntil = useRef(0);
  const seen = useRef(-1);
  const [, redraw] = useState(0);
  const version = standing?.version ?? -1;
  useEffect(() => {
    if (isAsking.current || seen.current === version || version < 0) return;
    const began = performance.now();
    if (began < restUntil.current) {
      const timer = setTimeout(() => redraw((count) => count + 1), restUntil.current - began);
      return () => clearTimeout(timer);
    }
    isAsking.current = true;
    const asked = version;
    source()
      .cells(id, known.current)
      .then(
        (columns) => {
          known.current = merged(known.current, columns);
          seen.current = asked;
        },
        // said elsewhere; asked again when something changes
        () => {
          seen.current = asked;
        },
      )
      .finally(() => {
        isAsking.current = false;
        // of many cells that change all the time, not more often than both sides can bear
        restUntil.current = performance.now() + 3 * (performance.now() - began);
        redraw((count) => count + 1);
      });
  });
  return known.current;
}

function merged(known: CellColumns | undefined, news: CellColumns): CellColumns {
  if (known === undefined || news.cells === null) return news;
  const { cells } = news;
  const put = <T>(into: T[], from: T[]) => {
    cells.forEach((cell, i) => {
      into[cell] = from[i];
    });
    return into;
  };
  const statistics = Object.entries(known.statistics).map(([name, columns]) => {
    const fresh = news.statistics[name];
    const names = Object.keys(columns) as (keyof Statistics)[];
    return [name, Object.fromEntries(names.map((column) => [column, put(columns[column], fresh[column])]))];
  });
  return {
    epoch: news.epoch,
    version: news.version,
    cells: null,
    done: put(known.done, news.done),
    wanted: put(known.wanted, news.wanted),
    seconds: put(known.seconds, news.seconds),
    statistics: Object.fromEntries(statistics),
  };
}

const NONE: readonly FailedRun[] = [];

/** The runs of a sweep that failed and are not recorded. */
export function useFailed(id: string): readonly FailedRun[] {
  const { failed = 0, version = 0 } = standings.value.get(id) ?? {};
  const { value } = useLoaded(failed === 0 ? id : `${id} ${version}`, async () =>
    failed === 0 ? NONE : source().failed(id),
  );
  return failed === 0 ? NONE : (value ?? NONE);
}

/** The details of a sweep, again when everything known before is void. */
export function useDetails(id: string): Loaded<SweepDetails> {
  const standing = standings.value.get(id);
  const isReadable = standing !== undefined && standing.total > 0;
  const key = `${id} ${standing?.epoch} ${isReadable} ${standing?.state === 'reading' ? '' : standing?.state}`;
  return useLoaded(key, () => source().sweep(id));
}

/** Does the reader prefer dark colours? */
export function useDark(): boolean {
  const query = window.matchMedia('(prefers-color-scheme: dark)');
  const [isDark, set] = useState(query.matches);
  useEffect(() => {
    const change = () => set(query.matches);
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, [query]);
  return isDark;
}

/** Colours of the page, for what is drawn and not styled. */
export function colorsOf(element: Element): { ink: string; line: string; ground: string } {
  const style = getComputedStyle(element);
  const [ink, line, ground] = ['--ink', '--line', '--ground'].map((name) => style.getPropertyValue(name));
  return { ink, line, ground };
}
