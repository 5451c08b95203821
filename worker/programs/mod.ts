export { environmentOf, visibleGpus } from './environment.ts';
export { MachineFault, ProgramFailure } from './failure.ts';
export { packFolder, stampOf, unpackFolder } from './folder.ts';
export { headAndTail } from './log.ts';
export { createProgramPool, type ProgramPool, type ProgramPoolOptions } from './pool.ts';
export { FileCheck, type ProgramSpec, resolveCommand } from './spec.ts';
export { type Try, tryProgram } from './try.ts';
