export { type ListedDirectory, listDirectories, sweepDirectoriesBelow } from './directories.ts';
export { readShippedSweeps, type ShippedSweep } from './shipped.ts';
export { describeDirectories, describeShipped } from './text.ts';
