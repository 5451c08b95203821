import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OutcomeDecoder, outcomeLine } from '../../../orchestrator/directory/journal/outcome-line.ts';
import { cellValue, describeCell, EdgesweepError, type Outcome, type ProgramCell } from '../../../shared/mod.ts';
import { splitCommand } from '../../../shared/programs/words.ts';
import { expand, formatSweep, loadSweepOf, type Overrides } from '../../../shared/sweep/mod.ts';
import { makeFolder } from '../../support/mod.ts';

const HEAD = 'name: probe\ntitle: Probe\nexperiment: program\n';
const PROGRAM = 'program: {name: probe, command: python3 train.py}\n';

function write(text: string, files: Record<string, string> = { 'train.py': 'print(1)' }): string {
  const folder = makeFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, 'probe.yaml'), text.startsWith('program:') ? HEAD + text : HEAD + PROGRAM + text);
  return join(folder, 'probe.yaml');
}

const load = (text: string, overrides: Overrides = {}) => loadSweepOf('program', write(text), overrides);
const paramsOf = (text: string, overrides: Overrides = {}) =>
  expand(load(text, overrides)).cells.map((cell) => (cell as ProgramCell).params);

function refusalOf(text: string): string {
  const path = write(text);
  try {
    loadSweepOf('program', path);
  } catch (error) {
    if (!(error instanceof EdgesweepError)) throw error;
    const { where, expected, got, fix } = error.details;
    return [error.message, where, expected, got, fix].join('\n').replaceAll(path, 'probe.yaml');
  }
  throw new Error('nothing was refused');
}

describe('the sweep file of a program', () => {
  it('has cells of parameters with their types, in alphabetical order; keys with several values are rows', () => {
    const text =
      'grid: {params.width: [8, 16], params.lr: {from: 1, to: 4, factor: 2}, params.layers: [[1, 2]], params.on: true}';
    const sweep = load(text);
    const { cells } = expand(sweep);
    expect(cells).toHaveLength(6);
    expect(cells[1].params).toEqual({ layers: [1, 2], lr: 2, on: true, width: 8 });
    expect(Object.keys(cells[1].params)).toEqual(['layers', 'lr', 'on', 'width']);
    expect(sweep.table.rows).toEqual(['params.width', 'params.lr']);
    expect(cellValue(cells[1], 'params.layers')).toBe('[1,2]');
    expect(describeCell(cells[1])).toBe('params.layers [1,2], params.lr 2, params.on true, params.width 8');
  });

  it('takes zip, exclude and --set like any other', () => {
    const text = 'grid: {params.a: [1, 2], params.b: [3, 4]}\n';
    expect(paramsOf(`${text}zip: [[params.a, params.b]]`)).toEqual([
      { a: 1, b: 3 },
      { a: 2, b: 4 },
    ]);
    expect(paramsOf(`${text}exclude: [{params.a: 1, params.b: [4, 5]}]`)).toHaveLength(3);
    expect(paramsOf(text, { flags: { set: ['grid.params.a=7', 'grid.params.c.d=x'] } })).toEqual([
      { a: 7, b: 3, 'c.d': 'x' },
      { a: 7, b: 4, 'c.d': 'x' },
    ]);
    expect(load(text, { environment: { EDGESWEEP_ENGINE: 'simd' } }).runs).toBe(1);
  });

  it('has the digest of the files in every task: a changed file makes new tasks, another command or timeout does not', () => {
    const task = (program: string, train: string) => {
      const path = write(`program: {name: probe, ${program}}\ngrid: {params.lr: 1}`, { 'train.py': train });
      return expand(loadSweepOf('program', path)).task(0, 0).id;
    };
    const usual = task('command: python3 train.py', 'a');
    expect(task('command: python train.py, timeout: 5, mode: persistent', 'a')).toBe(usual);
    expect(task('command: python3 train.py', 'b')).not.toBe(usual);
    expect(task('command: python3 train.py, files: [train.py, "*.yaml"]', 'a')).not.toBe(usual);
  });

  it('takes words of a command that are too long for a path, as a program of one line is', () => {
    const sweep = load(
      `program: {name: probe, command: [python3, -c, "${'x = 1; '.repeat(100)}"]}\ngrid: {params.lr: 1}`,
    );
    expect(sweep.program.files).toEqual([]);
  });

  it('is written resolved, and loads to the same without the files', () => {
    const sweep = load('grid: {params.lr: [0.1, 1]}\nsearch: {parameter: x, initial: 1, growth: 2, ceiling: 9}');
    const folder = makeFolder();
    writeFileSync(join(folder, 'sweep.yaml'), formatSweep(sweep));
    const again = loadSweepOf('program', join(folder, 'sweep.yaml'));
    expect(again).toEqual(sweep);
    expect(expand(again).task(1, 0)).toEqual(expand(sweep).task(1, 0));
  });

  it('completes parameters with the defaults of their schemas', () => {
    const params = 'params: {lr: {type: number}, seed: {type: integer, default: 3}}';
    expect(paramsOf(`${params}\ngrid: {params.lr: [0.5]}`)).toEqual([{ lr: 0.5, seed: 3 }]);
  });

  it.each([
    [
      'grid: {params.lr: [0.1, -1]}\nparams: {lr: {type: number, minimum: 0}}',
      ['refuses this value', 'probe.yaml:5:25', '-1'],
    ],
    ['grid: {params.lr: [fast]}\nparams: {lr: {type: number}}', ['refuses this value', 'a number', '"fast"']],
    [
      'grid: {params.lr: 1, params.widht: 2}\nparams: {lr: {type: number}, width: {default: 1}}',
      ['did you mean `width`'],
    ],
    [
      'grid: {params.lr: 1}\nparams: {lr: {type: number}, width: {type: number}}',
      ['no value for the parameter `width`'],
    ],
    ['grid: {params.lr: 1}\nparams: {lr: {type: nmber}}', ['cannot be used']],
    ['grid: {lr: 1}', ['params.NAME']],
    ['grid: {params.lr: 1}\nzip: [[params.lr, params.x]]', ['`params.x` cannot be tied']],
    ['grid: {params.lr: 1}\ntable: {rows: [params.rl]}', ['no key `params.rl`', 'did you mean `params.lr`']],
    ['grid: {params.lr: 1}\nsearch: {parameter: lr, initial: 1, growth: 2, ceiling: 9}', ['that is searched']],
    ['grid: {params.a: 1}\nsearch: {parameter: lr, initial: 10, growth: 2, ceiling: 9}', ['above the ceiling']],
    [`grid: {params.text: ${'x'.repeat(70_000)}}`, ['too large']],
    ['program: {name: probe, command: "python3 \'train.py"}\ngrid: {params.a: 1}', ['cannot be split']],
    [
      'program: {name: probe, command: ls, files: [no.py]}\ngrid: {params.a: 1}',
      ['no file `no.py`', 'probe.yaml:4:45'],
    ],
    ['program: {name: probe, command: ls, files: [../secret]}\ngrid: {params.a: 1}', ['outside its folder']],
    ['program: {name: probe, command: ls, metrics: {step: min}}\ngrid: {params.a: 1}', ['a name other than']],
    ['program: {name: probe, command: ls, memory: lots}\ngrid: {params.a: 1}', ['512 MB']],
    ['program: {name: probe, command: ls, memory: 1 kiB}\ngrid: {params.a: 1}', ['512 MB']],
    ['program: {name: probe, command: ls, timeout: 3.0e+6}\ngrid: {params.a: 1}', ['at most 2000000']],
  ])('refuses %s', (text, words) => {
    const refusal = refusalOf(text);
    for (const word of words) expect(refusal).toContain(word);
  });
});

it('the journal keeps apart cells with a parameter named run, behind a mapping', () => {
  const sweep = load('grid: {params.options: [{a: 1}, {a: 2}], params.run: [1, 2]}\nruns: 2');
  const { cells, task } = expand(sweep);
  const decoder = new OutcomeDecoder('journal');
  for (let cell = 0; cell < cells.length; cell++) {
    for (const run of [0, 1]) {
      const result = { values: { loss: cell }, search: null, series: null };
      const provenance = { engine: 'program', host: 'h', seconds: 1, version: '1', node: 'v20', attempts: 1 };
      const outcome = { task: task(cell, run), result, provenance } as Outcome;
      const bytes = Buffer.from(outcomeLine(outcome).trimEnd());
      expect(decoder.decode({ number: 1, bytes })).toEqual(outcome);
    }
  }
});

it('a command is split as a shell would, without a shell', () => {
  expect(splitCommand(`python -c 'a b' "c \\"d" e\\ f $HOME 'g'h`, '')).toEqual([
    'python',
    '-c',
    'a b',
    'c "d',
    'e f',
    '$HOME',
    'gh',
  ]);
  for (const text of ["'a", '"a', 'a\\', '', '  ']) expect(() => splitCommand(text, '')).toThrow(EdgesweepError);
});
