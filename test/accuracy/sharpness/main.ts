/**
 * How far the sharpness along whole trainings is from that of a solver with a far smaller tolerance. `--markdown` names the file for the
 * report, `--iterations` shortens the trainings.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { say } from '../../../bench/speed/benchmark.ts';
import { describeMachine } from '../../../bench/speed/machine.ts';
import {
  layersOf,
  measured,
  median,
  runTrajectories,
  type Training,
} from '../../../reproduce/chapter-3/trajectories.ts';

const { values: options } = parseArgs({ options: { markdown: { type: 'string' }, iterations: { type: 'string' } } });
const SWEEPS = ['figure-3.1', 'figure-3.2'];
/** What the others are compared with. */
const EXACT = 1e-6;
const TOLERANCES = [1e-2, 3e-3, 1e-3, 1e-4];

const folder = mkdtempSync(join(tmpdir(), 'edgesweep-accuracy-'));
try {
  const exact = await trainingsWith(EXACT);
  const others: Training[][] = [];
  for (const tolerance of TOLERANCES) others.push(await trainingsWith(tolerance));
  const rows = exact.flatMap((training, i) =>
    others.map((found, k) => {
      const other = found[i];
      const name = Object.values(training.at).join(', ');
      const products = ['products', ...layersOf(other, 'products')].map((column) => mean(measured(other, column)));
      const network = errorsOf(training, other, ['sharpness']);
      const layers = errorsOf(training, other, layersOf(training));
      return [
        name,
        String(TOLERANCES[k]),
        products.reduce((sum, x) => sum + x).toFixed(1),
        ...wordsFor(network),
        ...wordsFor(layers),
      ];
    }),
  );
  const { revision, node } = await describeMachine();
  const head = ['activation', 'tolerance', 'products', ...columnsOf('network'), ...columnsOf('layers')];
  const text = `# Accuracy of the sharpness along a training

Printed by \`make sharpness-accuracy\` at revision ${revision}, Node ${node}. The trainings of ${SWEEPS.join(' and ')}, ${options.iterations ?? 5000} iterations with
a measurement of the network and its three layers at every tenth, by Lanczos from the eigenvectors of the measurement before; the same
weights whatever the tolerance (\`trajectory.solver.tolerance\`; the default is 0.001). Errors are relative to the values with a tolerance of ${EXACT}: the
median, the largest, and how many of the measurements are off by more than 0.1 % and 1 %. *Products*: mean of a measurement, of all four
blocks together. The large errors are second eigenvalues that were taken for the largest: the residual cannot tell.

${markdownTable([head, ...rows], { align: ['l', ...Array<string>(head.length - 1).fill('r')] })}
`;
  process.stdout.write(text);
  if (options.markdown !== undefined) writeFileSync(options.markdown, text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function trainingsWith(tolerance: number): Promise<Training[]> {
  const settings = [`trajectory.solver.tolerance=${tolerance}`];
  if (options.iterations !== undefined) settings.push(`trajectory.iterations=${options.iterations}`);
  const trainings: Training[] = [];
  for (const sweep of SWEEPS) {
    say(`${sweep}, tolerance ${tolerance}`);
    const words = settings.flatMap((setting) => ['--set', setting]);
    const results = await runTrajectories(join(folder, String(tolerance)), sweep, words);
    if (typeof results === 'string') throw new Error(results);
    trainings.push(...results.trainings);
  }
  return trainings;
}

function mean(values: readonly { value: number }[]): number {
  return values.reduce((sum, { value }) => sum + value, 0) / values.length;
}

/** Relative errors of the columns of one training, against the same of another. */
function errorsOf(exact: Training, other: Training, columns: readonly string[]): number[] {
  return columns.flatMap((column) => {
    const expected = measured(exact, column);
    return measured(other, column).map(({ iteration, value }, i) => {
      if (expected[i].iteration !== iteration) throw new Error(`${column}: not measured at the same iterations`);
      return Math.abs(value / expected[i].value - 1);
    });
  });
}

function columnsOf(what: string): string[] {
  return [`${what}: median`, 'largest', 'over 0.1 %', 'over 1 %'];
}

function wordsFor(errors: readonly number[]): string[] {
  const over = (limit: number) => `${errors.filter((error) => error > limit).length} of ${errors.length}`;
  return [median(errors).toExponential(1), Math.max(...errors).toExponential(1), over(0.001), over(0.01)];
}
