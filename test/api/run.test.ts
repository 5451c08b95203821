import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent, RunOptions, SweepFile } from '../../dist/orchestrator/api/mod.js';
import { runSweep } from '../support/api.ts';
import { inProcess, journalLines, makeFolder, outcomesText, tableFiles } from '../support/mod.ts';

const SWEEP: SweepFile = {
  name: 'probe',
  title: 'A probe',
  experiment: 'maximal-step-size',
  runs: 10,
  grid: {
    activation: ['linear', 'tanh'],
    depth: 2,
    width: 4,
    dataset: { kind: 'synthetic', examples: 20, dimensions: 4 },
  },
  search: { growth: 1.1, steps: 20 },
};
const TASKS = 20;

/** What has to be the same, however the sweep was run. */
const contents = (directory: string) => ({
  sweep: readFileSync(join(directory, 'sweep.yaml'), 'utf8'),
  outcomes: outcomesText(directory),
  tables: tableFiles(directory),
});

const folder = () => join(makeFolder(), 'out');

function run(directory: string, options: RunOptions = {}, sweep: string | SweepFile = SWEEP) {
  const events: RunEvent[] = [];
  const { onEvent } = options;
  const listen = (event: RunEvent) => {
    events.push(event);
    onEvent?.(event);
  };
  return { events, result: runSweep(sweep, { directory, threads: 1, ...options, onEvent: listen }) };
}

const noted = (events: readonly RunEvent[]) =>
  events.map((event) => (event.type === 'note' ? event.message : '')).join('');

/** Acts once, at the first event of that type. */
function at(type: RunEvent['type'], act: () => void): (event: RunEvent) => void {
  let acted = false;
  return (event) => {
    if (acted || event.type !== type) return;
    acted = true;
    act();
  };
}

/** What the command line leaves of the sweep; it is run once. */
let reference: ReturnType<typeof contents> | undefined;

async function undisturbed(sweep: string): Promise<ReturnType<typeof contents>> {
  if (reference !== undefined) return reference;
  const cwd = makeFolder();
  expect(await inProcess(['run', sweep, '--out', 'cli', '--quiet'], { cwd })).toMatchObject({ code: 0 });
  reference = contents(join(cwd, 'cli'));
  return reference;
}

it('a run leaves what the command line leaves, and says what happens', async () => {
  const directory = folder();
  const { events, result } = run(directory);
  expect(await result).toEqual({ directory, ended: 'done', done: TASKS, failed: 0, total: TASKS });
  expect(contents(directory)).toEqual(await undisturbed(join(directory, 'sweep.yaml')));
  expect(events[0]).toMatchObject({ type: 'start', progress: { done: 0, total: TASKS } });
  expect(events.at(-1)).toMatchObject({ type: 'finished', progress: { done: TASKS, total: TASKS, crew: '1 thread' } });
  const recorded = journalLines(directory).map((line) => JSON.parse(line).task.id);
  expect(events.flatMap((event) => (event.type === 'outcome' ? [event.outcome.task.id] : []))).toEqual(recorded);
  expect(events.filter(({ type }) => type === 'progress')).toHaveLength(TASKS);

  const again = run(directory);
  expect(await again.result).toMatchObject({ ended: 'done', done: TASKS });
  expect(again.events).toEqual([]);

  // of an object there is no command line that the note could name
  const other = run(directory, { set: { seed: 1 }, drain: AbortSignal.abort() });
  expect(await other.result).toMatchObject({ ended: 'drained', done: 0 });
  expect(noted(other.events)).toMatch(/seed: 0 → 1\n +20 recorded .* count again with the former sweep$/);
});

it('a run that was stopped in any way is resumed by both, to the same bytes', async () => {
  const directory = folder();
  const locked: Promise<void>[] = [];
  const second = () => expect(run(directory).result).rejects.toMatchObject({ code: 'DIRECTORY_LOCKED' });
  const limited = run(directory, { maxTasks: 3, onEvent: at('start', () => locked.push(second())) });
  expect(await limited.result).toMatchObject({ ended: 'limit', failed: 0, total: TASKS });
  expect(locked).toHaveLength(1);
  await Promise.all(locked);

  const words = ['run', join(directory, 'sweep.yaml'), '--out', directory, '--quiet', '--max-tasks', '1'];
  expect(await inProcess(words, { cwd: '.' })).toMatchObject({ code: 3 });

  const fault = new Error('of the listener');
  const onEvent = at('start', () => {
    throw fault;
  });
  await expect(run(directory, { onEvent }).result).rejects.toBe(fault);

  const before = journalLines(directory).length;
  expect(before).toBeGreaterThanOrEqual(4);
  expect(before).toBeLessThan(TASKS);
  const last = run(directory);
  expect(await last.result).toMatchObject({ ended: 'done', done: TASKS });
  expect(last.events[0]).toMatchObject({ type: 'start', progress: { done: before } });
  expect(contents(directory)).toEqual(await undisturbed(join(directory, 'sweep.yaml')));
});

/** Three trainings, which tell at their start that they are under way. */
const trainings = (iterations: number): SweepFile => ({
  name: 'trainings',
  title: 'Trainings',
  experiment: 'trajectory',
  runs: 3,
  grid: {
    activation: 'tanh',
    depth: 3,
    width: 10,
    dataset: { kind: 'synthetic', examples: 100, dimensions: 10 },
    scheme: { kind: 'constant', stepSize: 0.1 },
  },
  trajectory: { iterations, every: iterations },
});

const PROGRAM: SweepFile = {
  name: 'programs',
  title: 'Programs',
  experiment: 'program',
  program: { name: 'probe', command: 'no-such-program', files: [] },
  grid: { 'params.x': [1, 2] },
};

it('programs are started as the options say: what is allowed, with these variables, in so many slots', async () => {
  const directory = folder();
  const code = `const { params } = JSON.parse(require('node:fs').readFileSync(process.env.EDGESWEEP_IN, 'utf8'));
const values = { x: params.x, seen: Number(process.env.SEEN ?? -1), secret: Number(process.env.SECRET ?? -1) };
require('node:fs').writeFileSync(process.env.EDGESWEEP_OUT, JSON.stringify(values));`;
  const allow = { probe: [process.execPath, '-e', code] };
  const env = { PATH: process.env.PATH, SEEN: '7', SECRET: '8' };
  const programs = { allow, env, passEnv: ['SEEN'], slots: 1 };
  const { events, result } = run(directory, { programs }, PROGRAM);
  expect(await result).toMatchObject({ ended: 'done', done: 2 });
  const outcomes = journalLines(directory).map((line) => JSON.parse(line).result.values);
  expect(outcomes).toEqual([1, 2].map((x) => ({ secret: -1, seen: 7, x })));
  expect(events[0]).toMatchObject({ type: 'start', progress: { crew: '1 thread' } });

  const refuse = (options: RunOptions['programs']) => run(folder(), { programs: options }, PROGRAM).result;
  const lacking = { code: 'PROGRAM_MISSING', message: 'the program `probe` is not allowed' };
  await expect(refuse({ allow: { other: 'true' } })).rejects.toMatchObject(lacking);
  await expect(refuse({})).rejects.toMatchObject({
    code: 'PROGRAM_MISSING',
    message: expect.stringContaining('not found'),
  });
  await expect(refuse({ slots: 0 })).rejects.toMatchObject({ code: 'USAGE' });
  await expect(refuse({ allow: { 'a b': 'true' } })).rejects.toMatchObject({ code: 'USAGE' });
});

it('`drain` finishes what is in flight, and resolves', async () => {
  const drain = new AbortController();
  const onEvent = at('progress', () => drain.abort());
  const { events, result } = run(folder(), { drain: drain.signal, onEvent }, trainings(500));
  const { ended, done } = await result;
  expect(ended).toBe('drained');
  expect([1, 2]).toContain(done);
  expect(events.at(-1)).toMatchObject({ type: 'finished', progress: { done, total: 3 } });
});

it('`signal` stops in the middle of a task, and rejects with its reason', async () => {
  const stop = new AbortController();
  const reason = new Error('enough');
  const onEvent = at('progress', () => stop.abort(reason));
  const directory = folder();
  await expect(run(directory, { signal: stop.signal, onEvent }, trainings(1_000_000)).result).rejects.toBe(reason);
  expect(journalLines(directory)).toEqual([]);
});

it('a run that is aborted before its start leaves nothing', async () => {
  const directory = folder();
  await expect(run(directory, { signal: AbortSignal.abort() }).result).rejects.toMatchObject({ name: 'AbortError' });
  expect(existsSync(directory)).toBe(false);
});

it('a run of a file is recorded as the command line that does the same', async () => {
  const directory = folder();
  const set = { runs: 1, 'grid.activation': ['relu'], seed: undefined };
  await run(directory, { set, drain: AbortSignal.abort() }, 'smoke').result;
  const { command } = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));
  expect(command).toEqual(['run', 'smoke', '--set', 'runs=1', '--set', 'grid.activation=["relu"]', '--out', directory]);
  const expanded = await inProcess(['expand', ...command.slice(1, -2), '--json'], { cwd: '.' });
  expect(JSON.parse(expanded.stdout)).toMatchObject({ activation: 'relu', runs: 1 });
});

describe('errors', () => {
  it('of tasks reject in the end, with an event for each', async () => {
    const directory = folder();
    const { events, result } = run(directory, {
      set: { runs: 1, 'grid.activation': 'tanh', 'grid.depth': 3, 'grid.width': [4, 100_000] },
    });
    await expect(result).rejects.toMatchObject({ code: 'TASK_FAILED', details: { where: directory } });
    expect(events.find(({ type }) => type === 'failure')).toMatchObject({
      task: { cell: { width: 100_000 } },
      error: { code: 'NETWORK_TOO_LARGE' },
    });
    expect(events.at(-1)).toMatchObject({ type: 'finished', progress: { done: 1, failed: 1, total: 2 } });
    expect(journalLines(directory)).toHaveLength(1);
  });

  it('of a sweep say where: the path in an object, the override, the file', async () => {
    const directory = folder();
    const refused = (options: RunOptions, sweep: unknown = SWEEP) => run(directory, options, sweep as SweepFile).result;
    await expect(refused({}, { ...SWEEP, runs: 0 })).rejects.toMatchObject({
      code: 'SWEEP_INVALID',
      details: { where: 'runs', got: '0' },
    });
    await expect(
      refused({}, { ...SWEEP, grid: { ...(SWEEP.grid as object), activation: ['tanh', 'swish'] } }),
    ).rejects.toMatchObject({
      details: { where: 'grid.activation[1]', got: '"swish"' },
    });
    await expect(refused({}, [])).rejects.toMatchObject({ code: 'SWEEP_INVALID', details: { where: 'the sweep' } });
    await expect(refused({ set: { 'grid.depth': -1 } })).rejects.toMatchObject({
      code: 'SWEEP_INVALID',
      details: { where: "set['grid.depth']" },
    });
    await expect(refused({ set: { 'name.x': 1 } })).rejects.toMatchObject({ code: 'SWEEP_INVALID' });
    await expect(refused({}, 'smook')).rejects.toMatchObject({ code: 'SWEEP_NOT_FOUND' });
    await expect(refused({ threads: 0 })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(refused({ directory: '' })).rejects.toMatchObject({ code: 'USAGE', details: { where: '--out' } });
    await expect(refused({ maxTasks: 0 })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(refused({ checkpoint: -1 })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(refused({ nats: { servers: 'nats://user:secret@host' } })).rejects.toMatchObject({
      code: 'USAGE',
      details: { where: 'nats.servers' },
    });
    expect(existsSync(directory)).toBe(false);
  });

  it('of a directory are those of the command line', async () => {
    const directory = folder();
    const drain = AbortSignal.abort();
    await run(directory, { drain }).result;
    await expect(run(directory, {}, { ...SWEEP, name: 'other' }).result).rejects.toMatchObject({
      code: 'DIRECTORY_OF_ANOTHER_SWEEP',
    });
    appendFileSync(join(directory, 'outcomes.jsonl'), '{}\n');
    await expect(run(directory).result).rejects.toMatchObject({ code: 'JOURNAL_DAMAGED' });
  });
});
