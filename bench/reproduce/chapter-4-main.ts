/**
 * Every table, figure and printed claim of chapter 4 and A.3, beside our numbers; writes a report to the file that `--markdown` names.
 * `--runs` for the figures (10 unless given, as in the thesis), `--data-dir` for CIFAR-10.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { publishedDigest } from '../../dist/shared/mod.js';
import { describeMachine } from '../speed/machine.ts';
import { CLAIMS, FIGURES, TWIN_CLAIMS, TWINS } from './chapter-4.ts';
import { writePart } from './document.ts';
import { claimsSection, claimsTable, type Done, figureSection } from './figures.ts';
import { runSweep } from './sweep.ts';
import { sigmoidSection, TABLES_INTRODUCTION, tableSection } from './tables.ts';

const { values: options } = parseArgs({
  options: { markdown: { type: 'string' }, runs: { type: 'string' }, 'data-dir': { type: 'string' } },
});
const runs = Number(options.runs ?? 10);
/** A run on images takes minutes even in the row space. */
const TWIN_RUNS = 4;
const more = options['data-dir'] === undefined ? [] : ['--data-dir', options['data-dir']];
const { revision, node } = await describeMachine();
const folder = mkdtempSync(join(tmpdir(), 'edgesweep-reproduce-'));
try {
  const done: Done = new Map();
  for (const sweep of FIGURES) {
    process.stderr.write(`${sweep}\n`);
    done.set(sweep, runSweep(folder, sweep, { runs, more: sweep.startsWith('figure-A') ? more : [] }));
  }
  const twins: Done = new Map();
  for (const sweep of TWINS) {
    process.stderr.write(`${sweep}\n`);
    twins.set(sweep, runSweep(folder, sweep, { runs: TWIN_RUNS, more: [...more, '--set', 'data.reduce=row-space'] }));
  }
  process.stderr.write('tables\n');
  const parts = [
    `# Reproduction of chapter 4

Made by \`make reproduce-chapter-4\`, revision ${revision}, Node ${node}. The figures' values are not printed in the thesis: what can be
compared is what the text says of them.
`,
    claimsSection(CLAIMS, done),
    `## Tables\n\n${TABLES_INTRODUCTION}\n`,
    tableSection(folder, 'table-4.1', 'Table 4.1: full batch'),
    tableSection(folder, 'table-4.2', 'Table 4.2: batch size 1'),
    sigmoidSection(folder),
    `## Figures

${runs} runs a cell, seed 0: mean ± half of its 95 % confidence interval. CIFAR-10 is taken from its published files alone, those of
digest ${publishedDigest('cifar10')}; where they are not at hand, its figures are not done.
`,
    ...[...done].map(([sweep, results]) => figureSection(sweep, results)),
    `## The same on Fashion-MNIST

What appendix A.3 says of CIFAR-10, asked of Fashion-MNIST, which Debian packages: 784 inputs instead of 3072, ${TWIN_RUNS} runs a cell, in the
row space of the inputs. The thesis has no such figures.

${claimsTable(TWIN_CLAIMS, twins).table}
`,
    ...[...twins].map(([sweep, results]) => figureSection(sweep, results)),
  ];
  const report = parts.join('\n');
  process.stdout.write(report);
  if (options.markdown !== undefined) writePart(options.markdown, 'chapter-4', report);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
