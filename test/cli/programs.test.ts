import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../shared/mod.ts';
import { inProcess, journalLines, makeFolder, requirePython3 } from '../support/mod.ts';

const EXAMPLES = join(packageRoot(), 'docs', 'programs');

it('the shell script of docs/programs runs as it stands; a changed file makes new tasks, and the run says which', async () => {
  const cwd = makeFolder();
  for (const name of ['compress.sh', 'compress.yaml']) cpSync(join(EXAMPLES, name), join(cwd, name));
  const run = ['run', 'compress.yaml', '--set', 'grid.params.lines=100,1000'];
  const first = await inProcess(run, { cwd });
  expect(first, first.stderr).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ *lines +level +ratio +bytes +n$/m),
  });
  expect(readFileSync(join(cwd, 'results/compress/table.csv'), 'utf8')).toContain(
    'params.lines,params.level,runs,n,ratio.mean',
  );
  expect(await inProcess(run, { cwd })).toMatchObject({ code: 0, stderr: '' });
  writeFileSync(join(cwd, 'compress.sh'), `${readFileSync(join(cwd, 'compress.sh'), 'utf8')}# changed\n`);
  const again = await inProcess(run, { cwd });
  expect(again.stderr).toMatch(
    /the sweep of this directory has changed:\n {2}program\.files\.compress\.sh\.sha256: [0-9a-f]+\.\.\. → /,
  );
  expect(again.stderr).toContain('4 recorded outcomes are not part of it');
  expect(journalLines(join(cwd, 'results/compress'))).toHaveLength(8);
  const plot = await inProcess(['plot', 'results/compress', '--x', 'lines', '--log', 'x', '--format', 'vl.json'], {
    cwd,
  });
  expect(plot).toMatchObject({ code: 0 });
  const wrong = await inProcess(['table', 'results/compress', '--value', 'byte'], { cwd });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean `bytes`') });
});

it('the steps that a program reports are drawn against the step: a panel for each number, a line for each run', async () => {
  const cwd = makeFolder();
  const script = String.raw`number() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$EDGESWEEP_IN"; }
x=$(number x)
for step in 1 2 10; do
  echo "{\"step\": $step, \"loss\": $x.$step, \"rate\": $([ $step = 2 ] && echo null || echo 0)}" >&3
done
echo "{\"loss\": $x, \"spread\": $(number run)}" >&3
`;
  writeFileSync(join(cwd, 'train.sh'), script);
  const head = 'name: steps\ntitle: Steps\nexperiment: program\nprogram: {name: steps, command: sh train.sh}\n';
  const rest = 'runs: 2\ngrid: {params.x: [3, 5]}\nfigure: {panels: [loss], value: spread}\n';
  writeFileSync(join(cwd, 'steps.yaml'), head + rest);
  const run = await inProcess(['run', 'steps.yaml'], { cwd });
  expect(run, run.stderr).toMatchObject({ code: 0 });
  const plot = async (...words: string[]) => {
    const ended = await inProcess(['plot', 'results/steps', '--format', 'vl.json', ...words], { cwd });
    if (ended.code !== 0) return ended.stderr;
    return JSON.parse(readFileSync(join(cwd, 'results/steps/figure.vl.json'), 'utf8'));
  };
  const { concat, title } = await plot();
  expect(concat).toHaveLength(1);
  expect(concat[0].data.values.slice(0, 3)).toEqual([
    { line: 'x 3', training: 0, x: 1, y: 3.1 },
    { line: 'x 3', training: 0, x: 2, y: 3.2 },
    { line: 'x 3', training: 0, x: 10, y: 3.1 },
  ]);
  expect(concat[0].data.values).toHaveLength(12);
  expect(title.subtitle).toEqual(['one line for each of 2 runs']);
  const all = await plot('--x', 'step', '--panels', 'loss,rate', '--facet', 'x', '--log', 'y');
  const panels = all.concat.map((panel: { title: { text: string }; data: { values: unknown[] } }) => [
    panel.title.text,
    panel.data.values.length,
  ]);
  // a logarithmic axis omits zeros
  expect(panels).toEqual([
    ['x 3: loss', 6],
    ['x 3: rate', 0],
    ['x 5: loss', 6],
    ['x 5: rate', 0],
  ]);
  // of 0 and 1 the interval of the mean reaches below 0, where a logarithmic axis has no place
  expect((await plot('--x', 'x')).data.values).toMatchObject([
    { x: 3, y: 0.5, low: expect.closeTo(-5.85, 2) },
    { x: 5 },
  ]);
  expect((await plot('--x', 'x', '--log', 'y')).data.values).toMatchObject([{ low: 0.5 }, { low: 0.5 }]);
  expect(await plot('--panels', 'los')).toContain('did you mean `loss`');
  expect(await plot('--panels', 'loss', '--x', 'x')).toContain('--panels are drawn against the step');
});

it('the helper for Python that the program prints answers tasks in both modes', async (context) => {
  requirePython3(context);
  const cwd = makeFolder();
  const helper = await inProcess(['program', 'python'], { cwd });
  writeFileSync(join(cwd, 'edgesweep_task.py'), helper.stdout);
  writeFileSync(
    join(cwd, 'train.py'),
    `from edgesweep_task import serve

def train(task):
    print("x is", task.params["x"])
    if task.params["x"] == "error":
        task.step(0, error=1)
    task.step(1, loss=float("nan"), x=1)
    if task.params["x"] is None:
        raise ValueError("no x")
    return {"loss": float("nan") if task.params["x"] == "nan" else 2 * task.params["x"]}

serve(train)
`,
  );
  for (const mode of ['persistent', 'one-shot']) {
    writeFileSync(
      join(cwd, `${mode}.yaml`),
      `name: ${mode}
title: Python
experiment: program
program: {name: train, command: python3 train.py, mode: ${mode}, files: ["*.py"], metrics: {loss: min}}
grid: {params.x: [1, 2.5, nan, null, error]}
`,
    );
    const run = await inProcess(['run', `${mode}.yaml`], { cwd });
    expect(run.code, run.stderr).toBe(1);
    expect(run.stderr).toContain('failed: ValueError: no x;');
    expect(run.stderr).toContain('ValueError: loss is nan');
    expect(run.stderr).toContain('ValueError: error has a meaning of its own');
    expect(run.stdout).toMatch(/2\.5 +5\.00000 +1\n/);
    expect(run.stdout).toContain('partial: 2 of 5 tasks');
  }
});

it('a program that is missing is refused before anything starts', async () => {
  const cwd = makeFolder();
  const text =
    'name: none\ntitle: None\nexperiment: program\nprogram: {name: none, command: no-such-program}\ngrid: {params.x: 1}\n';
  writeFileSync(join(cwd, 'none.yaml'), text);
  const run = await inProcess(['run', 'none.yaml'], { cwd });
  expect(run).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('error [PROGRAM_MISSING]: the program `none` is not found'),
  });
});
