/**
 * What came out beyond the thesis: runs the sweeps of `sweeps/frontier/` with several seeds, computes every number and verdict from their
 * series, and writes them between the marks of the file that `--markdown` names; `--figures FOLDER` also draws the figures there, of the
 * first seed. Keeps results in the folder of `--out`, so that a second call computes only what is missing. `--only momentum,adam` for some
 * sections, `--runs 1` for fewer seeds. A section whose data are missing keeps its numbers, and the command fails.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from '../../bench/speed/machine.ts';
import { readTrajectories, type Trainings } from '../chapter-3/trajectories.ts';
import { PROGRAM } from '../sweep.ts';
import { fill } from './fill.ts';
import type { Section } from './section.ts';
import { SECTIONS } from './sections/mod.ts';

const { values: options } = parseArgs({
  options: {
    markdown: { type: 'string' },
    figures: { type: 'string' },
    out: { type: 'string', default: 'results/frontier' },
    'data-dir': { type: 'string' },
    only: { type: 'string' },
    runs: { type: 'string' },
  },
});
const most = options.runs === undefined ? Number.POSITIVE_INFINITY : Number(options.runs);
const wanted = options.only?.split(',') ?? SECTIONS.map(({ name }) => name);
const data = options['data-dir'] === undefined ? [] : ['--data-dir', options['data-dir']];
const { revision } = await describeMachine();

for (const name of wanted) {
  const section = SECTIONS.find((one) => one.name === name);
  if (section === undefined)
    throw new Error(`no section ${name}; there are ${SECTIONS.map((one) => one.name).join(', ')}`);
  const results: Trainings[] = [];
  const begun = performance.now();
  const missing = await runAll(section, results);
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  process.stderr.write(`${new Date().toISOString()} ${section.name}: ${missing ?? `${seconds} s`}\n`);
  if (missing !== undefined) {
    process.exitCode = 1;
    continue;
  }
  const text = `${made(section, results)}\n\n${section.write(...results)}`;
  process.stdout.write(`## ${section.name}\n\n${text}\n\n`);
  if (options.markdown === undefined) continue;
  writeFileSync(options.markdown, fill(readFileSync(options.markdown, 'utf8'), section.name, text));
}

/** Adds the results of each sweep of a section, or says why one could not be run. */
async function runAll(section: Section, results: Trainings[]): Promise<string | undefined> {
  for (const { sweep, runs, figure } of section.sweeps) {
    const out = join(options.out, sweep);
    const problem =
      (options.figures === undefined ? undefined : draw(sweep, figure ?? [], options.figures)) ??
      edgesweep(['run', `frontier/${sweep}`, '--runs', String(Math.min(runs, most)), '--out', out, '--quiet', ...data]);
    if (problem !== undefined) return problem;
    results.push(await readTrajectories(out));
  }
  return undefined;
}

/** The figure of the first seed: of a part of the sweep in a directory of its own, otherwise before the other seeds are there. */
function draw(sweep: string, settings: readonly string[], folder: string): string | undefined {
  const out = join(options.out, settings.length === 0 ? sweep : `${sweep}-figure`);
  const set = settings.flatMap((setting) => ['--set', setting]);
  const problem =
    edgesweep(['run', `frontier/${sweep}`, '--runs', '1', '--out', out, '--quiet', ...set, ...data]) ??
    edgesweep(['plot', out, '--format', 'png']);
  if (problem === undefined) copyFileSync(join(out, 'figure.png'), join(folder, `frontier-${sweep}.png`));
  return problem;
}

/** Runs the built program. @returns the first line of its error; undefined when there is none */
function edgesweep(words: readonly string[]): string | undefined {
  const ended = spawnSync(process.execPath, [PROGRAM, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  return ended.status === 0 ? undefined : ended.stderr.trim().split('\n')[0];
}

/** Where the numbers come from. */
function made({ name, sweeps, seeds }: Section, results: readonly Trainings[]): string {
  const commands = sweeps
    .map(({ sweep, runs }) => `\`edgesweep run frontier/${sweep} --runs ${Math.min(runs, most)}\``)
    .join(', ');
  const count = results.reduce((sum, { trainings }) => sum + trainings.length, 0);
  return `Made by \`make reproduce-frontier ONLY=${name}${options.runs === undefined ? '' : ` RUNS=${options.runs}`}\` from ${commands}, revision ${revision}: ${count} trainings. ${
    Math.max(...sweeps.map(({ runs }) => Math.min(runs, most))) === 1
      ? '**One seed**: verdicts are of single trainings.'
      : `Each run has ${seeds} of its own.\nNumbers are medians over the runs, with the lowest and the highest in brackets.`
  }`;
}
