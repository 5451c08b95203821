import type {
  CellColumns,
  CellRuns,
  FailedRun,
  Overview,
  RunDetails,
  RunLosses,
  SeriesColumns,
  SweepDetails,
  TableLayout,
  Trouble,
} from '../wire.ts';

/** A figure or table, and the version of the sweep that it shows. */
export type Made<T> = { value: T; version: string };

/** Rows after `from` up to `to`, counted from 1, and names of columns; absent: the whole, and the usual ones. */
export type SeriesPart = { range?: { from: number; to: number } | undefined; columns?: readonly string[] | undefined };

/** Where the page has its data from: a server, or the file that it is in. */
export type Source = {
  /** absent where nothing changes */
  listen?(hear: (name: 'all' | 'changed', data: string) => void, connected: (isConnected: boolean) => void): void;
  overview(): Promise<Overview>;
  sweep(id: string): Promise<SweepDetails>;
  cells(id: string, since?: { version: number; epoch: number }): Promise<CellColumns>;
  runs(id: string, cell: number): Promise<CellRuns>;
  failed(id: string): Promise<FailedRun[]>;
  run(id: string, cell: number, run: number): Promise<RunDetails>;
  series(id: string, cell: number, run: number, part: SeriesPart): Promise<SeriesColumns>;
  losses(id: string, cell: number, run: number, rung: number): Promise<RunLosses>;
  table(id: string): Promise<Made<TableLayout>>;
  figure(ids: readonly string[], dark: boolean): Promise<Made<string>>;
  diff(a: string, b: string): Promise<TableLayout>;
  /** address of an export; undefined where there is none */
  download(what: string): string | undefined;
  /** pauses or resumes a sweep of the server, and so on */
  act?(action: string, sweep: string): Promise<string>;
  /** pauses, resumes or drains the run of a directory */
  actOnRun?(action: string, id: string): Promise<string>;
};

/** What the server says is wrong. */
export class Failure extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.message);
    this.trouble = trouble;
  }
}

export const troubleFrom = (error: unknown): Trouble =>
  error instanceof Failure
    ? error.trouble
    : {
        code: 'UNREACHABLE',
        message: 'the server of this page does not answer',
        fix: 'is `edgesweep ui` still running?',
        since: Date.now(),
      };
