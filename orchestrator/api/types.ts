/** What users of the package see. This file imports nothing but types that are written out for them. */
import type { Outcome, Task } from './outcomes.ts';

/** How to reach a nats-server. */
export type NatsOptions = {
  /** one or more addresses, such as `nats://host:4222`, without user and password */
  servers: string | readonly string[];
  user?: string | undefined;
  password?: string | undefined;
  /** file with an NKey seed */
  nkeyFile?: string | undefined;
  /** credentials file (JWT and seed) */
  credsFile?: string | undefined;
  /** certificate of the authority that signed the server's */
  caFile?: string | undefined;
  /** client certificate, for TLS */
  certFile?: string | undefined;
  /** key of the client certificate */
  keyFile?: string | undefined;
  /** number of replicas of each stream, on a cluster of servers. Default: 1 */
  replicas?: number | undefined;
  /** file with the public keys of nodes, one per line: only their results are taken. Default: those of any node */
  trustedKeys?: string | undefined;
};

/** How programs are started. On worker nodes their own command line decides. */
export type ProgramsOptions = {
  /** processes at the same time. Default: one per GPU, or as many as threads */
  slots?: number | undefined;
  /** names of further environment variables that programs get */
  passEnv?: readonly string[] | undefined;
  /** the environment that programs get their variables from. Default: that of this process */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * The only programs that a sweep may name, each with its command, split into words without a shell, or a list of words. The command of
   * the sweep is then ignored. Default: any program, with the command of the sweep
   */
  allow?: Readonly<Record<string, string | readonly string[]>> | undefined;
};

export type RunOptions = {
  /** the sweep directory; a directory of the same sweep is resumed. Default: `results/NAME` */
  directory?: string | undefined;
  /** values that override keys of the sweep, by their paths: `{ runs: 2, 'grid.width': [5, 10] }` */
  set?: Readonly<Record<string, unknown>> | undefined;
  /** threads of this process. Default: one per core */
  threads?: number | undefined;
  /** folder of the data sets. Default: `data.directory` of the sweep, else `~/.local/share/edgesweep/data` */
  dataDirectory?: string | undefined;
  /** seconds between the checkpoints of a long task. Default: 30 */
  checkpoint?: number | undefined;
  /** share of the tasks to compute a second time and to compare, such as `2%`. Default: none */
  audit?: `${number}%` | undefined;
  /** compute on the worker nodes of this server. Default: in this process */
  nats?: NatsOptions | undefined;
  /** how the programs of sweeps of the experiment `program` are started in this process */
  programs?: ProgramsOptions | undefined;
  /** seconds after which no further tasks are started */
  maxTime?: number | undefined;
  /** tasks after which no further ones are started */
  maxTasks?: number | undefined;
  /** failed tasks after which no further ones are started */
  maxFailures?: number | undefined;
  /** Once aborted, the run stops at once, and its promise rejects with the reason. What is recorded stays; a rerun resumes. */
  signal?: AbortSignal | undefined;
  /** Once aborted, no further tasks are started; those in flight are finished, and the promise resolves. */
  drain?: AbortSignal | undefined;
  /** Called for every event. An error that it throws stops the run, and the promise rejects with it. */
  onEvent?: ((event: RunEvent) => void) | undefined;
};

/** Where a run stands. */
export type Progress = {
  /** tasks recorded, those of earlier runs included */
  done: number;
  /** tasks that failed in this run */
  failed: number;
  total: number;
  /** iterations, in sweeps of trajectories; those of tasks under way included */
  iterations?: { done: number; total: number };
  /** since the start of this run */
  seconds: number;
  /** tasks per second in this run */
  rate: number;
  /** expected seconds to the end; null before the first outcome */
  left: number | null;
  /** what computes, such as `2 threads` or `3 nodes, 12 threads` */
  crew: string;
};

/** What happens in a run. `start` comes first and `finished` last; a run with nothing left to compute has neither. */
export type RunEvent =
  | { type: 'start'; progress: Progress }
  | { type: 'progress'; progress: Progress }
  /** the outcome is on the disk */
  | { type: 'outcome'; outcome: Outcome }
  /** The task failed, after all attempts. The next run tries it again. */
  | { type: 'failure'; task: Task; error: { code: string; message: string } }
  /** a line for people, as the command line prints it */
  | { type: 'note'; message: string }
  | { type: 'finished'; progress: Progress };

export type RunResult = {
  /** the sweep directory */
  directory: string;
  /** done: everything is recorded; drained: `drain` was aborted first; limit: a limit was reached first */
  ended: 'done' | 'drained' | 'limit';
  /** tasks recorded */
  done: number;
  /** tasks that failed in this run: 0 where the run is done, since a run whose tasks failed rejects with `TASK_FAILED` */
  failed: number;
  total: number;
};

export type ReadOptions<Name> = {
  /** Reads outcomes of this experiment only, and rejects a directory of another one. */
  experiment?: Name | undefined;
  /** Also those that the directory's sweep does not have any more, because it was edited. Default: false */
  former?: boolean | undefined;
};

/** What was recorded of a training: one value per iteration in each column, NaN where something was not measured. */
export type Series = { rows: number; columns: ReadonlyMap<string, Float64Array> };

export type TableOptions = {
  /** keys whose values make the rows, such as `['depth', 'width']`. Default: as the sweep says */
  by?: readonly string[] | undefined;
  /** statistics to show as text, such as `['mean', 'ci95']`; the rows have all. Default: as the sweep says */
  stat?: readonly string[] | undefined;
  /** numbers to show, of experiments that have several. Default: as the sweep says */
  value?: readonly string[] | undefined;
  /** outcomes to use instead of the recorded ones, each task once; those that are not of the directory's sweep are passed over */
  outcomes?: Iterable<Outcome> | AsyncIterable<Outcome> | undefined;
};

/** Markdown, CSV, JSON, LaTeX, Typst, plain text for a terminal */
export type TableFormat = 'md' | 'csv' | 'json' | 'tex' | 'typ' | 'terminal';

export type Table = {
  title: string;
  /** what the text has below the table; says also when runs are missing */
  notes: readonly string[];
  /** names of the columns, those of `table.csv` */
  columns: readonly string[];
  /** one object per row, by the names of the columns, at full precision; null where there is no value */
  rows: Readonly<Record<string, string | number | boolean | null>>[];
  /** the table as text, ending with a line break */
  format(format: TableFormat): string;
};

export type FigureOptions = {
  /** key of the horizontal axis */
  x?: string | undefined;
  /** key of the panels, one per value */
  facet?: string | undefined;
  /** keys of the lines; of trajectories one key, or `blocks` */
  by?: readonly string[] | undefined;
  /** axes to be logarithmic */
  log?: readonly ('x' | 'y')[] | undefined;
  /** axes to be linear */
  linear?: readonly ('x' | 'y')[] | undefined;
  /** panels of trajectories; of a program, numbers that it reports step by step */
  panels?: readonly string[] | undefined;
  title?: string | undefined;
};

export type Figure = {
  /** specification for Vega-Lite 6, with the data */
  spec: { [key: string]: unknown };
  /** the figure as SVG, the same on every machine */
  svg(): Promise<string>;
  /** the figure as a PNG file */
  png(): Promise<Uint8Array>;
};

export type MergeOptions = {
  /** only read and check everything; write nothing. Default: false */
  dryRun?: boolean | undefined;
  /**
   * Once aborted, the merge stops, and its promise rejects with the reason. What the directory records stays as it was; series that were already
   * copied into a directory that existed before remain there.
   */
  signal?: AbortSignal | undefined;
  /** Called for each directory after it was read. An error that it throws ends the merge, and the promise rejects with it. */
  onInput?: ((input: MergedInput) => void) | undefined;
};

/** What became of the outcomes of a directory. */
export type MergedInput = {
  directory: string;
  /** absent for a directory that is no shard */
  shard?: string;
  /** outcomes that no earlier directory had */
  outcomes: number;
  /** those that were read before, with the same result */
  repeated: number;
  /** those of nodes that an audit set aside in any of the directories; they are left out */
  setAside: number;
  /** Does the journal end in a line that was never finished? It is left out. */
  unfinished: boolean;
};

export type MergeResult = {
  /** the directory that was written */
  directory: string;
  /** name of the sweep */
  sweep: string;
  /** where all directories are of the same shard */
  shard?: string;
  /** in the order in which they were read: first `directory` itself, where it existed */
  inputs: MergedInput[];
  /** outcomes recorded in the directory */
  outcomes: number;
  /** those of them that are not of the sweep, because it was edited */
  others: number;
  /** tasks of the sweep that are recorded */
  done: number;
  total: number;
  /** recorded tasks whose series no directory has; the next run computes them */
  withoutSeries: number;
  /** figures of the directory that were removed, because they were drawn before */
  removed: string[];
  /** directories whose manifest cannot be read */
  withoutManifest: string[];
};
