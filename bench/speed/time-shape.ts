import { timedReference, timedSimd, timedSimdLonger, timedTfjs } from './engines.ts';
import { type Contender, interleave, ratiosOf, type Spread, spreadOf } from './interleave.ts';
import type { PyTorch } from './pytorch.ts';
import type { Shape } from './shapes.ts';

/** Seconds per step and trial; ratios are round by round. */
export type ShapeTiming = {
  label: string;
  simd: Spread;
  /** without what a trial costs once: from trials of more steps */
  simdFurtherStep: Spread;
  reference: Spread;
  pytorch?: Spread;
  tfjs: Spread;
  /** which backend */
  tfjsLabel: string;
  timesReference: Spread;
  timesTfjs: Spread;
  timesPyTorch?: Spread;
  aim?: number;
};

export type Effort = { rounds: number; secondsPerSample: number };

export async function timeShape(shape: Shape, pytorch: PyTorch | undefined, effort: Effort): Promise<ShapeTiming> {
  const { rounds, secondsPerSample } = effort;
  const longer = timedSimdLonger(shape, secondsPerSample);
  const tfjs = await timedTfjs(shape, secondsPerSample);
  const contenders: Contender[] = [
    { name: 'simd', ...timedSimd(shape, secondsPerSample) },
    { name: 'longer', ...longer },
    { name: 'reference', ...timedReference(shape, secondsPerSample) },
    { name: 'tfjs', sample: tfjs.sample },
  ];
  if (pytorch !== undefined) {
    const guess = await pytorch.secondsPerStep(shape, 20);
    const steps = Math.max(20, Math.round(secondsPerSample / guess));
    contenders.push({ name: 'pytorch', sample: () => pytorch.secondsPerStep(shape, steps) });
  }
  const seconds = await interleave(contenders, rounds);
  const of = (name: string) => seconds.get(name) ?? [];
  const simd = of('simd');
  const furtherSteps = of('longer').map((perStep, round) => {
    return (perStep * longer.steps - simd[round] * shape.steps) / (longer.steps - shape.steps);
  });
  return {
    label: shape.label,
    simd: spreadOf(simd),
    simdFurtherStep: spreadOf(furtherSteps),
    reference: spreadOf(of('reference')),
    tfjs: spreadOf(of('tfjs')),
    tfjsLabel: tfjs.label,
    timesReference: ratiosOf(of('reference'), simd),
    timesTfjs: ratiosOf(of('tfjs'), simd),
    ...(pytorch !== undefined && {
      pytorch: spreadOf(of('pytorch')),
      timesPyTorch: ratiosOf(of('pytorch'), simd),
    }),
    ...(shape.aim !== undefined && { aim: shape.aim }),
  };
}
