/**
 * Every table, figure and printed claim of chapter 4 and A.3, beside our numbers; writes a report to the file that `--markdown` names.
 * `--runs` for the figures (the thesis has 10), `--data-dir` for CIFAR-10.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from '../speed/machine.ts';
import { FIGURES } from './chapter-4.ts';
import { claimsSection, type Done, figureSection } from './figures.ts';
import { runSweep } from './sweep.ts';
import { sigmoidSection, TABLES_INTRODUCTION, tableSection } from './tables.ts';

const { values: options } = parseArgs({
  options: { markdown: { type: 'string' }, runs: { type: 'string' }, 'data-dir': { type: 'string' } },
});
const runs = Number(options.runs ?? 30);
const more = options['data-dir'] === undefined ? [] : ['--data-dir', options['data-dir']];
const { revision, node } = await describeMachine();
const folder = mkdtempSync(join(tmpdir(), 'edgesweep-reproduce-'));
try {
  const done: Done = new Map();
  for (const sweep of FIGURES) {
    process.stderr.write(`${sweep}\n`);
    done.set(sweep, runSweep(folder, sweep, { runs, more: sweep.startsWith('figure-A') ? more : [] }));
  }
  process.stderr.write('tables\n');
  const parts = [
    `# Reproduction of chapter 4

Made by \`make reproduce-chapter-4\`, revision ${revision}, Node ${node}. The figures' values are not printed in the thesis: what can be
compared is what the text says of them.
`,
    claimsSection(done),
    `## Tables\n\n${TABLES_INTRODUCTION}\n`,
    tableSection(folder, 'table-4.1', 'Table 4.1: full batch'),
    tableSection(folder, 'table-4.2', 'Table 4.2: batch size 1'),
    sigmoidSection(folder),
    `## Figures\n\n${runs} runs a cell, seed 0: mean ± half of its 95 % confidence interval.\n`,
    ...[...done].map(([sweep, results]) => figureSection(sweep, results)),
  ];
  const report = parts.join('\n');
  process.stdout.write(report);
  if (options.markdown !== undefined) writeFileSync(options.markdown, report);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
