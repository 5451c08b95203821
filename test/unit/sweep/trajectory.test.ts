import { describe, expect, it } from 'vitest';
import { publishedDigest, schemeLabel } from '../../../shared/mod.ts';
import { expand, loadSweep, type TrajectorySweep } from '../../../shared/sweep/mod.ts';
import { refusalOfText, withFile } from './support.ts';

/** Three lines, as those of `load`. */
const HEAD = 'name: probe\ntitle: Probe\nexperiment: trajectory\n';
const GRID = 'grid: {activation: tanh, scheme: {kind: constant, stepSize: 0.1}}\n';

const load = (lines: string, set: string[] = []) =>
  withFile(HEAD + lines, (file) => loadSweep(file, { flags: { set } })) as TrajectorySweep;
const labels = (lines: string) => expand(load(lines)).cells.map(({ scheme }) => schemeLabel(scheme));

describe('a sweep of trajectories', () => {
  it('has defaults for all but the activation and the scheme', () => {
    const { cells, tasks } = expand(load(GRID));
    expect(tasks).toBe(1);
    expect(cells[0]).toEqual({
      activation: 'tanh',
      depth: 3,
      width: 10,
      dataset: { kind: 'synthetic', examples: 100, dimensions: 10, outputs: 10 },
      batchSize: 'full',
      initialization: 'pytorch-default',
      data: { draw: 'per-run' },
      scheme: { kind: 'constant', stepSize: 0.1 },
      trajectory: {
        arithmetic: 'trajectory-1',
        iterations: 5000,
        every: 10,
        layers: true,
        solver: { kind: 'lanczos', tolerance: 1e-3, maxProducts: 100, top: 1, bothEnds: false },
      },
    });
  });

  it('names a later arithmetic in cells that measure the preconditioned sharpness or on test examples, and in no others', () => {
    const arithmetics = (lines: string) => expand(load(lines)).cells.map(({ trajectory }) => trajectory.arithmetic);
    const optimizers = 'optimizer: [{kind: sgd}, {kind: adam}], activation: tanh';
    const [constant, measuring] = ['{kind: constant, stepSize: 0.1}', '{kind: 1/lambda}'];
    expect(arithmetics(`grid: {${optimizers}, scheme: ${constant}}`)).toEqual(['trajectory-1', 'trajectory-1']);
    // lambda is that of the preconditioned Hessian
    expect(arithmetics(`grid: {${optimizers}, scheme: ${measuring}}`)).toEqual(['trajectory-1', 'trajectory-2']);
    expect(arithmetics(`${GRID}trajectory: {test: true, gaussNewton: true}`)).toEqual(['trajectory-2']);
    expect(arithmetics(`${GRID}trajectory: {test: false, gaussNewton: true}`)).toEqual(['trajectory-1']);
  });

  it('takes the product of schemes and of their parameters, in the order written', () => {
    const schemes = '[{kind: constant, stepSize: [0.1, 0.2]}, {kind: 1/lambda, factor: {from: 1, to: 4, factor: 2}}]';
    expect(labels(`grid: {activation: tanh, scheme: ${schemes}}`)).toEqual([
      'constant 0.1',
      'constant 0.2',
      '1/lambda',
      '1/(2 lambda)',
      '1/(4 lambda)',
    ]);
    expect(labels(`grid: {scheme: ${schemes}, activation: [tanh, relu]}`)).toHaveLength(10);
  });

  it('has a loss, a Gauss-Newton matrix and a test set where they are asked for, and nothing of them elsewhere', () => {
    const dataset =
      'dataset: [{kind: mnist, examples: 900, classes: [3, 8]}, {kind: mnist, examples: 90}, ' +
      '{kind: mnist, examples: 9000, classes: [5]}, {kind: synthetic, examples: 20, dimensions: 3}]';
    const grid = `grid: {activation: tanh, ${dataset}, loss: mse, scheme: {kind: constant, stepSize: 0.1}}\n`;
    const { cells } = expand(load(`${grid}trajectory: {every: 20, gaussNewton: true, test: true}`));
    const digest = publishedDigest('mnist', 'test');
    expect(cells.map(({ trajectory }) => trajectory.test)).toEqual([
      { every: 20, examples: 900, digest },
      { every: 20, examples: 90, digest },
      { every: 20, examples: 892, digest },
      { every: 20, examples: 20 },
    ]);
    expect(cells.every((cell) => cell.trajectory.gaussNewton && cell.loss === undefined)).toBe(true);
    const off = expand(load(`${grid}trajectory: {every: 20, gaussNewton: false, test: false}`));
    const plain = expand(load(`${grid}trajectory: {every: 20}`));
    expect(off.cells).toEqual(plain.cells);
    expect(Object.keys(plain.cells[0].trajectory)).not.toContain('test');
    const images =
      'grid: {activation: tanh, dataset: {kind: mnist, examples: 90}, loss: [mse, cross-entropy], scheme: {kind: 1/lambda}}';
    expect(expand(load(images)).cells.map(({ loss }) => loss)).toEqual([undefined, 'cross-entropy']);
    const set = ['trajectory.test.examples=7', 'trajectory.test.every=3'];
    expect(expand(load(images, set)).cells[0].trajectory.test).toEqual({ every: 3, examples: 7, digest });
  });

  it('fills in the parameters of a scheme that are left out', () => {
    const { cells } = expand(load('grid: {activation: tanh, scheme: {kind: line-search, growth: 1.5}}'));
    expect(cells[0].scheme).toEqual({
      kind: 'line-search',
      c: 0.1,
      initialStepSize: 1,
      shrink: 0.9,
      growth: 1.5,
      maxTries: 100,
      batchesPerEpoch: 1,
    });
  });

  it('ties schemes with other keys, and is changed by flags', () => {
    const sweep = load(
      'grid: {width: [5, 10], activation: tanh, scheme: {kind: constant, stepSize: [0.1, 0.2]}}\nzip: [[width, scheme]]',
      ['trajectory.every=1', 'trajectory.solver.kind=power'],
    );
    expect(expand(sweep).cells.map(({ width, scheme }) => [width, schemeLabel(scheme)])).toEqual([
      [5, 'constant 0.1'],
      [10, 'constant 0.2'],
    ]);
    expect(sweep.trajectory).toMatchObject({ every: 1, solver: { kind: 'power', maxProducts: 100 } });
  });

  it('has batches and gauges of them, where a file says so', () => {
    const lines = 'grid: {activation: tanh, batchSize: [8, full], initialScale: 0.2, scheme: {kind: 1/lambda}}\n';
    const { cells } = expand(load(`${lines}trajectory: {batches: {size: 4}}`));
    expect(
      cells.map(({ batchSize, initialScale, trajectory: { batches } }) => [batchSize, initialScale, batches]),
    ).toEqual([
      [8, 0.2, { count: 100, size: 4 }],
      ['full', 0.2, { count: 100, size: 4 }],
    ]);
    const [cell] = expand(load(`${GRID}trajectory: {batches: false}`)).cells;
    expect([Object.keys(cell), Object.keys(cell.trajectory)].flat()).not.toContain('batches');
  });

  it('has optimisers with their gauge, and leaves out what is usual', () => {
    const optimizer = 'optimizer: [{kind: sgd}, {kind: adam, beta1: [0.5, 0.9]}, {kind: rmsprop}]';
    const scheme = 'scheme: {kind: warm-up, stepSize: 0.1, iterations: 9}';
    const { cells } = expand(load(`grid: {activation: tanh, ${optimizer}, ${scheme}}`));
    expect(cells.map(({ optimizer }) => optimizer)).toEqual([
      undefined,
      { kind: 'adam', beta1: 0.5, beta2: 0.999, epsilon: 1e-8 },
      { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      { kind: 'rmsprop', alpha: 0.99, epsilon: 1e-8 },
    ]);
    expect(Object.keys(cells[0])).not.toContain('optimizer');
    const adam = 'grid: {activation: tanh, optimizer: {kind: adam}, scheme: {kind: 1/lambda}}\n';
    const [on, off] = [true, false].map(
      (value) => expand(load(`${adam}trajectory: {preconditioned: ${value}}`)).cells[0],
    );
    expect([on, off].map(({ trajectory }) => trajectory.preconditioned)).toEqual([true, undefined]);
  });

  it.each([
    ['every: 0', `${GRID}trajectory: {every: 0}`, '5:21', 'at least 1'],
    ['no iterations', `${GRID}trajectory: {iterations: 0}`, '5:26', 'at least 1'],
    [
      'a scheme that there is not',
      'grid: {activation: tanh, scheme: {kind: 1/lamda}}',
      '4:41',
      'did you mean `1/lambda`?',
    ],
    [
      'a scheme without its parameter',
      'grid: {activation: tanh, scheme: {kind: constant}}',
      '4:34',
      'missing key `grid.scheme.stepSize`',
    ],
    [
      'a parameter of another scheme',
      'grid: {activation: tanh, scheme: {kind: 1/lambda, stepSize: 1}}',
      '4:51',
      'unknown key',
    ],
    ['a factor of 0', 'grid: {activation: tanh, scheme: {kind: 1/lambda, factor: 0}}', '4:59', 'at least 0.000001'],
    ['no scheme', 'grid: {activation: tanh}', '4:7', 'missing key `grid.scheme`'],
    [
      'a scheme twice',
      'grid: {activation: tanh, scheme: [{kind: 1/lambda}, {kind: 1/lambda, factor: 1}]}',
      '4:34',
      'is repeated',
    ],
    [
      'a batch larger than the data',
      'grid: {activation: tanh, batchSize: [1, 101], scheme: {kind: 1/lambda}}',
      '4:41',
      'a batch size of at most 100',
    ],
    ['batches of all examples', `${GRID}trajectory: {batches: {}}`, '5:23', 'fewer than 100 examples'],
    ['batches of as many examples', `${GRID}trajectory: {batches: {size: 100}}`, '5:23', 'not smaller than the data'],
    ['one batch', `${GRID}trajectory: {batches: {count: 1, size: 5}}`, '5:31', 'at least 2'],
    [
      'a central flow of batches',
      'grid: {activation: tanh, batchSize: 5, scheme: {kind: constant, stepSize: 0.1}}\ntrajectory: {centralFlow: {}}',
      '5:27',
      'descent on all examples',
    ],
    [
      'eigenvalues of more batches than there are',
      `${GRID}trajectory: {batches: {count: 5, size: 8, eigenvalues: 6}}`,
      '5:23',
      'at most `trajectory.batches.count`, 5',
    ],
    ['a search', `${GRID}search: {growth: 2}`, '5:1', 'unknown key'],
    [
      'more eigenvalues than the smallest layer has parameters',
      'grid: {activation: tanh, width: 2, dataset: {kind: synthetic, examples: 9, dimensions: 10}, scheme: {kind: 1/lambda}}\ntrajectory: {solver: {kind: lanczos, top: 7}}',
      '5:43',
      'at most 6',
    ],
    [
      'more eigenvalues than the network has parameters',
      'grid: {activation: tanh, depth: 1, dataset: {kind: synthetic, examples: 9, dimensions: 2}, scheme: {kind: 1/lambda}}\ntrajectory: {layers: false, solver: {kind: power, top: 7}}',
      '5:56',
      'at most 6',
    ],
    [
      'both ends of a power iteration',
      `${GRID}trajectory: {solver: {kind: power, bothEnds: true}}`,
      '5:36',
      'unknown key',
    ],
    ['a solver that there is not', `${GRID}trajectory: {solver: {kind: lancsos}}`, '5:29', 'did you mean `lanczos`?'],
    [
      'a denser measurement that is not',
      `${GRID}trajectory: {every: 5, near: {within: 0.1, every: 5}}`,
      '5:51',
      'fewer than `trajectory.every`, 5',
    ],
    ['a key twice in the figure', `${GRID}figure: {rows: [depth, width], lines: width}`, '5:16', 'is used twice'],
    ['a panel that there is not', `${GRID}figure: {panels: [los]}`, '5:19', 'did you mean `loss`?'],
    ['an axis of the other figures', `${GRID}figure: {x: depth}`, '5:13', 'one of iteration, time'],
    [
      'gradient flow without a time',
      'grid: {activation: tanh, scheme: {kind: layer 1/lambda}}\ntrajectory: {flow: {}}',
      '5:20',
      'step size per layer',
    ],
    [
      'gradient flow of an optimiser that has none',
      'grid: {activation: tanh, scheme: {kind: constant, stepSize: 0.1}, optimizer: {kind: adam}}\ntrajectory: {flow: {}}',
      '5:20',
      'no flow of this optimiser',
    ],
    [
      'a central flow of a step size that varies',
      'grid: {activation: tanh, scheme: {kind: 1/lambda}}\ntrajectory: {centralFlow: {}}',
      '5:27',
      'constant step size',
    ],
    ['densities that no series holds', `${GRID}trajectory: {density: {probes: 50, steps: 50}}`, '5:23', 'at most 2000'],
    ['a step of gradient flow that is not stable', `${GRID}trajectory: {flow: {alpha: 3}}`, '5:28', '1.8'],
    [
      'the preconditioned sharpness of plain descent',
      `${GRID}trajectory: {preconditioned: true}`,
      '5:30',
      'adam or rmsprop',
    ],
    [
      'a line search along momentum',
      'grid: {activation: tanh, optimizer: {kind: momentum}, scheme: [{kind: 1/lambda}, {kind: line-search}]}',
      '4:63',
      'may go uphill',
    ],
    [
      'the first preconditioner of adam',
      'grid: {activation: tanh, optimizer: {kind: adam}, scheme: {kind: 1/lambda0}}',
      '4:59',
      'one gradient',
    ],
    [
      'an edge of what is not measured',
      'grid: {activation: tanh, optimizer: {kind: rmsprop}, scheme: {kind: constant, stepSize: 0.1}}\ntrajectory: {near: {within: 0.1, every: 5}}',
      '5:20',
      '`preconditioned: true`',
    ],
    [
      'cross-entropy of what is no class',
      'grid: {activation: tanh, loss: [mse, cross-entropy], scheme: {kind: 1/lambda}}',
      '4:32',
      'cross-entropy needs classes: cell 1',
    ],
    ['a loss that there is not', 'grid: {activation: tanh, loss: mae, scheme: {kind: 1/lambda}}', '4:32', 'mse'],
    [
      'more test examples than there are',
      'grid: {activation: tanh, dataset: {kind: mnist, examples: 9}, scheme: {kind: 1/lambda}}\ntrajectory: {test: {examples: 10001}}',
      '5:20',
      'at most 10000 examples',
    ],
    [
      'more test examples of a class than there are',
      'grid: {activation: tanh, dataset: {kind: mnist, examples: 9, classes: [5]}, scheme: {kind: 1/lambda}}\ntrajectory: {test: {examples: 893}}',
      '5:20',
      'at most 892 examples',
    ],
    [
      'the published test files beside training files that are others',
      `grid: {activation: tanh, dataset: {kind: mnist, examples: 9, digest: ${'ab'.repeat(32)}}, scheme: {kind: 1/lambda}}\ntrajectory: {test: true}`,
      '5:20',
      'test.digest',
    ],
    ['a test set that is a number', `${GRID}trajectory: {test: 30}`, '5:20', 'trajectory.test'],
    ['row space', `${GRID}data: {reduce: row-space}`, '5:8', 'unknown key'],
  ])('refuses %s', (_, lines, position, words) => {
    const { code, text, where } = refusalOfText(HEAD + lines);
    expect({ code, where }).toEqual({ code: 'SWEEP_INVALID', where: `probe.yaml:${position}` });
    expect(text).toContain(words);
  });

  it('takes a gauge that is false for one that is not there', () => {
    const off = 'trajectory: {sharpening: false, flow: false, centralFlow: false, density: false}';
    expect(expand(load(GRID + off)).task(0, 0).id).toBe(expand(load(GRID)).task(0, 0).id);
  });

  it('refuses an experiment that there is not, and none', () => {
    const ofText = (line: string) => refusalOfText(`name: probe\ntitle: Probe\n${line}${GRID}`);
    expect(ofText('experiment: trajectoy\n').text).toContain('did you mean `trajectory`?');
    expect(ofText('').text).toContain('missing key `experiment`');
  });
});
