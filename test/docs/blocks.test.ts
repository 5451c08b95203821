import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENTS, PROGRAM } from '../support/mod.ts';
import { installPacked, packInto } from '../support/npm.ts';
import { runBlocks } from '../support/run-blocks.ts';

/** Minutes: `make test-docs` runs the blocks with the built program, `make test-package` with the packed one in an empty folder. */
const packed = process.env.EDGESWEEP_TEST_PACKAGE === '1';
const wanted = packed || process.env.EDGESWEEP_TEST_DOCS === '1';
if (!wanted) console.warn('the command blocks of all documents run only in `make test-docs` and `make test-package`');

describe.skipIf(!wanted)(`with the ${packed ? 'packed' : 'built'} program`, () => {
  let root: string;
  let bin: string;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'edgesweep-test-'));
    bin = join(root, 'node_modules', '.bin');
    if (packed) {
      const { filename } = await packInto(root);
      await installPacked(filename, root);
      return;
    }
    mkdirSync(bin, { recursive: true });
    const program = `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`;
    // `npx edgesweep` of a document is this program too
    const npx = `#!/bin/sh\nshift\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`;
    for (const [name, text] of Object.entries({ edgesweep: program, npx })) {
      writeFileSync(join(bin, name), text);
      chmodSync(join(bin, name), 0o755);
    }
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(DOCUMENTS)(
    'runs the command blocks of %s',
    async (document) => {
      expect(await runBlocks(document, mkdtempSync(join(root, 'empty-')), bin, !packed)).toEqual([]);
    },
    900_000,
  );
});
