import { expand, loadSweepOf } from '../../shared/sweep/mod.ts';
import { engineOf, problemOf } from '../../worker/mod.ts';

/** Steps of a training, as in `extra/cnn`. */
const STEPS = 20;
/** So small that no training diverges. */
const STEP_SIZE = 1e-3;

const CNN = {
  sweep: 'frontier/cnn',
  images: (count: number, width: number) => [`grid.dataset.examples=${count}`, `grid.width=${width}`],
};

/** What a search trains: on all examples where there is no batch size. */
export const TRAININGS = [
  { name: 'cnn, width 8, batch size 1', sweep: CNN.sweep, set: CNN.images(160, 8), batchSize: 1 },
  { name: 'cnn, width 8, batch size 8', sweep: CNN.sweep, set: CNN.images(160, 8), batchSize: 8 },
  { name: 'cnn, width 8, 20 images', sweep: CNN.sweep, set: CNN.images(20, 8), batchSize: 20 },
  { name: 'cnn, width 32, 20 images', sweep: CNN.sweep, set: CNN.images(20, 32), batchSize: 20 },
  { name: 'transformer, width 16, batch size 1', sweep: 'frontier/transformer', set: [], batchSize: 1 },
  { name: 'transformer, width 16, batch size 8', sweep: 'frontier/transformer', set: [], batchSize: 8 },
  { name: 'transformer, width 16, 200 sequences', sweep: 'frontier/transformer', set: [], batchSize: 200 },
] as const;

type Case = (typeof TRAININGS)[number];

/** A way of training of a peer, and how many trials it takes at once. */
type Way = { way: string; group: number; microseconds: number };

type Row = { name: string; native: number; simd: number; pytorch: Way | undefined; jax: Way | undefined };

type Means = {
  data: readonly string[];
  /** milliseconds of a call */
  best(action: () => void): number;
  ask(library: 'pytorch' | 'jax', words: readonly number[]): Way[] | undefined;
};

/** Microseconds of a step of a trial, all that a training costs divided by its steps; of a peer's ways the fastest. */
export function timeTraining(one: Case, { data, best, ask }: Means): Row {
  const ours = (engine: 'native' | 'simd') => {
    const { task } = expand(loadSweepOf('trajectory', one.sweep, { flags: { set: [...one.set] } }));
    const { cell } = task(0, 0);
    const search = { initialStepSize: STEP_SIZE, growth: 2, steps: STEPS, ceiling: STEP_SIZE };
    const problem = problemOf({ ...cell, batchSize: one.batchSize, search } as never, 0, 0, data);
    const trainer = engineOf(engine).prepare(problem);
    let rung = 0;
    const train = () => {
      trainer.train(
        Array.from({ length: trainer.lanes }, () => ({ seed: 0, run: 0, rung: rung++, stepSize: STEP_SIZE })),
      );
    };
    return (1000 * best(train)) / STEPS / trainer.lanes;
  };
  const fastest = (library: 'pytorch' | 'jax') =>
    ask(library, [one.batchSize, STEPS])?.toSorted((a, b) => a.microseconds - b.microseconds)[0];
  return {
    name: one.name,
    native: ours('native'),
    simd: ours('simd'),
    pytorch: fastest('pytorch'),
    jax: fastest('jax'),
  };
}

export function trainingLines(rows: readonly Row[]): string[] {
  const shown = (way: Way | undefined) =>
    way === undefined ? '–' : `${Number(way.microseconds.toPrecision(3))} (${way.way}, ${way.group})`;
  return [
    '## Trainings of a search',
    '',
    `Microseconds of processor time for a step of a trial, one thread: trainings of ${STEPS} steps from fresh parameters, with everything that they cost, divided`,
    'by their steps. Of each peer the fastest of its ways, with the number of trials that it takes at once. PyTorch: the plain loop, and',
    '`torch.func.vmap` over trials. JAX: `jit` of the whole training, `lax.scan` over its steps, `vmap` over trials.',
    '',
    '| trainings | native | simd | PyTorch | JAX | best / native |',
    '| :-- | --: | --: | --: | --: | --: |',
    ...rows.map(({ name, native, simd, pytorch, jax }) => {
      const peers = [pytorch, jax].flatMap((way) => (way === undefined ? [] : [way.microseconds]));
      const ratio = peers.length === 0 ? '–' : (Math.min(...peers) / native).toFixed(1);
      return `| ${name} | ${Number(native.toPrecision(3))} | ${Number(simd.toPrecision(3))} | ${shown(pytorch)} | ${shown(jax)} | ${ratio} |`;
    }),
  ];
}
