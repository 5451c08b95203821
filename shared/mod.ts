export { whenAborted } from './abort.ts';
export * from './activations.ts';
export { counted, duration, roughly } from './amounts.ts';
export { cellValue, describeCells, fullKey, keyName, SHORT_KEYS, varyingKeys } from './cell-keys.ts';
export * from './dataset.ts';
export * from './datasets.ts';
export type { ErrorCode } from './error-codes.ts';
export * from './errors.ts';
export { EXIT, EXIT_CODES } from './exit-codes.ts';
export * from './experiments/mod.ts';
export * from './gauges/mod.ts';
export { lazily, type Parsed } from './lazily.ts';
export {
  BASE,
  BLOCK_POINTS,
  blocksOf,
  type Interval,
  MAX_POINTS,
  type Place,
  placesOf,
  valueAtIndex,
} from './map-points.ts';
export * from './models.ts';
export { nearest } from './nearest.ts';
export * from './optimizer.ts';
export * from './outcome.ts';
export { npmInstallLine, packagedFile, packageRoot, softwareVersion } from './package.ts';
export * from './parametrization.ts';
export * from './schemes/mod.ts';
export { hasCredentials, hasPassword, isPasswordOption, withoutPasswords, withoutSecrets } from './secrets.ts';
export * from './series/mod.ts';
export * from './signing.ts';
export { endsOf, type Solver } from './solver.ts';
export * from './task.ts';
export { cellKey, taskId } from './task-id.ts';
export { oneLine, visible, visibleOnTerminal } from './visible.ts';
export * from './vocabulary.ts';
