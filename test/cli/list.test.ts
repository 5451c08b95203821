import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STARTER_FILES } from '../../orchestrator/experiments/starters.ts';
import { EXPERIMENTS, experimentNamed } from '../../shared/mod.ts';
import { listShippedSweeps } from '../../shared/sweep/mod.ts';
import { inProcess, makeFolder, requirePython3 } from '../support/mod.ts';

const objects = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('list', () => {
  it('has every shipped sweep with its tasks, its work and what it needs', async () => {
    const cwd = makeFolder();
    const json = await inProcess(['list', '--json'], { cwd });
    expect(json).toMatchObject({ code: 0, stderr: '' });
    const sweeps = objects(json.stdout);
    expect(sweeps.map(({ name }) => name)).toEqual(listShippedSweeps());
    const find = (name: string) => sweeps.find((sweep) => sweep.name === name);
    expect(find('smoke')).toMatchObject({
      kind: 'sweep',
      experiment: 'maximal-step-size',
      tasks: 6,
      data: ['synthetic'],
    });
    expect(find('table-4.1').work / find('smoke').work).toBeGreaterThan(100);
    expect(find('figure-A.8')).toMatchObject({ tasks: 240, data: ['cifar10'] });
    const text = await inProcess(['list'], { cwd });
    expect(text.stdout).toMatch(/^table-4\.1 +40 +1 +Maximal step size by activation function, full batch$/m);
    expect(text.stdout).toMatch(/^extra\/cnn +12 +\S+ +fashion-mnist, tfjs /m);
    expect(find('extra/transformer').work).toBe(null);
    expect(text.stdout).toMatch(/^extra\/transformer +27 +program +Maximal step size of a small transformer/m);
    expect(text.stdout).toMatch(/^no sweep directories in .*results$/m);
  });

  it('shows the sweep directories below a folder with their state, also where one is damaged', async () => {
    const cwd = makeFolder();
    await inProcess(['run', 'smoke', '--out', 'results/deep/complete', '--quiet'], { cwd });
    for (const name of ['partial', 'running', 'damaged']) {
      cpSync(join(cwd, 'results/deep/complete'), join(cwd, 'results', name), { recursive: true });
    }
    const journal = (name: string) => join(cwd, 'results', name, 'outcomes.jsonl');
    writeFileSync(
      journal('partial'),
      `${readFileSync(journal('partial'), 'utf8').split('\n').slice(0, 2).join('\n')}\n`,
    );
    writeFileSync(journal('damaged'), readFileSync(journal('damaged'), 'utf8').replace('"seed":0', '"seed":1'));
    appendFileSync(join(cwd, 'results/running/lock'), `process ${process.pid} on host ${hostname()} since now\n`);
    mkdirSync(join(cwd, 'results/empty'));
    const { code, stdout } = await inProcess(['list', 'results', '--only', 'directories', '--json'], { cwd });
    expect(code).toBe(0);
    const at = (name: string) => join(cwd, 'results', name);
    expect(objects(stdout)).toEqual([
      {
        kind: 'directory',
        directory: at('damaged'),
        state: 'unreadable',
        error: { code: 'JOURNAL_DAMAGED', message: expect.any(String), where: expect.stringContaining('damaged') },
      },
      {
        kind: 'directory',
        directory: at('deep/complete'),
        state: 'complete',
        sweep: 'smoke',
        done: 6,
        pending: 0,
        total: 6,
      },
      { kind: 'directory', directory: at('partial'), state: 'partial', sweep: 'smoke', done: 2, pending: 4, total: 6 },
      { kind: 'directory', directory: at('running'), state: 'running', sweep: 'smoke', done: 6, pending: 0, total: 6 },
    ]);
    const text = await inProcess(['list', '--only', 'directories'], { cwd });
    expect(text.stdout).toMatch(/damaged +unreadable +JOURNAL_DAMAGED: /);
    expect(text.stdout).toMatch(/partial +partial +2 +6 +smoke$/m);
  });

  it('fits a terminal: titles are cut, and a narrow one gets lists', async () => {
    const cwd = makeFolder();
    const wide = await inProcess(['list', '--only', 'sweeps'], { cwd, columns: 90 });
    expect(wide.stdout).toMatch(/^table-4\.1 .* Maximal step siz…$/m);
    const narrow = await inProcess(['list', '--only', 'sweeps'], { cwd, columns: 50 });
    expect(narrow.stdout).toContain(
      `${'─'.repeat(50)}\nshipped sweep  table-4.1\ntasks          40\nwork           1\n`,
    );
    const data = await inProcess(['data', 'list'], { cwd, columns: 50 });
    expect(data.stdout).toContain(`${'─'.repeat(50)}\ndata set  mnist\nexamples  60000\n`);
  });

  it('refuses a folder that is not there', async () => {
    const ended = await inProcess(['list', 'nowhere'], { cwd: makeFolder() });
    expect(ended).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/DIRECTORY_UNREADABLE[\s\S]*nowhere/),
    });
  });
});

describe('init', () => {
  it.for(EXPERIMENTS)(
    'writes a sweep of %s that runs at once and has a table and a plan',
    async (experiment, context) => {
      if (experimentNamed(experiment).byProgram === true) requirePython3(context);
      const cwd = makeFolder();
      const made = await inProcess(['init', '007', '--experiment', experiment], { cwd });
      const files = ['007.yaml', ...Object.keys(STARTER_FILES[experiment]?.() ?? {})];
      expect(made).toEqual({
        code: 0,
        signal: null,
        stdout: `${files.join('\n')}\n`,
        stderr: 'run it: edgesweep run 007.yaml\n',
      });
      const text = readFileSync(join(cwd, '007.yaml'), 'utf8');
      expect(text.match(/ # /g)?.length).toBeGreaterThan(5);
      const ran = await inProcess(['run', '007.yaml', '--runs', '1', '--quiet'], { cwd });
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      expect(await inProcess(['plot', 'results/007', '--format', 'vl.json'], { cwd })).toMatchObject({ code: 0 });
    },
  );

  it('overwrites nothing, and writes only names of sweeps', async () => {
    const cwd = makeFolder();
    writeFileSync(join(cwd, 'mine.yaml'), 'precious');
    const ended = await inProcess(['init', 'mine'], { cwd });
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/USAGE[\s\S]*mine\.yaml/) });
    expect(readFileSync(join(cwd, 'mine.yaml'), 'utf8')).toBe('precious');
    for (const name of ['../up', 'my sweep', 'x.yaml', '']) {
      expect(await inProcess(['init', name], { cwd })).toMatchObject({ code: 2, stdout: '' });
    }
    const json = await inProcess(['init', 'other', '--json'], { cwd });
    expect(JSON.parse(json.stdout)).toEqual({
      file: 'other.yaml',
      name: 'other',
      experiment: 'maximal-step-size',
      others: [],
    });
  });

  it('keeps a program that is there already', async () => {
    const cwd = makeFolder();
    writeFileSync(join(cwd, 'train.py'), 'precious');
    const { stdout } = await inProcess(['init', 'mine', '--experiment', 'program'], { cwd });
    expect(stdout).toBe('mine.yaml\nedgesweep_task.py\n');
    expect(readFileSync(join(cwd, 'train.py'), 'utf8')).toBe('precious');
  });
});
