export { makeDirectory, syncDirectory, temporaryPath, writeFileAtomically } from './atomic-write.ts';
export { type AuditFile, readAuditFile, type SetAside, writeAuditFile } from './audit-file.ts';
export { diskError, orDiskError, systemCode } from './disk-error.ts';
export { FailureLog, type RecordedFailure, readRecordedFailures, removeFailures } from './failures.ts';
export { FIGURE_FORMATS, figurePath, removeFigures } from './figures.ts';
export { leftovers, refuseForeignDirectory } from './guard.ts';
export {
  type Bookmark,
  findOutcome,
  JournalTail,
  type Line,
  OutcomeDecoder,
  outcomeLine,
  outcomesDiffer,
  type Read,
  readableLines,
  recordingTime,
  resultText,
  sealText,
} from './journal/mod.ts';
export {
  ASIDE_FILE,
  asidePath,
  checkpointFolder,
  controlPath,
  failuresPath,
  journalPath,
  LOCK_FILE,
  logFolder,
  logPath,
  manifestPath,
  OURS,
  SWEEP_FILE,
  seriesFolder,
  sweepPath,
  TABLES,
} from './layout.ts';
export { refuseLinks } from './links.ts';
export { isSweepDirectory, listSweepDirectories } from './list.ts';
export { type Lock, takeLock, takeReadLock } from './lock.ts';
export { describeThisRun, type Manifest, madeOf, noteStops, readManifest, writeManifest } from './manifest.ts';
export { announceManifest, type JournalMark, readSettledManifest, settleManifest } from './merging.ts';
export { type OpenOptions, openSweepDirectory } from './open-directory.ts';
export { type Peek, peekSweepDirectory } from './peek.ts';
export { Progress, pendingTasks } from './progress.ts';
export { readOutcomes, readSweep } from './read-directory.ts';
export { removeSocket } from './remove-socket.ts';
export { type Repair, repairDirectory } from './repair.ts';
export { readSeries, removeSeriesLeftovers, seriesPath } from './series.ts';
export { changedKeys } from './sweep-changes.ts';
export type { SweepDirectory } from './sweep-directory.ts';
export { isWrittenTo } from './written-to.ts';
