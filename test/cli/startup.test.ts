import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { edgesweep, makeFolder, startProcess, writeSweep } from '../support/mod.ts';

const PROGRAM_FOLDER = '/dist/program/';

/** The files of the program that a command loads, our modules in them, and packages of others, in them or beside them. */
async function loadedBy(words: readonly string[]): Promise<{ files: number; modules: string[]; packages: string[] }> {
  const folder = makeFolder();
  // every script of the process is on the record
  const ended = await edgesweep(words, { cwd: folder, env: { NODE_V8_COVERAGE: folder } });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const scripts = readdirSync(folder).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result: { url: string }[] };
    return result.map(({ url }) => url);
  });
  const own = [...new Set(scripts.filter((url) => url.includes(PROGRAM_FOLDER)))];
  const texts = [...own.map((url) => readFileSync(fileURLToPath(url), 'utf8')), scripts.join('\n')];
  const all = (pattern: RegExp) => [
    ...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name]) => name))),
  ];
  return {
    files: own.length,
    modules: all(/^\/\/ ((?:shared|worker|orchestrator)\/\S+\.ts)$/gm),
    packages: all(/(?:^\/\/ |\/)node_modules\/((?:@[\w-]+\/)?[\w.-]+)\//gm),
  };
}

it('the completion of words loads no package', async () => {
  expect(await loadedBy(['--complete', 'bash', 'ta'])).toMatchObject({ files: 3, packages: [] });
});

it('the help loads no schemas', async () => {
  const { files, packages } = await loadedBy(['--help']);
  expect(files).toBeLessThanOrEqual(5);
  expect(packages).toContain('yargs');
  expect(packages).not.toContain('zod');
});

it.each([
  ['status', 16],
  ['table', 24],
])('%s of a directory loads few files, and nothing of servers, threads, locks or figures', async (command, most) => {
  const directory = makeFolder();
  writeSweep(directory, { name: 'sweep', grid: '{activation: tanh}', search: '{growth: 1.5}' });
  const { files, modules, packages } = await loadedBy([command, directory]);
  expect(files).toBeLessThanOrEqual(most);
  expect(packages).toEqual(expect.arrayContaining(['yaml', 'yargs', 'zod']));
  const others = ['@nats-io/nats-core', '@nats-io/jetstream', 'fs-native-extensions', 'piscina', 'vega', 'hyparquet'];
  for (const name of others) expect(packages).not.toContain(name);
  expect(modules).toContain('orchestrator/directory/read-directory.ts');
  expect(modules).not.toContain('orchestrator/directory/lock.ts');
  expect(modules.includes('orchestrator/statistics.ts')).toBe(command === 'table');
});

it('schemas are built when they are asked for, and those of one experiment for a sweep of it', async () => {
  const script = `
    import { config } from 'zod';
    const built = [];
    config({ postProcessor: (schema) => built.push(schema) });
    const { EXPERIMENTS, outcomeSchemaOf } = await import('./dist/shared/mod.js');
    const { loadSweep } = await import('./dist/shared/sweep/mod.js');
    await import('./dist/orchestrator/directory/read-directory.js');
    await import('./dist/orchestrator/directory/manifest.js');
    const atStart = built.length;
    loadSweep('survival-4.1');
    outcomeSchemaOf('survival');
    const literals = built.flatMap(({ _zod: { def } }) => def.values ?? []);
    const named = EXPERIMENTS.filter((name) => literals.includes(name));
    process.stdout.write(JSON.stringify({ atStart, named, other: literals.includes('1/lambda') }));
  `;
  const cwd = fileURLToPath(new URL('../../', import.meta.url));
  const { stdout, stderr } = await startProcess(process.execPath, ['--input-type=module', '-e', script], { cwd }).ended;
  expect(stderr).toBe('');
  // a scheme is of trajectories alone
  expect(JSON.parse(stdout)).toEqual({ atStart: 0, named: ['survival'], other: false });
});
