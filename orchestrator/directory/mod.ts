export { makeDirectory, writeFileAtomically } from './atomic-write.ts';
export { diskError, systemCode } from './disk-error.ts';
export { isSweepDirectory, listSweepDirectories } from './list.ts';
export { type Manifest, readManifest } from './manifest.ts';
export { type OpenOptions, openSweepDirectory } from './open-directory.ts';
export { resultText } from './outcome-line.ts';
export { Progress, pendingTasks } from './progress.ts';
export { readOutcomes, readSweep } from './read-directory.ts';
export type { SweepDirectory } from './sweep-directory.ts';
