import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LARGEST_INSTALLED } from '../../bench/size/size.ts';
import { compile } from '../support/consumer.ts';
import { installedSize } from '../support/installed-size.ts';
import { programBlocks, startProcess } from '../support/mod.ts';
import { installPacked, packInto } from '../support/npm.ts';

const wanted = process.env.EDGESWEEP_TEST_PACKAGE === '1';
if (!wanted) console.warn('the package is installed, compiled against and linted only in `make test-package`');

describe.skipIf(!wanted)('the package, for programs that import it', () => {
  let root: string;
  let tarball: string;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'edgesweep-test-'));
    const { filename } = await packInto(root);
    tarball = join(root, filename);
    await installPacked(filename, root);
    writeFileSync(join(root, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('is compiled against by a strict compiler that checks declarations too, and runs', async () => {
    copyFileSync(fileURLToPath(new URL('consumer/main.ts', import.meta.url)), join(root, 'main.ts'));
    programBlocks('docs/api.md').forEach((text, i) => {
      writeFileSync(join(root, `example-${i}.ts`), text);
    });
    await compile(root);
    // a project of a bundler, without the types of Node
    const bundler = { module: 'esnext', moduleResolution: 'bundler', types: [], lib: ['es2023', 'dom'], noEmit: true };
    for (const file of readdirSync(root)) if (/^example-\d+\.ts$/.test(file)) rmSync(join(root, file));
    await compile(root, bundler);

    const { code, stdout, stderr } = await startProcess(process.execPath, ['main.js'], { cwd: root }).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      directory: 'out',
      ended: 'done',
      done: 8,
      failed: 0,
      total: 8,
      merged: 8,
      events: ['start', 'outcome', 'progress', 'finished'],
      rows: [
        ['tanh', 4],
        ['relu', 4],
      ],
      svg: '<svg',
      png: 'PNG',
      steps: true,
      codes: ['SWEEP_INVALID', 'SWEEP_INVALID', 'USAGE', 'SWEEP_NOT_FOUND'],
      unknown: 'function,function',
    });
  });

  it('names its repository', ({ skip }) => {
    const { repository } = JSON.parse(readFileSync(join(root, 'node_modules/edgesweep/package.json'), 'utf8'));
    if (repository === undefined) {
      const reason =
        'package.json has no `repository`, which npm needs for provenance: make repository URL=https://...';
      console.warn(reason);
      skip(reason);
    }
    expect(repository).toEqual({ type: 'git', url: expect.stringMatching(/^git\+https:\/\/.*\.git$/) });
  });

  it('has nothing that publint finds', async () => {
    const { buffer, byteOffset, byteLength } = readFileSync(tarball);
    const bytes = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
    const { messages } = await publint({ pack: { tarball: bytes }, strict: true, pkgDir: 'package' });
    expect(messages).toEqual([]);
  });

  it('has types in every way of resolving it that modules have', async () => {
    const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
    if (!analysis.types) throw new Error('no types');
    // CommonJS of Node 20.19 can require an ES module, which the tool does not know
    expect(analysis.problems.filter(({ kind }) => kind !== 'CJSResolvesToESM')).toEqual([]);
  });

  it(`takes less than ${LARGEST_INSTALLED} MB installed`, () => {
    const { megabytes, folders, largest } = installedSize(root);
    const lines = largest.map(({ name, megabytes: size }) => `  ${size.toFixed(1)} MB  ${name}`);
    console.log([`installed: ${megabytes.toFixed(1)} MB in ${folders} folders`, ...lines].join('\n'));
    expect(megabytes).toBeLessThan(LARGEST_INSTALLED);
  });
});
