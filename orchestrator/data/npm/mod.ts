export { putCifar } from './cifar-png.ts';
export { fromNpm, type NpmOptions } from './from-npm.ts';
export { moveFiles } from './move-files.ts';
export type { NpmPackage } from './package.ts';
