import { join } from 'node:path';

/** The files of a sweep directory. */
export const SWEEP_FILE = 'sweep.yaml';
export const MANIFEST_FILE = 'manifest.json';
/** What the manifest becomes with the journal that a merge writes into the directory. */
export const MERGING_FILE = 'merging.json';
export const JOURNAL_FILE = 'outcomes.jsonl';
export const LOCK_FILE = 'lock';
/** Which tasks are audited, and which nodes were set aside. */
export const AUDIT_FILE = 'audit.json';
/** Tasks that failed in runs of the directory and are not recorded. */
export const FAILURES_FILE = 'failures.jsonl';
/** Lines that were moved out of the journal, with the reason of each; it is never read, except to be merged. */
export const ASIDE_FILE = 'damaged-lines.jsonl';
/** The socket on which a run hears that it shall pause or drain. */
export const CONTROL_FILE = 'control';
/** A Parquet file for each trajectory. */
const SERIES_FOLDER = 'series';
/** What long tasks go on from after a kill. */
const CHECKPOINT_FOLDER = 'checkpoints';
/** What programs wrote to standard output and standard error. */
const LOG_FOLDER = 'logs';
/** What a run reads and writes; tables and figures are only ever replaced as a whole. */
export const OURS: readonly string[] = [
  SWEEP_FILE,
  MANIFEST_FILE,
  MERGING_FILE,
  JOURNAL_FILE,
  LOCK_FILE,
  AUDIT_FILE,
  FAILURES_FILE,
  ASIDE_FILE,
  CONTROL_FILE,
  SERIES_FOLDER,
  CHECKPOINT_FOLDER,
  LOG_FOLDER,
];
/** What the names of the tables begin with: table.md and others. */
export const TABLES = 'table';
/** What the names of the figures begin with: figure.svg and others. */
export const FIGURES = 'figure';

export const sweepPath = (directory: string): string => join(directory, SWEEP_FILE);
export const manifestPath = (directory: string): string => join(directory, MANIFEST_FILE);
export const mergingPath = (directory: string): string => join(directory, MERGING_FILE);
export const journalPath = (directory: string): string => join(directory, JOURNAL_FILE);
export const seriesFolder = (directory: string): string => join(directory, SERIES_FOLDER);
export const checkpointFolder = (directory: string): string => join(directory, CHECKPOINT_FOLDER);
export const logFolder = (directory: string): string => join(directory, LOG_FOLDER);
/** What a program wrote while it did a task. */
export const logPath = (directory: string, { id }: { id: string }): string => join(logFolder(directory), `${id}.log`);
export const auditPath = (directory: string): string => join(directory, AUDIT_FILE);
export const failuresPath = (directory: string): string => join(directory, FAILURES_FILE);
export const controlPath = (directory: string): string => join(directory, CONTROL_FILE);
export const asidePath = (directory: string): string => join(directory, ASIDE_FILE);
export const lockPath = (directory: string): string => join(directory, LOCK_FILE);
