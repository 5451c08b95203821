/**
 * Tables 4.1 and 4.2 by the probability of divergence: what the law of the first passage predicts for three ladders, beside runs of Algorithm 2
 * on other data; which activations change places between the first passage and the median; how much of the spread comes from the data.
 * Writes its part of the file that `--markdown` names, and keeps results in the folder of `--out`.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from '../../bench/speed/machine.ts';
import { writePart } from '../document.ts';
import { PROGRAM } from '../sweep.ts';
import {
  againSection,
  entries,
  type Law,
  orderSection,
  rejected,
  spreadSection,
  type Thresholds,
  tableSection,
} from './sections.ts';

const { values: options } = parseArgs({
  options: { markdown: { type: 'string' }, out: { type: 'string', default: 'results/survival' } },
});
const GROWTHS = [1.05, 1.01, 1.003];
/** Of the runs of Algorithm 2, so that their data are not those of the prediction. */
const SEED = 1;
const RUNS: Readonly<Record<string, number>> = { 'table-4.1 1.003': 50 };
/** Where the sigmoid's share jumps, full batch: the grid of the sweep is coarser than the ladders. */
const JUMP = ['grid.activation=sigmoid', 'grid.stepSize={from: 12.36, to: 12.6, factor: 1.0005}'];
/** Step sizes that are enough for one activation, where the law is tested again on the data of the runs. */
const AGAIN: Readonly<Record<string, readonly string[]>> = {
  '4.1 sigmoid': JUMP,
  '4.1 tanh': ['grid.activation=tanh', 'grid.stepSize={from: 1.6, to: 5, factor: 1.04}'],
};

const sections = [reproduce('4.1', 'full batch', ['sigmoid']), reproduce('4.2', 'batch size 1', [])];
const { revision, node } = await describeMachine();
const report = `# Survival: what Tables 4.1 and 4.2 would be for other ladders

Made by \`make reproduce-survival\`, revision ${revision}, Node ${node}. The probabilities of divergence are those of \`survival-4.1\` and \`survival-4.2\`, seed 0:
40 data sets, 32 initialisations on each at every step size. Measured: Algorithm 2 with seed ${SEED}, on other data. [survival.md](survival.md) explains
the quantities.

${sections.join('\n')}`;
process.stdout.write(report);
if (options.markdown !== undefined) writePart(options.markdown, 'survival', report);

/** @param refined activations whose share jumps between two step sizes of the shipped grid */
function reproduce(table: string, what: string, refined: readonly string[]): string {
  const survival = run(`survival-${table}`, `survival-${table}`, []);
  const fine = refined.length === 0 ? undefined : run(`survival-${table}`, `survival-${table}-fine`, set(JUMP));
  const measured = GROWTHS.map((growth) => {
    const runs = RUNS[`table-${table} ${growth}`] ?? 100;
    const words = ['--runs', String(runs), '--seed', String(SEED), ...set([`search.growth=${growth}`])];
    return run(`table-${table}`, `table-${table}-${growth}`, words);
  });
  const of = <Entry extends { row: { activation: string } }>(read: (directory: string) => Entry[]): Entry[] =>
    read(survival).flatMap((entry) =>
      fine !== undefined && refined.includes(entry.row.activation) ? read(fine).filter(isLike(entry)) : [entry],
    );
  const against = measured.flatMap((directory) => ['--against', directory]);
  const laws = of((directory) => entries<Law>(program(['first-passage', directory, ...against, '--json'])));
  const thresholds = of((directory) => entries<Thresholds>(program(['table', directory, '--json'])));
  const again = [...new Set(rejected(laws).map(({ row }) => row.activation))].flatMap((activation) => {
    const settings = AGAIN[`${table} ${activation}`] ?? [`grid.activation=${activation}`];
    const words = ['--seed', String(SEED), '--runs', '100', ...set(settings)];
    const directory = run(`survival-${table}`, `survival-${table}-${activation}-seed-${SEED}`, words);
    return entries<Law>(program(['first-passage', directory, ...against, '--json']));
  });
  return [
    `## Table ${table}, ${what}\n`,
    tableSection(laws, thresholds),
    againSection(again),
    orderSection(laws, thresholds, GROWTHS),
    spreadSection(laws, thresholds, GROWTHS),
  ].join('\n');
}

/** The same curve, and for laws the same ladder. */
function isLike<Entry extends { row: { activation: string }; search?: { growth: number } }>(entry: Entry) {
  return (other: Entry) =>
    other.row.activation === entry.row.activation && other.search?.growth === entry.search?.growth;
}

function set(settings: readonly string[]): string[] {
  return settings.flatMap((setting) => ['--set', setting]);
}

/** Runs a sweep in a folder of its own, where a second call finds it done. */
function run(sweep: string, folder: string, words: readonly string[]): string {
  process.stderr.write(`${new Date().toISOString()} ${folder}\n`);
  const out = join(options.out, folder);
  program(['run', sweep, ...words, '--out', out, '--quiet']);
  return out;
}

function program(words: readonly string[]): string {
  const ended = spawnSync(process.execPath, [PROGRAM, ...words], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (ended.status !== 0) throw new Error(`edgesweep ${words.join(' ')}: ${ended.stderr}`);
  return ended.stdout;
}
