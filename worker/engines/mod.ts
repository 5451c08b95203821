import { EdgesweepError, type EngineChoice, type EngineName, errorLine, type SweepEngine } from '../../shared/mod.ts';
import type { Engine } from './engine.ts';
import { createNativeEngine, wasBuilt } from './native/mod.ts';
import { referenceEngine } from './reference/mod.ts';
import { createSimdEngine } from './simd/mod.ts';
import { requireTfjs } from './tfjs/installed.ts';

export { type Engine, LARGEST_FLOAT32, type Training } from './engine.ts';
export { layersOf } from './graph/models.ts';
export { emptyLayers, initialize } from './initialize.ts';
export type { BatchObjective, Block, Direction, Objective } from './objective.ts';
export { batchesOf, batchSampler, shuffle } from './order.ts';
export type { Examples, FullBatch, LayerFactors, Network, Problem, Reduction, Trial } from './problem.ts';
export { layerShapes, layerStepSizes } from './problem.ts';
export { referenceObjective } from './reference/objective.ts';

const CREATE: Record<EngineName, () => Engine> = {
  reference: () => referenceEngine,
  simd: createSimdEngine,
  native: createNativeEngine,
};

const created = new Map<EngineName, Engine>();

/**
 * The engine of that name, one a thread: an engine keeps its memory from one task to the next.
 *
 * @throws EdgesweepError ENGINE_MISSING for `native` where there is none
 */
export function engineOf(choice: EngineChoice): Engine {
  return created.get(resolveEngine(choice)) as Engine;
}

/**
 * Which engine that is on this machine: `auto` is `native` where it was built and passes its test, and `simd` elsewhere, with a note where
 * there is a file that should have worked.
 *
 * @param note told this once in a process. Default: writes it to standard error
 * @throws EdgesweepError ENGINE_MISSING for `native` where there is none
 */
export function resolveEngine(choice: EngineChoice, note = noteOnStandardError): EngineName {
  const name = choice === 'auto' ? (fastest ?? 'native') : choice;
  try {
    if (!created.has(name)) created.set(name, CREATE[name]());
  } catch (error) {
    if (choice !== 'auto' || !(error instanceof EdgesweepError) || error.code !== 'ENGINE_MISSING') throw error;
    if (wasBuilt()) note(`${errorLine(error)}; using the simd engine instead`);
    fastest = 'simd';
    return resolveEngine(choice, note);
  }
  return name;
}

const noteOnStandardError = (text: string): void => console.error(`note: ${text}`);

/** what `auto` came to where it is not `native` */
let fastest: EngineName | undefined;

/**
 * Before anything is computed: is that engine on this machine?
 * @param note as `resolveEngine`
 * @throws EdgesweepError ENGINE_MISSING
 */
export function requireEngine(name: SweepEngine, note?: (text: string) => void): void {
  if (name === 'tfjs') requireTfjs();
  else resolveEngine(name, note);
}

/**
 * Any engine; TensorFlow.js is loaded only here, where a task needs it.
 * @throws EdgesweepError ENGINE_MISSING
 */
export async function loadEngine(name: SweepEngine): Promise<Engine> {
  if (name !== 'tfjs') return engineOf(name);
  requireTfjs();
  const { tfjsEngine } = await import('./tfjs/mod.ts');
  return tfjsEngine();
}

/**
 * What computes TensorFlow.js's operations on this machine, and why that.
 * @throws EdgesweepError ENGINE_MISSING
 */
export async function tfjsBackend(): Promise<{ backend: string; why: string }> {
  requireTfjs();
  const { loadBackend } = await import('./tfjs/mod.ts');
  const { name, why } = await loadBackend();
  return { backend: name, why };
}
