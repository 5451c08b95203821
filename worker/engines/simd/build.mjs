/** Compiles the AssemblyScript kernel to `kernel.wasm`, beside this file and beside the built engine. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { exampleSums } from './example-sums.mjs';
import { kinds } from './kinds.mjs';
import { tiles } from './tiles.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

writeFileSync(here('assembly/kinds.ts'), await kinds());
writeFileSync(here('assembly/tiles.ts'), tiles(4));
writeFileSync(here('assembly/example-sums.ts'), exampleSums());
const { error, stderr } = await asc.main(
  [
    'index.ts',
    '--baseDir',
    here('assembly'),
    '--outFile',
    here('kernel.wasm'),
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--noAssert',
    '-O3',
    '--converge',
  ],
  {},
);
if (error) {
  console.error(stderr.toString());
  throw error;
}
const built = here('../../../dist/worker/engines/simd/');
mkdirSync(built, { recursive: true });
copyFileSync(here('kernel.wasm'), `${built}kernel.wasm`);
