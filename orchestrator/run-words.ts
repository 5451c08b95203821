import { sweepPath } from './directory/mod.ts';

/** The words of a command that completes a directory of which no run is known. */
export const runWords = (directory: string): string[] => ['run', sweepPath(directory), '--out', directory];
