import { expect, test } from 'vitest';
import { dumpTraining, requirePython, runPeer } from '../unit/dump/support.ts';

type Iteration = { iteration: number; quantities: { quantity: string; agrees: boolean }[] };

test('PyTorch comes to the same rates of sharpening, by triple backward, and to the same places on flows, with a fifth of the step', {
  timeout: 240_000,
}, (context) => {
  requirePython(context, 'torch');
  const activations = ['tanh', 'sigmoid', 'gelu', 'linear'];
  const sharpening = activations.map((activation) => {
    const solver = 'trajectory.solver={kind: lanczos, tolerance: 1e-5}';
    const set = [`grid.activation=${activation}`, 'trajectory.sharpening=true', solver];
    return dumpTraining({ set, cell: 0, iterations: [1, 29] });
  });
  const flows = dumpTraining({
    set: [
      'grid.activation=tanh',
      'grid.scheme={kind: constant, stepSize: 0.5}',
      'trajectory.iterations=25',
      'trajectory.flow={every: 12}',
      'trajectory.centralFlow={every: 12, alpha: 0.25}',
    ],
    cell: 0,
    iterations: [1, 13, 25],
  });
  const { stdout, stderr } = runPeer(['replay', '--json', ...sharpening, flows]);
  expect(stderr).toBe('');
  const trainings = JSON.parse(stdout).trainings as { iterations: Iteration[] }[];
  const check = ({ iterations }: { iterations: Iteration[] }, which: RegExp, count: number, what: string) => {
    for (const { iteration, quantities } of iterations) {
      const chosen = quantities.filter(({ quantity }) => which.test(quantity));
      expect(chosen).toHaveLength(count);
      for (const quantity of chosen) expect(quantity, `${what}, ${iteration}`).toMatchObject({ agrees: true });
    }
  };
  for (const [i, activation] of activations.entries()) {
    check(trainings[i], /^(mass|sharpening|norm of the gradient of sharp)/, 3 * 2 + 2, activation);
  }
  check(trainings[activations.length], /flow$/, 6, 'flows');
});
