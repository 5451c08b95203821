import type { EngineName, SweepEngine } from '../../shared/mod.ts';
import type { Engine } from './engine.ts';
import { referenceEngine } from './reference/mod.ts';
import { createSimdEngine } from './simd/mod.ts';

export {
  type Engine,
  type Examples,
  LARGEST_FLOAT32,
  type Network,
  type Problem,
  type Reduction,
  type Training,
  type Trial,
} from './engine.ts';
export { emptyLayers, initialize } from './initialize.ts';
export type { Block, Direction, FullBatch, Objective } from './objective.ts';
export { shuffle } from './order.ts';
export { referenceObjective } from './reference/objective.ts';
export { simdObjective } from './simd/objective.ts';

const CREATE: Record<EngineName, () => Engine> = {
  reference: () => referenceEngine,
  simd: createSimdEngine,
};

const created = new Map<EngineName, Engine>();

/** The engine of that name, one a thread: the simd engine keeps its memory from one task to the next. */
export function engineOf(name: EngineName): Engine {
  const engine = created.get(name) ?? CREATE[name]();
  created.set(name, engine);
  return engine;
}

/** Any engine; TensorFlow.js is loaded only here, where a task needs it. */
export async function loadEngine(name: SweepEngine): Promise<Engine> {
  if (name !== 'tfjs') return engineOf(name);
  const { tfjsEngine } = await import('./tfjs/mod.ts');
  return tfjsEngine();
}

/** What computes TensorFlow.js's operations on this machine, and why that. */
export async function tfjsBackend(): Promise<{ backend: string; why: string }> {
  const { loadBackend } = await import('./tfjs/mod.ts');
  const { name, why } = await loadBackend();
  return { backend: name, why };
}
