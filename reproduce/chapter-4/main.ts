/**
 * Every table, figure and printed claim of chapter 4 and A.3, beside our numbers; writes three parts of the file that `--markdown` names, on
 * synthetic data, CIFAR-10 and Fashion-MNIST, or one (`--part cifar10`); keeps results in the folder of `--out`, so that a second call
 * computes only what is missing. `--runs` for the figures (default: 10, as in the thesis), `--data-dir` for CIFAR-10.
 */
import { parseArgs } from 'node:util';
import { describeMachine } from '../../bench/speed/machine.ts';
import { publishedDigest } from '../../dist/shared/mod.js';
import { type Part, writePart } from '../document.ts';
import { runSweep } from '../sweep.ts';
import { CIFAR, CIFAR_CLAIMS, CLAIMS, FIGURES, TWIN_CLAIMS, TWINS } from './claims.ts';
import { claimsSection, claimsTable, type Done, figureSection } from './figures.ts';
import { sigmoidSection, TABLES_INTRODUCTION, tableSection } from './tables.ts';

const { values: options } = parseArgs({
  options: {
    markdown: { type: 'string' },
    out: { type: 'string', default: 'results/chapter-4' },
    part: { type: 'string' },
    runs: { type: 'string', default: '10' },
    'data-dir': { type: 'string' },
  },
});
const { out, 'data-dir': data } = options;
const runs = Number(options.runs);
const TWIN_RUNS = 4;
/** A run on images takes minutes; in the row space, seconds. */
const reduced = { data, settings: ['data.reduce=row-space'] };
/** On CIFAR-10: 100 hidden units cost ten times what 10 do, and 1000 examples a hundred times what 100 do. */
const ON_CIFAR: Record<string, Parameters<typeof runSweep>[2]> = {
  'figure-A.8': { runs, ...reduced },
  'figure-A.9': { runs: 4, ...reduced },
  'figure-A.10': { runs: 3, data, settings: [...reduced.settings, 'grid.dataset.examples=10,50,100,250'] },
};
const { revision, node } = await describeMachine();
const made = `Made by \`make reproduce-chapter-4\`, revision ${revision}, Node ${node}.`;

if (isWanted('synthetic')) {
  const done = runAll(FIGURES, () => ({ runs }));
  process.stderr.write('tables\n');
  write(
    'chapter-4',
    `# Reproduction of chapter 4

${made} The thesis does not print the values of its figures:
the claims are those of its text.
`,
    claimsSection(CLAIMS, done),
    `## Tables\n\n${TABLES_INTRODUCTION}\n`,
    tableSection(out, 'table-4.1', 'Table 4.1: full batch'),
    tableSection(out, 'table-4.2', 'Table 4.2: batch size 1'),
    sigmoidSection(out),
    `## Figures\n\n${runs} runs a cell, seed 0: mean ± half of its 95 % confidence interval.\n`,
    ...figures(done),
  );
}
if (isWanted('cifar10')) {
  const done = runAll(CIFAR, (sweep) => ON_CIFAR[sweep]);
  write(
    'chapter-4-cifar10',
    `# Reproduction of appendix A.3: CIFAR-10

${made} CIFAR-10 comes from its published files, with the
digest ${publishedDigest('cifar10')}, and trained in the row space of its inputs
([wide-inputs.md](wide-inputs.md)); without the files, its figures are left out. Runs per cell, seed 0:
${CIFAR.map((sweep) => `${ON_CIFAR[sweep].runs} of ${sweep}`).join(', ')}; the last has up to 250 examples, and the text says nothing about it alone.
`,
    claimsSection(CIFAR_CLAIMS, done),
    '## Figures\n\nMean ± half of its 95 % confidence interval.\n',
    ...figures(done),
  );
}
if (isWanted('fashion-mnist')) {
  const done = runAll(TWINS, () => ({ runs: TWIN_RUNS, ...reduced }));
  write(
    'chapter-4-fashion-mnist',
    `# Reproduction of appendix A.3: the same on Fashion-MNIST

${made} What appendix A.3 says about CIFAR-10, tested on Fashion-MNIST, which Debian packages: 784 inputs instead of 3072, ${TWIN_RUNS} runs a
cell, in the row space of the inputs. The thesis has no such figures.

${claimsTable(TWIN_CLAIMS, done).table}
`,
    ...figures(done),
  );
}

function isWanted(part: Part): boolean {
  return options.part === undefined || options.part === part;
}

function runAll(sweeps: readonly string[], how: (sweep: string) => Parameters<typeof runSweep>[2]): Done {
  return new Map(
    sweeps.map((sweep) => {
      process.stderr.write(`${sweep}\n`);
      return [sweep, runSweep(out, sweep, how(sweep))];
    }),
  );
}

function figures(done: Done): string[] {
  return [...done].map(([sweep, results]) => figureSection(sweep, results));
}

function write(name: string, ...sections: string[]): void {
  const text = sections.join('\n');
  process.stdout.write(`${text}\n`);
  if (options.markdown !== undefined) writePart(options.markdown, name, text);
}
