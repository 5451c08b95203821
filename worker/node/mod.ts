export type { NodeOptions } from './context.ts';
export { type NodeEnd, runNode } from './node.ts';
export type { AllowedProgram } from './programs.ts';
export { selfTest } from './self-test.ts';
