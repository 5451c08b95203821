/**
 * What many inputs cost, and what `reduce: row-space` changes and saves. `--markdown` names the file for the report; `--quick` takes a
 * tenth of the runs.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { engineOf, problemOf } from '../../dist/worker/mod.js';
import { interleave, ratiosOf, repetitionsFor, spreadOf, time } from '../speed/interleave.ts';
import { describeMachine, idleWarning } from '../speed/machine.ts';
import { cellOf, type Problem, reducedOf, reversed, rungOf, type Shape } from './problems.ts';

const { values: options } = parseArgs({ options: { markdown: { type: 'string' }, quick: { type: 'boolean' } } });
const ACTIVATIONS = ['linear', 'tanh', 'relu', 'sigmoid'] as const;
const ROUNDS = 9;
const STEPS = 100;
const machine = await describeMachine();
const warning = idleWarning(machine);
const progress = (text: string) => process.stderr.write(`${text}\n`);

/** Seconds of one rung, of four at once, the drawing of its weights included, as in a search. */
function rung(name: string, problem: Problem) {
  const engine = engineOf('simd');
  let rungs = 0;
  let trainer = engine.prepare(problem);
  const train = () => {
    const trials = Array.from({ length: engine.lanes }, () => ({ seed: 0, run: 0, rung: rungs++, stepSize: 1e-6 }));
    trainer.train(trials);
  };
  const repetitions = repetitionsFor(0.3, train);
  return {
    name,
    sample() {
      trainer = engine.prepare(problem);
      return (
        time(() => {
          for (let i = 0; i < repetitions; i++) train();
        }) /
        (repetitions * engine.lanes)
      );
    },
  };
}

/** Floating-point operations of a rung, two for each multiply-add; hidden units' functions are not counted. */
function operations({ network, examples }: Problem): number {
  const { inputs, width, outputs } = network;
  const first = inputs * width;
  const others = width * width + width * outputs;
  // forward and gradient for every weight, backward for all but the first layer's
  return 2 * STEPS * examples.count * (2 * first + 3 * others);
}

async function speedSection(): Promise<string> {
  const rows = [];
  const reductions = [0, 1, 2].map((run) => {
    const cell = cellOf({ activation: 'linear', examples: 100, inputs: 3072, growth: 1.01 });
    const direct = time(() => problemOf(cell, 0, run));
    return time(() => problemOf(reducedOf(cell), 0, run)) - direct;
  });
  for (const activation of ACTIVATIONS) {
    progress(`speed, ${activation}`);
    const wide = problemOf(cellOf({ activation, examples: 100, inputs: 3072, growth: 1.01 }), 0, 0);
    const few = problemOf(cellOf({ activation, examples: 100, inputs: 10, growth: 1.01 }), 0, 0);
    const small = problemOf(reducedOf(cellOf({ activation, examples: 100, inputs: 3072, growth: 1.01 })), 0, 0);
    const seconds = await interleave([rung('wide', wide), rung('few', few), rung('small', small)], ROUNDS);
    const of = (name: string) => seconds.get(name) ?? [];
    const gigaflops = (name: string, problem: Problem) =>
      (operations(problem) / spreadOf(of(name)).median / 1e9).toFixed(1);
    const ratio = ratiosOf(of('wide'), of('small'));
    rows.push([
      activation,
      gigaflops('few', few),
      gigaflops('wide', wide),
      (1000 * spreadOf(of('wide')).median).toFixed(1),
      (1000 * spreadOf(of('small')).median).toFixed(2),
      `${ratio.median.toFixed(1)} (${ratio.min.toFixed(1)} to ${ratio.max.toFixed(1)})`,
    ]);
  }
  const head = [
    'activation',
    'GFLOP/s, 10 inputs',
    'GFLOP/s, 3072 inputs',
    'ms a rung, direct',
    'ms a rung, reduced',
    'times',
  ];
  return `## Speed

One rung of a search: 100 steps on 100 examples, depth 3, width 10, ten targets, with the drawing of its weights, four rungs at once on
one thread. Medians of ${ROUNDS} interleaved rounds; GFLOP/s count two operations a multiply-add of the matrix products and nothing else,
so that tanh and sigmoid, whose hidden units cost as much as the products at 10 inputs, read low there. Reduced: 3072 inputs, trained
with \`reduce: row-space\` on 100. A run also needs the reduction itself once: ${spreadOf(reductions).median.toFixed(2)} seconds.

${markdownTable([head, ...rows], { align: ['l', 'r', 'r', 'r', 'r', 'r'] })}
`;
}

/** The rungs of direct, reduced and reversed runs. */
function compare(shape: Omit<Shape, 'activation'>, runs: number): string[] {
  const differences: number[] = [];
  let reordered = 0;
  for (const activation of ACTIVATIONS) {
    progress(`rungs, ${shape.examples} by ${shape.inputs}, ${activation}`);
    const cell = cellOf({ activation, ...shape });
    for (let run = 0; run < runs; run++) {
      const direct = problemOf(cell, 0, run);
      const rungs = [direct, problemOf(reducedOf(cell), 0, run), reversed(direct)].map((problem) =>
        rungOf(problem, cell, run),
      );
      differences.push(rungs[1] - rungs[0]);
      if (rungs[2] !== rungs[0]) reordered += 1;
    }
  }
  const n = differences.length;
  const mean = differences.reduce((sum, value) => sum + value, 0) / n;
  const sd = Math.sqrt(differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const differ = differences.filter((value) => value !== 0).length;
  return [
    `${shape.examples} by ${shape.inputs}`,
    String(shape.growth),
    `${differ} of ${n}`,
    `${reordered} of ${n}`,
    `${mean.toFixed(2)} ± ${(sd / Math.sqrt(n)).toFixed(2)}`,
    String(Math.max(...differences.map(Math.abs))),
  ];
}

const runs = (full: number) => (options.quick ? Math.ceil(full / 10) : full);
const speed = await speedSection();
const rows = [
  compare({ examples: 50, inputs: 400, growth: 1.02 }, runs(25)),
  compare({ examples: 100, inputs: 3072, growth: 1.1 }, runs(4)),
];
const head = ['examples by inputs', 'growth', 'rung differs', 'in the opposite order', 'mean difference', 'largest'];
const report = `# Many inputs

Made by \`make wide-inputs\`, revision ${machine.revision}, ${machine.processor}, ${machine.cores} cores, Node ${machine.node}.
${warning === undefined ? '' : `\n${warning}\n`}
${speed}
## What the reduction changes

The rung at which a search ends, computed directly and with \`reduce: row-space\`; beside it how often it changes when only the
examples come in the opposite order, so that nothing but the order of the sums differs. A quarter of the searches for each of ${ACTIVATIONS.join(', ')}.
Differences are reduced minus direct, in rungs: mean ± standard error, and the largest.

${markdownTable([head, ...rows], { align: ['l', 'r', 'r', 'r', 'r', 'r'] })}
`;
process.stdout.write(report);
if (options.markdown !== undefined) writeFileSync(options.markdown, report);
