/**
 * Every table, figure and printed claim of chapter 4 and A.3, beside our numbers; writes its part of the file that `--markdown` names, and
 * keeps results in the folder of `--out`, so that a second call computes only what is missing. `--runs` for the figures (default: 10, as
 * in the thesis), `--data-dir` for CIFAR-10.
 */
import { parseArgs } from 'node:util';
import { publishedDigest } from '../../dist/shared/mod.js';
import { describeMachine } from '../speed/machine.ts';
import { CLAIMS, FIGURES, TWIN_CLAIMS, TWINS } from './chapter-4.ts';
import { writePart } from './document.ts';
import { claimsSection, claimsTable, type Done, figureSection } from './figures.ts';
import { runSweep } from './sweep.ts';
import { sigmoidSection, TABLES_INTRODUCTION, tableSection } from './tables.ts';

const { values: options } = parseArgs({
  options: {
    markdown: { type: 'string' },
    out: { type: 'string', default: 'results/chapter-4' },
    runs: { type: 'string', default: '10' },
    'data-dir': { type: 'string' },
  },
});
const { out, 'data-dir': data } = options;
const runs = Number(options.runs);
const TWIN_RUNS = 4;
/** A run on images takes minutes; in the row space, seconds. */
const reduced = { data, settings: ['data.reduce=row-space'] };
/** What is run otherwise on CIFAR-10: 100 hidden units cost ten times what 10 do, and 1000 examples a hundred times what 100 do. */
const CIFAR: Record<string, Parameters<typeof runSweep>[2]> = {
  'figure-A.8': { runs, ...reduced },
  'figure-A.9': { runs: 4, ...reduced },
  'figure-A.10': { runs: 3, data, settings: [...reduced.settings, 'grid.dataset.examples=10,50,100,250,500'] },
};
const done: Done = new Map();
for (const sweep of FIGURES) {
  process.stderr.write(`${sweep}\n`);
  done.set(sweep, runSweep(out, sweep, CIFAR[sweep] ?? { runs }));
}
const twins: Done = new Map();
for (const sweep of TWINS) {
  process.stderr.write(`${sweep}\n`);
  twins.set(sweep, runSweep(out, sweep, { runs: TWIN_RUNS, ...reduced }));
}
process.stderr.write('tables\n');
const { revision, node } = await describeMachine();
const report = [
  `# Reproduction of chapter 4

Made by \`make reproduce-chapter-4\`, revision ${revision}, Node ${node}. The figures' values are not printed in the thesis: what can be
compared is what the text says of them.
`,
  claimsSection(CLAIMS, done),
  `## Tables\n\n${TABLES_INTRODUCTION}\n`,
  tableSection(out, 'table-4.1', 'Table 4.1: full batch'),
  tableSection(out, 'table-4.2', 'Table 4.2: batch size 1'),
  sigmoidSection(out),
  `## Figures

${runs} runs a cell, seed 0: mean ± half of its 95 % confidence interval. CIFAR-10 is taken from its published files alone, those of
digest ${publishedDigest('cifar10')}, and trained in the row space of its inputs
([wide-inputs.md](wide-inputs.md)); where the files are missing, its figures are not done. Figure A.9 has ${CIFAR['figure-A.9'].runs} runs a cell;
figure A.10 has ${CIFAR['figure-A.10'].runs}, and no 1000 examples, of which the text says nothing.
`,
  ...[...done].map(([sweep, results]) => figureSection(sweep, results)),
  `## The same on Fashion-MNIST

What appendix A.3 says of CIFAR-10, asked of Fashion-MNIST, which Debian packages: 784 inputs instead of 3072, ${TWIN_RUNS} runs a cell, in the
row space of the inputs. The thesis has no such figures.

${claimsTable(TWIN_CLAIMS, twins).table}
`,
  ...[...twins].map(([sweep, results]) => figureSection(sweep, results)),
].join('\n');
process.stdout.write(report);
if (options.markdown !== undefined) writePart(options.markdown, 'chapter-4', report);
