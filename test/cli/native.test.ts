import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../support/mod.ts';
import { PROGRAM } from '../support/processes.ts';
import { startProcess } from '../support/program.ts';

const KERNEL = `prebuilds/${process.platform}-${process.arch}/kernel.node`;
const isBuilt = existsSync(join(dirname(PROGRAM), KERNEL));
if (!isBuilt) console.log('not tested: a damaged native kernel: none was built');

/** The program as a package that was installed elsewhere, and its folder. */
function installed(): string {
  const root = join(dirname(PROGRAM), '../..');
  const copy = makeFolder();
  cpSync(dirname(PROGRAM), join(copy, 'dist/program'), { recursive: true });
  for (const name of ['package.json', 'sweeps']) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

async function run(copy: string, words: readonly string[], env: Record<string, string> = {}) {
  const cwd = makeFolder();
  const program = join(copy, 'dist/program/main.js');
  const started = startProcess(process.execPath, [program, 'run', 'smoke', '--quiet', '--out', 'out', ...words], {
    cwd,
    env,
  });
  const { code, stderr } = await started.ended;
  const journal = join(cwd, 'out', 'outcomes.jsonl');
  const outcomes = existsSync(journal)
    ? readFileSync(journal, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
  const parsed = outcomes.map((line) => JSON.parse(line)).sort((a, b) => (a.task.id < b.task.id ? -1 : 1));
  return {
    code,
    stderr,
    engines: [...new Set(parsed.map(({ provenance }) => provenance.engine))],
    results: JSON.stringify(parsed.map(({ task, result }) => [task.id, result])),
  };
}

it('without a native kernel simd computes the same bits without a word, and --engine native says what is missing', async () => {
  const copy = installed();
  rmSync(join(copy, 'dist/program/prebuilds'), { recursive: true, force: true });
  const exact = await run(copy, ['--engine', 'reference']);
  expect(await run(copy, [])).toEqual({ ...exact, code: 0, stderr: '', engines: ['simd'] });
  const refused = await run(copy, ['--engine', 'native']);
  expect(refused).toMatchObject({ code: 2, engines: [] });
  expect(refused.stderr).toMatch(
    /error \[ENGINE_MISSING\]: the native kernel was not built[\s\S]*fix: +install a C\+\+ compiler/,
  );
});

it('without a compiler the build says nothing, makes no kernel, and doctor names simd as the default', async () => {
  const root = join(dirname(PROGRAM), '../..');
  const copy = makeFolder();
  const builtBefore = (source: string) => !/prebuilds|kernel\.wasm$/.test(source);
  for (const name of ['package.json', 'worker', 'shared'])
    cpSync(join(root, name), join(copy, name), { recursive: true, filter: builtBefore });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const build = join(copy, 'worker/engines/native/build.mjs');
  // neither a compiler nor anything else is on this PATH
  const env = { PATH: copy, CXX: undefined };
  const ended = await startProcess(process.execPath, [build], { cwd: copy, env }).ended;
  expect(ended).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(existsSync(join(copy, 'worker/engines/native', KERNEL))).toBe(false);
  const program = installed();
  rmSync(join(program, 'dist/program/prebuilds'), { recursive: true, force: true });
  const words = [join(program, 'dist/program/main.js'), 'doctor'];
  const { stdout } = await startProcess(process.execPath, words, { cwd: makeFolder() }).ended;
  expect(stdout).toMatch(/engine simd: .*the default engine/);
  expect(stdout).toMatch(/engine native: the native kernel was not built/);
});

it.runIf(isBuilt)('a truncated native kernel is noted once, and simd computes the same bits', async () => {
  const copy = installed();
  const exact = await run(copy, ['--engine', 'native']);
  const kernel = join(copy, 'dist/program', KERNEL);
  truncateSync(kernel, 100_000);
  const { stderr, ...rest } = await run(copy, []);
  expect(rest).toEqual({ code: 0, engines: ['simd'], results: exact.results });
  expect(stderr).toMatch(/^the native kernel is not the file that was built.*using the simd engine instead$/m);
  const refused = await run(copy, ['--engine', 'native']);
  expect(refused).toMatchObject({ code: 2, engines: [], stderr: expect.stringContaining('[ENGINE_MISSING]') });
});
