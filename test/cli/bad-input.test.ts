import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { forgedLine, inProcess, makeFolder } from '../support/mod.ts';

const HEAD = 'name: bad\ntitle: Bad\nexperiment: maximal-step-size\n';

const BOMB = [
  `l0: &l0 [${Array(9).fill('boom').join(', ')}]`,
  ...Array.from({ length: 8 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`),
].join('\n');

it.each([
  ['an unknown key', 'grid: {activation: linear, widht: 3}', '4:28', 'did you mean `width`?'],
  ['a wrong type', 'grid: {activation: linear, width: wide}', '4:35', 'write a number'],
  ['an empty list', 'grid: {activation: []}', '4:20', 'is an empty list'],
  [
    'a range without end',
    'grid: {activation: linear, depth: {from: 1, step: 1}}',
    '4:35',
    'missing key `grid.depth.to`',
  ],
  [
    'more than 10^7 tasks',
    'grid: {activation: linear, width: {from: 1, to: 100000, step: 1}, depth: {from: 1, to: 1000, step: 1}}',
    '4:7',
    'at most 10000000 tasks',
  ],
  ['depth 0', 'grid: {activation: linear, depth: [2, 0]}', '4:39', 'at least 1'],
  [
    'a batch larger than the data',
    'grid: {activation: linear, batchSize: [full, 200]}',
    '4:46',
    'a batch size of at most 100',
  ],
  ['a growth of 1', 'grid: {activation: linear}\nsearch: {growth: 1}', '5:18', 'above 1'],
  ['a growth below 1', 'grid: {activation: linear}\nsearch: {growth: 0.99}', '5:18', 'above 1'],
  [
    'an initial step size above the ceiling',
    'grid: {activation: linear}\nsearch: {initialStepSize: 20, ceiling: 10}',
    '5:27',
    'lower `search.initialStepSize` or raise `search.ceiling`',
  ],
  ['a NaN', 'grid: {activation: linear}\nsearch: {growth: .nan}', '5:18', 'not a number'],
  ['an alias bomb', BOMB, '5:10', 'the aliases'],
])('a sweep file with %s is refused at its place, and nothing is made', async (_, lines, place, words) => {
  const cwd = makeFolder();
  writeFileSync(join(cwd, 'bad.yaml'), `${HEAD}${lines}\n`);
  const ended = await inProcess(['run', 'bad.yaml'], { cwd });
  expect(ended).toMatchObject({ code: 2, signal: null, stdout: '' });
  expect(ended.stderr).toMatch(/^error \[SWEEP_(INVALID|TOO_LARGE)\]: /);
  expect(ended.stderr).toContain(`bad.yaml:${place}`);
  expect(ended.stderr).toContain(words);
  expect(ended.stderr).toMatch(/^ +fix: +\S/m);
  expect(ended.stderr).not.toMatch(/^ +at /m);
  expect(readdirSync(cwd)).toEqual(['bad.yaml']);
});

it('a flag is refused by its name, and a missing file with the nearest that there is', async () => {
  const cwd = makeFolder();
  const flag = await inProcess(['run', 'smoke', '--set', 'grid.depth=0'], { cwd });
  expect(flag).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--set grid.depth=0') });
  const missing = await inProcess(['run', 'table-4.11'], { cwd });
  expect(missing).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('did you mean `table-4.1`?') });
  expect(readdirSync(cwd)).toEqual([]);
});

it('a stack is shown with --verbose only', async () => {
  const cwd = makeFolder();
  expect((await inProcess(['run', 'nothing'], { cwd })).stderr).not.toMatch(/^ +at /m);
  expect(await inProcess(['run', 'nothing', '--verbose'], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error \[SWEEP_NOT_FOUND\][\s\S]*\n +at /),
  });
});

/** Every file of the folder, with its text. */
function contentOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}

/** Runs the smoke sweep into `done`, changes something there, and runs it again. */
async function runAfter(change: (directory: string) => void) {
  const cwd = makeFolder();
  expect(await inProcess(['run', 'smoke', '--out', 'done', '--quiet'], { cwd })).toMatchObject({ code: 0 });
  const directory = join(cwd, 'done');
  change(directory);
  const before = contentOf(cwd);
  const ended = await inProcess(['run', 'smoke', '--out', 'done'], { cwd });
  expect(contentOf(cwd)).toEqual(before);
  expect(ended.stdout).toBe('');
  expect(ended.stderr).toMatch(/^ +fix: +\S/m);
  expect(ended.stderr).not.toMatch(/^ +at /m);
  return ended;
}

const editJournal = (edit: (lines: string[]) => string[]) => (directory: string) => {
  const path = join(directory, 'outcomes.jsonl');
  writeFileSync(path, edit(readFileSync(path, 'utf8').split('\n')).join('\n'));
};

it('a directory of another sweep is left as it is', async () => {
  const ended = await runAfter((directory) => {
    const path = join(directory, 'sweep.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace('name: smoke', 'name: other'));
  });
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(
    /error \[DIRECTORY_OF_ANOTHER_SWEEP\][\s\S]*expected: the sweep "smoke"[\s\S]*got: +the sweep "other"[\s\S]*--out/,
  );
});

it('a folder with other things in it is left as it is', async () => {
  const cwd = makeFolder();
  mkdirSync(join(cwd, 'photos'));
  writeFileSync(join(cwd, 'photos', 'cat.jpg'), 'miaow');
  const ended = await inProcess(['run', 'smoke', '--out', 'photos'], { cwd });
  expect(ended).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/DIRECTORY_NOT_EMPTY[\s\S]*cat\.jpg/),
  });
  expect(readdirSync(join(cwd, 'photos'))).toEqual(['cat.jpg']);
});

it('a journal of another arithmetic is left as it is', async () => {
  const ended = await runAfter(
    editJournal((lines) =>
      lines.map(
        (line) => line && forgedLine(line, (text) => text.replace(/"numerics":"[^"]*"/, '"numerics":"float16-0"')),
      ),
    ),
  );
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(
    /error \[JOURNAL_OTHER_NUMERICS\][\s\S]*outcomes\.jsonl:1\n[\s\S]*got: +numerics float16-0\n/,
  );
});

it('a damaged line in the middle of the journal is told with its number, and nothing is skipped', async () => {
  const ended = await runAfter(editJournal(([first, second, ...rest]) => [first, second.slice(0, 100), ...rest]));
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(/error \[JOURNAL_DAMAGED\][\s\S]*outcomes\.jsonl:2\n/);
});

it('two results of one task in the journal are told', async () => {
  const ended = await runAfter((directory) => {
    const path = join(directory, 'outcomes.jsonl');
    const [first] = readFileSync(path, 'utf8').split('\n');
    // one that its task can have: what cannot be is a damaged line
    appendFileSync(path, `${forgedLine(first, (text) => text.replace('"kind":"infinity"', '"kind":"nan"'))}\n`);
  });
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(/error \[OUTCOMES_DIFFER\][\s\S]*outcomes\.jsonl:1 and .*outcomes\.jsonl:7\n/);
});

it('a result that its task cannot have is a damaged line', async () => {
  const ended = await runAfter((directory) => {
    const path = join(directory, 'outcomes.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"rung":\d+/, '"rung":999'));
  });
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(/error \[JOURNAL_DAMAGED\][\s\S]*outcomes\.jsonl:1\n/);
});

it('a file in the place of the directory is refused', async () => {
  const cwd = makeFolder();
  writeFileSync(join(cwd, 'taken'), 'text');
  const ended = await inProcess(['run', 'smoke', '--out', 'taken'], { cwd });
  expect(ended).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^error \[DIRECTORY_UNREADABLE\]/),
  });
  expect(existsSync(join(cwd, 'results'))).toBe(false);
  expect(readFileSync(join(cwd, 'taken'), 'utf8')).toBe('text');
});
