import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandBlocks, DOCUMENTS, elsewhere, startProcess, sweepBlocks } from '../support/mod.ts';
import { installPacked, packInto } from '../support/npm.ts';

/** Minutes; `make test-package` sets it. */
const wanted = process.env.EDGESWEEP_TEST_PACKAGE === '1';
if (!wanted) console.warn('the command blocks of the documents run only in `make test-package`');

/** Sweeps that take minutes as they stand, for which one run per cell has to do. */
const LONG = /\bedgesweep run (figure-\S+|my-sweep\.yaml(?! --runs)|table-4\.1)/;

describe.skipIf(!wanted)('the package, installed in an empty folder', () => {
  let root: string;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'edgesweep-test-'));
    const { filename } = await packInto(root);
    await installPacked(filename, root);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(DOCUMENTS)(
    'runs the command blocks of %s',
    async (document) => {
      const cwd = mkdtempSync(join(root, 'empty-'));
      // a sweep file that the document shows is there when its commands name it
      for (const { name, text } of sweepBlocks(document)) writeFileSync(join(cwd, `${name}.yaml`), text);
      const PATH = `${join(root, 'node_modules', '.bin')}:${process.env.PATH}`;
      for (const { line, commands } of commandBlocks(document)) {
        for (const command of commands) {
          if (elsewhere(command) !== undefined) continue;
          const shortened = command.replace(LONG, '$& --runs 1');
          const words = ['-e', '-o', 'pipefail', '-c', shortened];
          const { code, stderr } = await startProcess('bash', words, {
            cwd,
            env: { PATH, EDGESWEEP_THREADS: undefined },
          }).ended;
          expect({ document, line, command, code, stderr: code === 0 ? '' : stderr }).toEqual({
            document,
            line,
            command,
            code: 0,
            stderr: '',
          });
        }
      }
    },
    900_000,
  );
});
