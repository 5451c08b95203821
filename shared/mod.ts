export * from './datasets.ts';
export * from './errors.ts';
export { packageRoot, softwareVersion } from './package.ts';
export { withoutSecrets } from './secrets.ts';
export * from './sweep/mod.ts';
export * from './task.ts';
export * from './vocabulary.ts';
