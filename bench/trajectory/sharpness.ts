import type { Solver } from '../../dist/shared/mod.js';
import { EigenMeter } from '../../dist/worker/experiments/trajectory/meter.js';
import { interleave, ratiosOf, repetitionsFor, type Spread, spreadOf, time } from '../speed/interleave.ts';
import type { PyTorch } from '../speed/pytorch.ts';
import type { Effort } from '../speed/time-shape.ts';
import type { Point } from './points.ts';

export const LANCZOS: Solver = { kind: 'lanczos', tolerance: 1e-3, maxProducts: 100, top: 1, bothEnds: false };
/** What speed is to be had for accuracy. */
const LOOSE: Solver = { ...LANCZOS, tolerance: 1e-2 };
const POWER: Solver = { kind: 'power', tolerance: 1e-3, maxProducts: 100, top: 1 };

export const SOLVERS = {
  run: 'Lanczos, as in a run',
  loose: 'Lanczos, as in a run, tolerance 0.01',
  cold: 'Lanczos, from a cold start',
  power: 'power',
  peer: 'PyTorch',
} as const;
type SolverName = (typeof SOLVERS)[keyof typeof SOLVERS];

/** Of the largest eigenvalue in float64; median and worst of the starts. */
export type Accuracy = { error: Spread; residual: Spread };

export type SolverTiming = {
  solver: SolverName;
  seconds: Spread;
  /** of all blocks, mean of the starts */
  products: number;
  timesFaster?: Spread;
  whole?: Accuracy;
  /** each layer's, all together */
  layers?: Accuracy;
};

export type PointTiming = {
  activation: string;
  inputs: number;
  iteration: number;
  sharpness?: number;
  solvers: SolverTiming[];
};

/** With more inputs the Hessian of the whole network is no matrix that fits in memory, and errors are not known. */
const MOST_INPUTS_JUDGED = 100;

type Verdict = { error: number; residual: number };
type Judged = { largest: number[]; verdicts: Verdict[][] };

/** Measures again and again, each time with other random numbers: loss and gradient at the point, then whole network and layers. */
export function measurer({ objective, w, vectors, iteration }: Point, solver: Solver, isWarm: boolean) {
  const gradient = new Float32Array(w.length);
  const blocks = ['all' as const, ...objective.blocks.keys()];
  let seed = 0;
  return () => {
    objective.evaluate(w, gradient);
    const meter = new EigenMeter(
      objective,
      solver,
      { seed: seed++, run: 0 },
      isWarm ? { vectors: new Map(vectors) } : {},
    );
    return meter.measure((all) => objective.multiply(all), blocks, iteration);
  };
}

export async function timeSharpness(point: Point, pytorch: PyTorch | undefined, effort: Effort, starts: number) {
  const judge = point.inputs <= MOST_INPUTS_JUDGED ? pytorch : undefined;
  const ours = [
    { name: SOLVERS.run, measure: measurer(point, LANCZOS, true) },
    { name: SOLVERS.loose, measure: measurer(point, LOOSE, true) },
    { name: SOLVERS.cold, measure: measurer(point, LANCZOS, false) },
    { name: SOLVERS.power, measure: measurer(point, POWER, false) },
  ].map(({ name, measure }) => {
    const found = Array.from({ length: starts }, measure);
    const repetitions = repetitionsFor(effort.secondsPerSample, measure);
    const sample = () =>
      time(() => {
        for (let i = 0; i < repetitions; i++) measure();
      }) / repetitions;
    const products = found.flat().reduce((sum, solution) => sum + solution.products, 0) / starts;
    return { name, sample, found, products };
  });
  const place = { folder: point.folder, iteration: point.iteration };
  let peerProducts: number[] = [];
  const peer = pytorch && {
    name: SOLVERS.peer,
    async sample() {
      const request = { kind: 'measure', ...place, measurements: 1 };
      const answer = await pytorch.ask<{ secondsPerMeasurement: number; products: number }>(request);
      peerProducts.push(answer.products);
      return answer.secondsPerMeasurement;
    },
  };
  await peer?.sample();
  peerProducts = [];
  const seconds = await interleave([...ours, ...(peer ? [peer] : [])], effort.rounds);
  const of = (name: string) => seconds.get(name) ?? [];

  const solvers: SolverTiming[] = [];
  let sharpness: number | undefined;
  for (const { name, found, products } of ours) {
    const request = found.map((solutions) => solutions.map((one) => [one.largest[0].value, [...one.vector]]));
    const judged = await judge?.ask<Judged>({ kind: 'judge', ...place, found: request });
    sharpness = judged?.largest[0];
    solvers.push({
      solver: name,
      seconds: spreadOf(of(name)),
      products,
      ...(judged && accuracyOf(judged)),
      ...(pytorch && { timesFaster: ratiosOf(of(SOLVERS.peer), of(name)) }),
    });
  }
  if (pytorch !== undefined) {
    const judged = await judge?.ask<Judged>({ kind: 'judge-own', ...place, starts });
    const products = peerProducts.reduce((sum, count) => sum + count, 0) / peerProducts.length;
    solvers.push({
      solver: SOLVERS.peer,
      seconds: spreadOf(of(SOLVERS.peer)),
      products,
      ...(judged && accuracyOf(judged)),
    });
  }
  const { activation, inputs, iteration } = point;
  return {
    activation,
    inputs,
    iteration,
    solvers,
    ...(sharpness !== undefined && { sharpness }),
  } satisfies PointTiming;
}

function accuracyOf({ verdicts }: Judged): { whole: Accuracy; layers: Accuracy } {
  const spread = (chosen: readonly Verdict[]): Accuracy => ({
    error: spreadOf(chosen.map(({ error }) => error)),
    residual: spreadOf(chosen.map(({ residual }) => residual)),
  });
  return { whole: spread(verdicts.map(([whole]) => whole)), layers: spread(verdicts.flatMap(([, ...rest]) => rest)) };
}
