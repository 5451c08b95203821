/**
 * Bundles the program, and what its threads run, into `dist/program/`: one flat folder, so that a file named relative to
 * `import.meta.url` lies beside whatever asks for it. Why: docs/decisions/.
 */
import { copyFileSync, cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const dir = `${cwd}dist/program`;

rmSync(dir, { recursive: true, force: true });
await build({
  cwd,
  input: {
    main: 'orchestrator/main.ts',
    api: 'orchestrator/api/mod.ts',
    thread: 'worker/thread.ts',
    'series-thread': 'worker/series-thread.ts',
  },
  platform: 'node',
  // native code, WebAssembly, fonts and files that start threads are found by paths of their own
  external: [/^@resvg\//, /^@tensorflow\//, /^fs-native-extensions/, /^piscina/],
  // yargs's own wrapping, without this, breaks help inside words
  resolve: { alias: { cliui: createRequire(createRequire(import.meta.url).resolve('yargs')).resolve('cliui') } },
  output: {
    dir,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    sourcemap: true,
    sourcemapExcludeSources: true,
  },
  logLevel: 'warn',
});
copyFileSync(`${cwd}worker/engines/simd/kernel.wasm`, `${dir}/kernel.wasm`);
// the two of its fonts that figures use: the whole package is 12 MB
const fonts = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));
for (const file of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']) copyFileSync(`${fonts}/ttf/${file}`, `${dir}/${file}`);
copyFileSync(`${fonts}/LICENSE`, `${dir}/DejaVu-LICENSE`);
const prebuilds = `${cwd}worker/engines/native/prebuilds`;
const isKernel = (path) => !/\.(made|new)$/.test(path);
if (existsSync(prebuilds)) cpSync(prebuilds, `${dir}/prebuilds`, { recursive: true, filter: isKernel });
// what shells complete, which would take too long to collect when a key is pressed
const { collectWords } = await import('../dist/orchestrator/completion/collect.js');
const { WORDS_FILE } = await import('../dist/orchestrator/completion/words.js');
writeFileSync(`${dir}/${WORDS_FILE}`, `${JSON.stringify(await collectWords())}\n`);
