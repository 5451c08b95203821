/**
 * Bundles the program, and what its threads run, into `dist/program/`: one flat folder, so that a file named relative to
 * `import.meta.url` lies beside whatever asks for it. Why: docs/decisions/.
 */
import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { licenceText, packagesOf, thirdParty } from './licences.mjs';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const dir = `${cwd}dist/program`;

/**
 * Modules that most commands load together. Left to itself the bundler makes a file of each few modules that the same commands load, and Node
 * takes half a millisecond to find, read and link each of 70 files.
 */
const TOGETHER = {
  // small, and of every command; `--version` and `--complete` load nothing else
  first: [
    'shared/(errors|error-codes|exit-codes|package|visible|secrets|amounts|nearest|lazily|protocol/timings|sweep/shipped)',
    'orchestrator/(cli|tell-error|guarded-output|addresses|directory/(disk-error|layout|list))',
    'orchestrator/(commands/command|options/(common|server))',
  ],
  // also of threads and nodes, which load no YAML
  shared: [
    'shared/(?!sweep/|protocol/|series/)',
    'shared/sweep/(shapes|issues|range|problems|experiments/program/files)',
    'node_modules/canonicalize/',
  ],
  sweeps: ['shared/sweep/', 'orchestrator/directory/(read-directory|progress)'],
  outcomes: [
    'orchestrator/directory/(atomic-write|audit-file|manifest|written-to|journal/(lines|outcome-line|read|sealed|task-set))',
    'orchestrator/(columns|run-words|shell-words|report/(layout|terminal))',
  ],
  tables: [
    'orchestrator/(report|adaptive)/',
    'orchestrator/experiments/(mod|adaptives|[^/]+/(mod|adaptive))\\.ts',
    'orchestrator/(commands/table|options/formats)',
    'node_modules/csv-stringify/',
  ],
};

rmSync(dir, { recursive: true, force: true });
const built = [];
built.push(
  await build({
    cwd,
    input: {
      main: 'orchestrator/main.ts',
      // of its own for the tests, which call it within their process
      cli: 'orchestrator/cli.ts',
      api: 'orchestrator/api/mod.ts',
      thread: 'worker/thread.ts',
      'series-thread': 'worker/series-thread.ts',
      'losses-thread': 'orchestrator/ui/losses-thread.ts',
    },
    platform: 'node',
    // native code, WebAssembly, fonts and files that start threads are found by paths of their own
    external: [/^@resvg\//, /^@tensorflow\//, /^fs-native-extensions/, /^piscina/],
    // entries may have more names than their own
    preserveEntrySignatures: 'allow-extension',
    // yargs's own wrapping, without this, breaks help inside words
    resolve: { alias: { cliui: createRequire(createRequire(import.meta.url).resolve('yargs')).resolve('cliui') } },
    output: {
      dir,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      sourcemap: true,
      sourcemapExcludeSources: true,
      codeSplitting: {
        includeDependenciesRecursively: false,
        groups: Object.entries(TOGETHER).map(([name, paths]) => ({
          name,
          test: new RegExp(`^${cwd}(${paths.join('|')})`),
        })),
      },
    },
    logLevel: 'warn',
  }),
);
// the live page, which runs in browsers
const page = `${cwd}orchestrator/ui/page`;
built.push(
  await build({
    cwd,
    input: { main: `${page}/main.tsx` },
    platform: 'browser',
    output: {
      dir: `${dir}/page`,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      minify: true,
    },
    logLevel: 'warn',
  }),
);
built.push(
  await build({
    cwd,
    input: { gallery: `${page}/gallery.tsx` },
    platform: 'browser',
    // one script, since it stands within the file
    output: { dir: `${dir}/page`, format: 'iife', entryFileNames: '[name].js', minify: true, codeSplitting: false },
    logLevel: 'warn',
  }),
);
for (const file of ['index.html', 'icon.svg']) copyFileSync(`${page}/${file}`, `${dir}/page/${file}`);
const licences = ['preact', '@preact/signals', '@preact/signals-core', 'uplot'].map((name) =>
  licenceText(`${cwd}node_modules/${name}`),
);
writeFileSync(`${dir}/page/licences.txt`, licences.join('\n'));
const uplot = createRequire(import.meta.url).resolve('uplot/dist/uPlot.min.css');
writeFileSync(`${dir}/page/main.css`, readFileSync(`${page}/style.css`, 'utf8') + readFileSync(uplot, 'utf8'));
copyFileSync(`${cwd}worker/engines/simd/kernel.wasm`, `${dir}/kernel.wasm`);
// the two of its fonts that figures use: the whole package is 12 MB
const fonts = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));
for (const file of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']) copyFileSync(`${fonts}/ttf/${file}`, `${dir}/${file}`);
copyFileSync(`${fonts}/LICENSE`, `${dir}/DejaVu-LICENSE`);
// the kernels have parts of its standard library
const assemblyscript = `${cwd}node_modules/assemblyscript/std`;
const modules = built.flatMap(({ output }) => output.flatMap(({ moduleIds = [] }) => moduleIds));
const copied = packagesOf([...modules, `${fonts}/ttf`, uplot, assemblyscript]);
writeFileSync(`${dir}/THIRD-PARTY.txt`, thirdParty(copied));
// for the list of dependencies: npm does not know what is copied
writeFileSync(`${cwd}dist/copied.json`, `${JSON.stringify(copied.map((folder) => relative(cwd, folder)))}\n`);
const prebuilds = `${cwd}worker/engines/native/prebuilds`;
const isKernel = (path) => !/\.(made|new)$/.test(path);
if (existsSync(prebuilds)) cpSync(prebuilds, `${dir}/prebuilds`, { recursive: true, filter: isKernel });
// what shells complete, which would take too long to collect when a key is pressed
const { collectWords } = await import('../dist/orchestrator/completion/collect.js');
const { WORDS_FILE } = await import('../dist/orchestrator/completion/words.js');
writeFileSync(`${dir}/${WORDS_FILE}`, `${JSON.stringify(await collectWords())}\n`);
