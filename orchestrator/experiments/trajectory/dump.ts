import { EdgesweepError, type Matrix, type Series, sharpnessColumn, softwareVersion } from '../../../shared/mod.ts';
import { expand, type TrajectorySweep } from '../../../shared/sweep/mod.ts';
import {
  batchGauge,
  EigenMeter,
  engineOf,
  MATRICES,
  layersOf as parametersOf,
  startTraining,
  stepBatches,
} from '../../../worker/mod.ts';
import { type Choice, type DumpFile, dataFiles, encodeNpy, jsonFile, layerFiles } from '../../dump/mod.ts';
import type { Dump } from '../view.ts';

export const trajectoryDump: Dump<'trajectory'> = {
  options: { iterations: 'iterations of a training', dense: 'the Hessian at iterations of a training' },
  suffix: () => '',
  files: trajectoryFiles,
};

/** Parameters whose Hessian takes 64 MB, and as many products to compute. */
const LARGEST_DENSE = 4000;

type Started = ReturnType<typeof startTraining>;

/**
 * One training of a sweep of trajectories: X.npy (examples x inputs), Y.npy (examples x outputs), of a test set testX.npy and testY.npy, of
 * each iteration asked for a folder
 * `iteration-T` with the parameters before its step, the gradient in the same layout and, if wanted, the Hessian (parameters x
 * parameters, in the order of the files, each row by row), of optimisers the direction of the step and P, and trajectory.json.
 *
 * The training is that of the task to the bit: sharpness is measured once it is over, from the weights that were kept, by a meter that
 * has measured nothing before. So what is said of an iteration does not depend on which others were asked for either; what the task
 * itself recorded there, with eigenvectors of earlier iterations to start from, is in `recorded`.
 *
 * @throws EdgesweepError USAGE for iterations that do not exist; NETWORK_TOO_LARGE; what is wrong with the data
 */
function* trajectoryFiles(sweep: TrajectorySweep, choice: Choice, folders: readonly string[]): Generator<DumpFile> {
  const { cell: index, run, iterations: asked, dense = false } = choice;
  const task = expand(sweep).task(index, run);
  const { cell } = task;
  const most = cell.trajectory.iterations;
  for (const iteration of asked ?? []) {
    const fix = 'choose an earlier one, or train longer with `--set trajectory.iterations=...`';
    if (!Number.isInteger(iteration) || iteration < 1 || iteration > most) refuseIteration(iteration, most, fix);
  }
  const started = startTraining(task, engineOf(sweep.engine), folders);
  const { objective, problem, testExamples, training } = started;
  if (dense) requireSmall(objective.size);
  const { kept, last, divergence } = train(started, new Set(asked ?? [1]));
  if (divergence !== null) {
    for (const iteration of asked ?? [1]) {
      const fix = `it diverged at iteration ${divergence}: choose an earlier one, or a smaller step size`;
      if (iteration > last) refuseIteration(iteration, last, fix);
    }
  }

  yield* dataFiles(problem.examples);
  if (testExamples !== undefined) yield* dataFiles(testExamples, 'test');
  const described = [];
  const wanted = new Set(asked ?? [1, last]);
  for (const iteration of [...wanted].sort((a, b) => a - b)) {
    const { w, direction, preconditioner } = kept.get(iteration)!;
    const gradient = new Float32Array(w.length);
    const ofAll = objective.evaluate(w, gradient);
    // the step's, where it is of a batch
    const batch = stepAt(started, iteration, w, gradient);
    const loss = batch.loss ?? ofAll;
    const folder = `iteration-${iteration}/`;
    yield* layerFiles(layersOf(started, w), folder);
    yield* layerFiles(layersOf(started, gradient), `${folder}gradient-`);
    if (cell.optimizer !== undefined) yield* layerFiles(layersOf(started, direction), `${folder}direction-`);
    if (preconditioner !== undefined) {
      yield* layerFiles(layersOf(started, preconditioner), `${folder}preconditioner-`);
    }
    if (dense) yield [`${folder}hessian.npy`, encodeNpy(hessian(objective), [objective.size, objective.size])];
    described.push({
      iteration,
      loss,
      ...batch.described,
      ...describe(started, training.recorder.series(), iteration, preconditioner),
      ...describeBatches(started, iteration, w),
    });
  }
  yield jsonFile('trajectory.json', {
    sweep: sweep.name,
    cell: index,
    run,
    seed: sweep.seed,
    activation: cell.activation,
    depth: cell.depth,
    ...(cell.model && { model: cell.model }),
    ...(cell.optimizer && { optimizer: cell.optimizer }),
    scheme: cell.scheme,
    solver: cell.trajectory.solver.kind,
    divergence,
    iterations: described.map((one) => ({ ...one, columns: columnsAt(training.recorder.series(), one.iteration) })),
    task,
    version: softwareVersion(),
  });
}

/** Weights before a step, the direction of the step, and what the optimiser divides by. */
type Kept = { w: Float32Array; direction: Float32Array; preconditioner: Float32Array | undefined };

/** Trains to the end of the task; keeps what these iterations stepped from, and the last step that there was. */
function train({ training }: Started, wanted: ReadonlySet<number>) {
  const kept = new Map<number, Kept>();
  let last: { iteration: number; kept: Kept } | undefined;
  for (;;) {
    const { iteration } = training.state;
    const before = Float32Array.from(training.w);
    const ended = training.iterate();
    if (ended !== 'diverged') {
      const { direction, preconditioner } = training;
      const step = { w: before, direction: direction.slice(), preconditioner: preconditioner?.slice() };
      if (wanted.has(iteration)) kept.set(iteration, step);
      last = { iteration, kept: step };
    }
    if (ended === undefined) continue;
    if (last !== undefined) kept.set(last.iteration, last.kept);
    return {
      kept,
      last: last?.iteration ?? 0,
      divergence: ended === 'diverged' ? training.recorder.series().rows : null,
    };
  }
}

/** What was recorded of the iteration, and its sharpness measured aside, at the point of the objective's last `evaluate`. */
function describe(
  { objective, cell, seed, run }: Started,
  { columns }: Series,
  iteration: number,
  preconditioner: Float32Array | undefined,
) {
  const value = (name: string) => columns.get(name)?.[iteration - 1];
  const layers = (name: string) => objective.blocks.map((_, l) => value(`${name}_layer_${l + 1}`)!);
  /** eigenvalues from a cold start, and what the task itself recorded */
  const measured = (matrix: Matrix) => {
    const meter = new EigenMeter(objective, cell.trajectory.solver, { seed, run }, { matrix });
    const multiply = MATRICES[matrix]({ objective, preconditioner });
    const [whole, ...ofLayers] = meter
      .measure(multiply, ['all', ...objective.blocks.keys()], iteration)
      .map(({ largest: [pair], products }) => ({ ...pair, products }));
    const column = sharpnessColumn(matrix);
    const recorded = {
      sharpness: value(column),
      residual: value(`${column}_residual`),
      layerSharpness: layers(column),
      layerResiduals: layers(`${column}_residual`),
    };
    return { sharpness: whole, layerSharpness: ofLayers, recorded };
  };
  return {
    gradientNorm: value('gradient_norm'),
    layerGradientNorms: layers('gradient_norm'),
    stepSize: value('step_size') ?? layers('step_size'),
    ...measured('hessian'),
    ...(preconditioner && { preconditioned: measured('preconditioned') }),
  };
}

/** Of a training on batches the loss and the gradient of the iteration's batch, and its rows. */
function stepAt(started: Started, iteration: number, w: Float32Array, gradient: Float32Array) {
  const batches = stepBatches(started);
  if (batches === undefined) return {};
  const rows = batches.rowsAt(iteration);
  batches.objective.select(rows);
  return { loss: batches.objective.evaluate(w, gradient), described: { batch: [...rows] } };
}

/** Where the cell has them, the batches of a measurement at this iteration, and the means over them of each block. */
function describeBatches(started: Started, iteration: number, w: Float32Array) {
  const { batches } = started.cell.trajectory;
  if (batches === undefined) return {};
  const { measure, rowsAt } = batchGauge(started, batches);
  const means = [...measure(w, iteration).means].map(([block, of]) => ({ block, ...of }));
  return {
    batches: { rows: rowsAt(iteration).map((rows) => [...rows]), eigenvalues: batches.eigenvalues ?? 0, means },
  };
}

/** All that the task recorded at the iteration. */
const columnsAt = ({ columns }: Series, iteration: number): Record<string, number> =>
  Object.fromEntries(
    [...columns].flatMap(([name, values]) =>
      Number.isFinite(values[iteration - 1]) ? [[name, values[iteration - 1]]] : [],
    ),
  );

/** A vector in the layout of the parameters, by layer. */
function layersOf({ problem: { network, model } }: Started, vector: Float32Array) {
  let offset = 0;
  const take = (length: number) => {
    offset += length;
    return vector.subarray(offset - length, offset);
  };
  return parametersOf(model ?? 'mlp', network).map(({ inputs, weights, biases }) => {
    return { inputs, weights: take(weights.length), biases: take(biases.length) };
  });
}

/** Row i is the product with unit vector i. */
function hessian({ size, multiply }: Started['objective']): Float32Array {
  const rows = new Float32Array(size * size);
  for (let i = 0; i < size; i++) {
    const vector = new Float32Array(size);
    vector[i] = 1;
    multiply([{ layer: 'all', vector, product: rows.subarray(i * size, (i + 1) * size) }]);
  }
  return rows;
}

function requireSmall(parameters: number): void {
  if (parameters <= LARGEST_DENSE) return;
  throw new EdgesweepError('NETWORK_TOO_LARGE', 'the Hessian is too large to write', {
    expected: `at most ${LARGEST_DENSE} parameters with --dense`,
    got: `${parameters} parameters`,
    fix: 'omit --dense, or choose a cell with a smaller network',
  });
}

function refuseIteration(got: number, last: number, fix: string): never {
  const expected = last === 0 ? 'no iteration: the first one diverged' : `iterations from 1 to ${last}`;
  throw new EdgesweepError('USAGE', `no iteration ${got}`, { expected, got: `${got}`, fix });
}
