import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inProcess, makeFolder, outcomesText, startHere, tableFiles, waitFor } from '../support/mod.ts';

const PROGRAM = String.raw`number() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$EDGESWEEP_IN"; }
for step in 1 2; do echo "{\"step\": $step, \"loss\": $(number x).$step}" >&3; done
echo "{\"loss\": $(number x), \"spread\": $(number run)}" >&3
`;

const SWEEP =
  'program: {name: steps, command: sh train.sh}\nruns: 2\ngrid: {params.x: [3, 5]}\nfigure: {panels: [loss], value: spread}';
const SHARDS = ['1/2', '2/2'];

function writeSweep(cwd: string, experiment: string, text: string): string {
  writeFileSync(join(cwd, 'train.sh'), PROGRAM);
  writeFileSync(join(cwd, 'probe.yaml'), `name: probe\ntitle: Probe\nexperiment: ${experiment}\n${text}\n`);
  return 'probe.yaml';
}

async function succeed(words: readonly string[], cwd: string): Promise<string> {
  const ended = await inProcess(words, { cwd });
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return ended.stdout;
}

const run = (cwd: string, out: string, ...words: string[]) =>
  succeed(['run', 'probe.yaml', '--out', out, '--quiet', '--threads', '1', ...words], cwd);

/** Columns of an export that say how an outcome came about. */
const PASSING = ['seconds'];

/** Everything that is shown or exported of a directory. */
async function shown(cwd: string, directory: string) {
  const out = join(cwd, directory);
  await succeed(['plot', directory, '--format', 'vl.json'], cwd);
  const lines = (await succeed(['export', directory], cwd)).split('\n').map((line) => line.split(','));
  const kept = lines[0].map((name) => !PASSING.includes(name));
  const series = join(out, 'series');
  const files = readdirSync(out)
    .filter((name) => /^(figure|sweep)/.test(name))
    .sort();
  const ofSeries = readdirSync(out).includes('series') ? readdirSync(series).sort() : [];
  return {
    files: files.map((name) => [name, readFileSync(join(out, name), 'utf8')]),
    tables: tableFiles(out),
    table: await succeed(['table', directory], cwd),
    outcomes: outcomesText(out),
    exported: lines.map((line) => line.filter((_, i) => kept[i])),
    series: ofSeries.map((name) => [name, readFileSync(join(series, name), 'base64')]),
  };
}

it('two shards of a program, merged, show what the whole sweep does', async () => {
  const cwd = makeFolder();
  writeSweep(cwd, 'program', SWEEP);
  await run(cwd, 'whole');
  for (const shard of SHARDS) await run(cwd, shard.replace('/', '-'), '--shard', shard);
  await succeed(['merge', 'merged', ...SHARDS.map((shard) => shard.replace('/', '-'))], cwd);
  expect(await shown(cwd, 'merged')).toEqual(await shown(cwd, 'whole'));
});

it('runs that are added as they are needed have no shards, and their directories can be merged', async () => {
  const cwd = makeFolder();
  const network =
    'activation: [tanh, relu], depth: 2, width: 3, dataset: {kind: synthetic, examples: 8, dimensions: 2}';
  const runs = 'runs: {until: {ci95: 0.3}, block: 4, most: 8}';
  for (const [experiment, rest] of [
    ['survival', `grid: {stepSize: [0.5, 5, 50], ${network}}\nsurvival: {steps: 20, initializations: 4}`],
    ['maximal-step-size', `grid: {${network}}\nsearch: {growth: 1.5, steps: 5}`],
  ]) {
    writeSweep(cwd, experiment, `${runs}\n${rest}`);
    const refused = await inProcess(['run', 'probe.yaml', '--shard', '1/2'], { cwd });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('a sweep with `runs: {until: ...}` has no shards');
    expect(refused.stderr).toContain('give --runs, or split the grid');
  }
  await run(cwd, 'whole');
  const partial = await inProcess(
    ['run', 'probe.yaml', '--out', 'part', '--quiet', '--threads', '1', '--max-tasks', '1'],
    { cwd },
  );
  expect(partial.code).toBe(3);
  await succeed(['merge', 'merged', 'part', 'whole'], cwd);
  expect(await shown(cwd, 'merged')).toEqual(await shown(cwd, 'whole'));
});

it('a training that a shard was stopped in continues from its checkpoint in the merged directory', async () => {
  const cwd = makeFolder();
  const long = 'runs: 2\ngrid: {activation: tanh, depth: 2, width: 20, scheme: {kind: constant, stepSize: 0.1}}';
  writeSweep(cwd, 'trajectory', `${long}\ntrajectory: {iterations: 2000, every: 100}`);
  await run(cwd, 'one', '--shard', '1/2');
  const checkpoints = join(cwd, 'two', 'checkpoints');
  const words = ['run', 'probe.yaml', '--out', 'two', '--quiet', '--threads', '1', '--shard', '2/2'];
  const stopped = startHere([...words, '--checkpoint', '0.001'], { cwd });
  const named = () => (existsSync(checkpoints) ? readdirSync(checkpoints) : []);
  await waitFor('a checkpoint', () => !stopped.alive || named().some((name) => name.endsWith('.checkpoint')));
  stopped.interrupt();
  stopped.interrupt();
  expect((await stopped.ended).code).toBe(130);
  await succeed(['merge', 'merged', 'one', 'two'], cwd);
  expect(readdirSync(join(cwd, 'merged', 'checkpoints'))).toContain(readdirSync(checkpoints)[0]);
  await run(cwd, 'merged');
  await run(cwd, 'whole');
  expect(await shown(cwd, 'merged')).toEqual(await shown(cwd, 'whole'));
});
