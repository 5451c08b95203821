import { EdgesweepError, type EngineName } from '../../../shared/mod.ts';
import type { Engine, Trainer } from '../engine.ts';
import { withGraphs } from '../graph/engine.ts';
import { machineOn } from '../simd/graph.ts';
import type { Kernel } from '../simd/kernel.ts';
import { batchObjectiveOn, objectiveOn } from '../simd/objective.ts';
import { isAcross, prepareTrainer } from '../simd/trainer.ts';
import { type Addon, lanesOf, loadAddon } from './addon.ts';

export { wasBuilt } from './addon.ts';

import { instantiate } from './kernel.ts';
import { passesGraphTest, passesSelfTest } from './self-test.ts';

/**
 * The kernel of `simd`, translated to C++ and compiled for vectors of 16 lanes (AVX-512), 8 (AVX2) and 4 (SSE2, NEON): every lane does what
 * the reference engine does, in the same order, so the bits are the same.
 *
 * @throws EdgesweepError ENGINE_MISSING where there is no native kernel, or it does not compute what it should; USAGE
 */
export function createNativeEngine(addon: Addon = loadAddon()): Engine {
  const engine = engineOn(addon, lanesOf(addon));
  // the widths are different machine code
  for (const lanes of lanesOf(addon)) {
    if (LAYOUTS.every((across) => passesSelfTest(engineOn(addon, [lanes], across)))) continue;
    throw disagree(lanes);
  }
  return engine;
}

function disagree(lanes: number): EdgesweepError {
  return new EdgesweepError('ENGINE_MISSING', 'the native kernel and the reference engine disagree', {
    where: `${lanes} lanes, ${process.arch}`,
    expected: 'the same bits',
    got: 'others',
    fix: 'check the memory of this machine; run `npm run build`; use --engine simd meanwhile',
  });
}

/** What the lanes are: networks, or units of one. */
const LAYOUTS = [() => false, () => true];

/**
 * @param widths numbers of lanes, most first
 * @param across are the lanes units of one network?
 */
export function engineOn(addon: Addon, widths: readonly number[], across = isAcross): Engine {
  // one instance of each width for all problems of this engine: its memory grows to the largest and stays
  const kernels = new Map<number, Kernel>();
  const kernelOf = (lanes: number): Kernel => {
    const kernel = kernels.get(lanes) ?? instantiate(addon, lanes);
    kernels.set(lanes, kernel);
    return kernel;
  };
  let areTested = false;
  let areSound = true;
  const perceptrons: Engine & { name: EngineName } = {
    name: 'native',
    label: 'native',
    lanes: widths[0],
    prepare(problem) {
      const isAcross = across(problem);
      const prepare = (lanes: number) => prepareTrainer('native', kernelOf(lanes), problem, isAcross);
      return isAcross ? prepare(widths[0]) : trainerOf(widths, prepare);
    },
    objective: (problem) => objectiveOn(instantiate(addon, widths[0]), problem),
    batchObjective: (problem) => batchObjectiveOn(instantiate(addon, widths[0]), problem),
  };
  const engine = withGraphs(perceptrons, (problem) => {
    // only where there are any: most sweeps do without
    if (!areTested) {
      areTested = true;
      areSound = passesGraphTest(engine);
    }
    if (!areSound) throw disagree(widths[0]);
    return machineOn(() => instantiate(addon, widths[0]), problem);
  });
  return engine;
}

/**
 * Takes the fewest lanes that hold the trials: what is left of a short search costs less on a narrow vector. Wide vectors need more memory;
 * networks for which that is not there are trained on narrower ones.
 */
function trainerOf(widths: readonly number[], prepare: (lanes: number) => Trainer): Trainer {
  const prepared = new Map<number, Trainer>();
  const prepareOnce = (lanes: number): Trainer => {
    const trainer = prepared.get(lanes) ?? prepare(lanes);
    prepared.set(lanes, trainer);
    return trainer;
  };
  const fitting = widths.slice(firstThatFits(widths, prepareOnce));
  const trainerFor = (count: number): Trainer => prepareOnce(fitting.findLast((width) => width >= count) ?? fitting[0]);
  return {
    lanes: fitting[0],
    train: (trials) => trainerFor(trials.length).train(trials),
    trainAll: (trials) => trainerFor(trials.length).trainAll(trials),
  };
}

/** Only the widest is prepared, until a group of trials asks for another. */
function firstThatFits(widths: readonly number[], prepare: (lanes: number) => Trainer): number {
  for (let i = 0; ; i++) {
    try {
      prepare(widths[i]);
      return i;
    } catch (error) {
      const tooLarge = error instanceof EdgesweepError && error.code === 'NETWORK_TOO_LARGE';
      if (!tooLarge || i === widths.length - 1) throw error;
    }
  }
}
