/** What the server of the page and the page say to each other, as JSON. The page is another program and imports no module of the server. */

export type CellValue = string | number | boolean;

/** What went wrong, where, since when, and what to do. */
export type Trouble = {
  code: string;
  message: string;
  where?: string | undefined;
  expected?: string | undefined;
  got?: string | undefined;
  fix?: string | undefined;
  /** milliseconds since 1970 */
  since: number;
};

/** `reading`: its journal is being read for the first time; `unreadable`: see `trouble` */
export type SweepState = 'reading' | 'running' | 'paused' | 'complete' | 'partial' | 'unreadable';

/** A run under way on this machine, as it describes itself. */
export type RunNow = {
  state: 'running' | 'paused' | 'draining';
  /** false: nodes of a server take the tasks, and pause there */
  canPause: boolean;
  running: number;
  pending: number;
  failed: number;
};

/** How far a sweep is, for the overview. */
export type Standing = {
  id: string;
  directory: string;
  name: string;
  title: string;
  experiment: string;
  state: SweepState;
  done: number;
  total: number;
  /** tasks that failed, on a nats-server or in a run of the directory, and are not recorded */
  failed: number;
  cells: number;
  /** outcomes per second, over the last half minute; null when it is not running */
  rate: number | null;
  /** seconds until it is done, at this rate */
  left: number | null;
  /** hosts that computed outcomes */
  hosts: number;
  /** when the journal changed last, in milliseconds since 1970 */
  changed: number | null;
  /** share of the journal that was read, while it is read for the first time */
  read: number;
  /** null where no run of this machine can be asked */
  run: RunNow | null;
  trouble: Trouble | null;
  /** increases with every change of counts */
  version: number;
  /** differs when all that was known before is void */
  epoch: number;
};

/** What one needs to show a sweep, besides how far it is. */
export type SweepDetails = {
  standing: Standing;
  /** the keys that take more than one value, each with its value in every cell, as an index into `values` */
  keys: { name: string; heading: string; values: CellValue[]; codes: number[] }[];
  /** what all cells have in common, in one line */
  common: string;
  /** numbers of a result, the usual one first */
  measures: string[];
  hasSeries: boolean;
  /** the sweep file as it was run */
  sweep: string;
  /** facts of the manifest, in order */
  provenance: [name: string, value: string][];
  /** command that repeats the sweep */
  repeat: string;
};

/** Columns over cells: all of them, or only those that changed. */
export type CellColumns = {
  epoch: number;
  version: number;
  /** numbers of the cells; null: all, in order */
  cells: number[] | null;
  done: number[];
  /** runs that each cell gets, as far as that is decided */
  wanted: number[];
  seconds: number[];
  /** by measure */
  statistics: Record<string, Statistics>;
};

/** A column of each; null where there is none. */
export type Statistics = {
  n: number[];
  mean: (number | null)[];
  sd: (number | null)[];
  /** half-width of the 95 % confidence interval of the mean, Student's t */
  ci95: (number | null)[];
  min: (number | null)[];
  max: (number | null)[];
};

export type RunRow = {
  run: number;
  task: string;
  /** the result in one line; null when it is not recorded */
  result: string | null;
  measures: Record<string, number | null>;
  hasSeries: boolean;
  /** has a program written a log in this directory? */
  hasLog: boolean;
  seconds: number | null;
  host: string | null;
  engine: string | null;
  attempts: number | null;
};

/** A run that failed. */
export type FailedRun = {
  cell: number;
  run: number;
  task: string;
  why: string;
  /** that tried it last; empty where a run of the directory did */
  node: string;
  /** of a program: what it wrote, beginning and end */
  log: string | null;
  /** set aside on a nats-server, or recorded by a run of the directory? */
  isOnServer: boolean;
};

export type CellRuns = { cell: number; text: string; runs: RunRow[] };

/** One run, whole. */
export type RunDetails = {
  cell: number;
  run: number;
  text: string;
  /** as JSON, for people */
  task: string;
  result: string | null;
  provenance: string | null;
  describe: string;
  hasSeries: boolean;
  /** the end of what a program printed; null where nothing was kept */
  log: string | null;
  /** of a search: the rung it ended on; its losses can be computed again */
  rung: number | null;
};

/** The losses of one training; null where one is not finite. */
export type RunLosses = { rung: number; stepSize: number; losses: (number | null)[] };

/** Columns of a series, thinned to extremes; null where nothing was measured. */
export type SeriesColumns = {
  rows: number;
  /** all columns of the file, in its order */
  names: string[];
  /** those asked for */
  columns: Record<string, (number | null)[]>;
  /** where the training ceases to be stable: an eigenvalue of the matrix is `over` / step size */
  edge?: { matrix: 'hessian' | 'preconditioned' | 'gaussNewton'; over: number };
};

/** A table for people; see `orchestrator/report`. */
export type TableLayout = {
  title: string;
  source: string | null;
  head: string[];
  align: ('left' | 'right')[];
  body: string[][];
  notes: string[];
};

export type NodeStanding = {
  node: string;
  host: string;
  state: string;
  busy: number;
  threads: number;
  done: number;
  failed: number;
  load: number;
  version: string;
  underWay: { task: string; sweep: string; iterations: number; of: number | null }[];
};

export type ClusterSweep = {
  key: string;
  name: string;
  state: string;
  done: number;
  running: number;
  pending: number;
  failed: number;
  total: number;
  rate: number | null;
  secondsLeft: number | null;
  /** nodes of which no result is taken */
  refused: { node: string; key: string; why: string }[];
  /** some of the failed tasks */
  failures: { task: string; text: string; why: string; node: string }[];
};

export const ACTIONS = ['pause', 'resume', 'cancel', 'retry'] as const;
export type Action = (typeof ACTIONS)[number];

/** One line of what was done from the page. */
export type AuditLine = {
  at: number;
  /** key of a sweep on a server, or id of a sweep of this page */
  sweep: string;
  text: string;
};

export type ClusterStanding = {
  servers: string;
  sweeps: ClusterSweep[];
  nodes: NodeStanding[];
  trouble: Trouble | null;
};

/** What an event says: the sweeps that changed, the cluster and the actions when they did. */
export type PageEvent = {
  sweeps: Standing[];
  gone: string[];
  cluster?: ClusterStanding;
  audit?: readonly AuditLine[];
};

export type Overview = {
  /** heading of the page */
  title: string;
  version: string;
  readOnly: boolean;
  folders: string[];
  /** folders that cannot be read */
  troubles: Trouble[];
  sweeps: Standing[];
  cluster: ClusterStanding | null;
  /** what was done from the page, the last first */
  audit: readonly AuditLine[];
};

/** What the file of a gallery holds: answers to whatever its page asks for. */
export type GalleryData = {
  overview: Overview;
  sweeps: Record<string, GallerySweep>;
};

export type GallerySweep = {
  details: SweepDetails;
  cells: CellColumns;
  table: TableLayout;
  figure: { light: string; dark: string; csv: string };
  /** of the table */
  csv: string;
  /** by cell; absent where there are too many */
  runs?: CellRuns[];
  /** by cell and run, such as `0 3` */
  series: Record<string, SeriesColumns>;
};
