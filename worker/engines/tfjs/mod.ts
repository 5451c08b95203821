import type { Engine } from '../engine.ts';

/** The engine on TensorFlow.js. */
export async function tfjsEngine(): Promise<Engine> {
  throw new Error('not there yet');
}
