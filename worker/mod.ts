export { type CrosscheckPool, createCrosscheckPool } from './crosscheck-pool.ts';
export {
  CIFAR_ARCHIVE,
  contentsOf,
  type FoundFile,
  findFiles,
  foldersWithin,
  GZIP_EXCESS,
  giveName,
  lacking,
  locate,
  otherFiles,
  type Place,
  type Read,
  readArchive,
  readImages,
  readPlace,
  readTestPart,
  requireData,
  sumsOf,
  type TestPart,
} from './data/mod.ts';
export {
  engineOf,
  initialize,
  layerStepSizes,
  layersOf,
  loadEngine,
  requireEngine,
  resolveEngine,
  shuffle,
  tfjsBackend,
} from './engines/mod.ts';
export {
  batchGauge,
  type Comparison,
  type Computed,
  EigenMeter,
  type EnginePair,
  ladder,
  MATRICES,
  pointsOf,
  problemOf,
  removeCheckpoints,
  runTask,
  startTraining,
  stepBatches,
  trainingProblem,
} from './experiments/mod.ts';
export { type ComputedOutcome, createPool, type Pool, type PoolOptions } from './pool.ts';
export {
  createProgramPool,
  headAndTail,
  type ProgramPool,
  type ProgramSpec,
  tryProgram,
  visibleGpus,
} from './programs/mod.ts';
export { decodeUntrusted } from './series-decoder.ts';
export { startThreads } from './threads.ts';
