import { expect, test } from 'vitest';
import { requireFashionMnist } from '../golden/image-tasks.ts';
import { dumpTraining, requirePython, runPeer } from '../unit/dump/support.ts';

test('PyTorch comes to the same loss, gradient, sharpness and Hessian of convolutional networks and transformers', {
  timeout: 240_000,
}, (context) => {
  requirePython(context, 'torch');
  requireFashionMnist();
  const transformer = ['grid.model=transformer,transformer-plain', 'grid.depth=6', 'grid.width=4'];
  const sweeps = [
    ['grid.model=cnn', 'grid.width=2', 'grid.dataset={kind: fashion-mnist, examples: 17, classes: [0, 1]}'],
    [...transformer, 'grid.dataset={kind: sorting, examples: 20, length: 3, vocabulary: 3}', 'grid.loss=cross-entropy'],
    [...transformer, 'grid.dataset={kind: modular-addition, examples: 20, vocabulary: 5}'],
  ];
  // the second and third are with and without layer normalisation, in the order of the grid
  const folders = sweeps.map((set, i) =>
    dumpTraining({
      set: ['grid.activation=tanh', 'trajectory.iterations=6', ...set],
      cell: i === 2 ? 1 : 0,
      iterations: [1, 2],
      dense: true,
    }),
  );
  const { status, stdout } = runPeer(['replay', '--json', ...folders]);
  for (const { dump, iterations } of JSON.parse(stdout).trainings) {
    expect(iterations.map(({ sameStep }: { sameStep?: boolean }) => sameStep)).toEqual([true, undefined]);
    for (const { quantities } of iterations) {
      for (const quantity of quantities) expect(quantity, dump).toMatchObject({ agrees: true });
      expect(quantities).toContainEqual(expect.objectContaining({ quantity: 'hessian' }));
    }
  }
  expect(status).toBe(0);
});
