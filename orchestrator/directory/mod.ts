export { makeDirectory, writeFileAtomically } from './atomic-write.ts';
export { type AuditFile, readAuditFile, type SetAside, writeAuditFile } from './audit-file.ts';
export { diskError, systemCode } from './disk-error.ts';
export { FailureLog, type RecordedFailure, readRecordedFailures } from './failures.ts';
export { FIGURE_FORMATS, figurePath } from './figures.ts';
export {
  checkpointFolder,
  controlPath,
  failuresPath,
  journalPath,
  logFolder,
  logPath,
  manifestPath,
  sweepPath,
} from './layout.ts';
export { isSweepDirectory, listSweepDirectories } from './list.ts';
export { isWrittenTo } from './lock.ts';
export { type Manifest, noteStops, readManifest } from './manifest.ts';
export { ASIDE_FILE } from './move-lines.ts';
export { type OpenOptions, openSweepDirectory } from './open-directory.ts';
export { outcomeLine, resultText } from './outcome-line.ts';
export { type Peek, peekSweepDirectory } from './peek.ts';
export { Progress, pendingTasks } from './progress.ts';
export { readOutcomes, readSweep } from './read-directory.ts';
export { outcomesDiffer } from './read-journal.ts';
export { recordingTime } from './recording-time.ts';
export { removeSocket } from './remove-socket.ts';
export { type Repair, repairDirectory } from './repair.ts';
export { readSeries, seriesPath } from './series.ts';
export type { SweepDirectory } from './sweep-directory.ts';
export { type Bookmark, JournalTail, type Read } from './tail-journal.ts';
