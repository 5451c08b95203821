/**
 * Builds the native kernel, `prebuilds/PLATFORM/kernel.node`, where there is a C++ compiler. Without one nothing is built, and the engine `simd`
 * computes the same bits.
 *
 *     node worker/engines/native/build.mjs                  for this machine, as `npm run build` does
 *     node worker/engines/native/build.mjs --available      for every platform of the package that has a compiler here, as `npm pack` does
 *     node worker/engines/native/build.mjs --prebuilds      for every platform of the package; fails where a compiler is missing
 *     node worker/engines/native/build.mjs --baseline FILE  every width for the oldest processor of this architecture, for tests
 *     node worker/engines/native/build.mjs --fused FILE     with fused multiply-adds, which tests have to notice
 */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { include_dir as HEADERS } from 'node-api-headers';
import { exampleSums } from '../simd/example-sums.mjs';
import { kinds } from '../simd/kinds.mjs';
import { tiles } from '../simd/tiles.mjs';
import { translate } from './translate.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(here('../../../package.json'), 'utf8'));

/** One rounding at each operation: no fused multiply-add, and nothing of what -ffast-math allows. */
const ROUNDING = ['-ffp-contract=off', '-fno-fast-math'];
/** For a test, which needs no fast kernel: the pass that fuses runs among the expensive ones, and the rest of -O3 takes twice the time. */
const FUSING = ['-O1', '-fexpensive-optimizations', '-ffp-contract=fast'];
const FUSED = { x64: [...FUSING, '-mfma'], arm64: FUSING };
const FLAGS = [
  '-std=c++17',
  '-O3',
  ...ROUNDING,
  // a square root is an instruction, and sets no variable
  '-fno-math-errno',
  '-fno-exceptions',
  '-fno-rtti',
  '-fPIC',
  '-fvisibility=hidden',
  '-Wno-psabi',
];
/**
 * GCC leaves the order of operations as it is unless asked, and several vectors of tanh become one chain after the other. With fewer than the
 * 32 registers of AVX-512 it is slower if asked.
 */
const SCHEDULING = { 16: ['-fschedule-insns', '-fsched-pressure'] };
const LINK = ['-shared', '-static-libgcc', '-Wl,--as-needed', '-Wl,-s'];
/** The instructions of each number of lanes. */
const WIDTHS = {
  x64: {
    4: [],
    8: ['-mavx2'],
    16: ['-mavx512f', '-mavx512dq', '-mavx512vl', '-mavx512bw', '-mprefer-vector-width=512'],
  },
  // NEON has four lanes
  arm64: { 4: [] },
};
const CROSS = { x64: 'x86_64-linux-gnu-g++', arm64: 'aarch64-linux-gnu-g++' };

const works = (compiler) => spawnSync(compiler, ['--version']).status === 0;
const isGcc = (compiler) =>
  spawnSync(compiler, ['--version'], { encoding: 'utf8' }).stdout.includes('Free Software Foundation');

/** A C++ compiler for the architecture, if there is one. */
function compilerFor(arch) {
  const native = arch === process.arch ? [process.env.CXX, 'g++', 'clang++', 'c++'] : [];
  return [...native, CROSS[arch]].find((compiler) => compiler && works(compiler));
}

/** The translated kernel by number of lanes. */
async function translations() {
  const folder = here('../simd/assembly/');
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const texts = new Map(files.map((name) => [basename(name, '.ts'), readFileSync(join(folder, name), 'utf8')]));
  texts.set('kinds', await kinds());
  texts.set('example-sums', exampleSums());
  return [4, 8, 16].map((lanes) => [lanes, translate(texts.set('tiles', tiles(lanes)), 'index')]);
}

const run = promisify(execFile);
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Does the file have the digest that is written beside it? */
const isWhole = (file) =>
  existsSync(file) &&
  existsSync(`${file}.sha256`) &&
  readFileSync(`${file}.sha256`, 'utf8') === `${sha256(readFileSync(file))}\n`;

/** Compiles for `arch` to `target`, unless it was made of the same sources before. */
async function compile(compiler, arch, target, { baseline = false, rounding = ROUNDING } = {}) {
  const widths = baseline ? { 4: [], 8: [], 16: [] } : WIDTHS[arch];
  const translated = (await translations()).filter(([lanes]) => lanes in widths);
  const flags = [...FLAGS.filter((flag) => !ROUNDING.includes(flag)), ...rounding, `-I${HEADERS}`, `-I${here('.')}`];
  flags.push(`-DEDGESWEEP_VERSION="${version}"`, ...(baseline ? ['-DEDGESWEEP_BASELINE'] : []));
  const sources = ['addon.cc', 'kernel.cc', 'vector.h'].map((name) => readFileSync(here(name), 'utf8'));
  const scheduling = isGcc(compiler) && !baseline ? SCHEDULING : {};
  const made = sha256(JSON.stringify([compiler, widths, flags, scheduling, LINK, translated, sources]));
  if (isWhole(target) && existsSync(`${target}.made`) && readFileSync(`${target}.made`, 'utf8') === made) return;
  const folder = mkdtempSync(join(tmpdir(), 'edgesweep-native-'));
  try {
    const objects = translated.map(async ([lanes, text]) => {
      const header = join(folder, `kernel-${lanes}.h`);
      const object = join(folder, `kernel-${lanes}.o`);
      writeFileSync(header, text);
      const names = [`-DEDGESWEEP_LANES=${lanes}`, `-DEDGESWEEP_TRANSLATED="${header}"`];
      names.push(`-DEDGESWEEP_INSTANTIATE=edgesweep_instantiate_${lanes}`);
      await run(compiler, [
        ...flags,
        ...widths[lanes],
        ...(scheduling[lanes] ?? []),
        ...names,
        '-c',
        here('kernel.cc'),
        '-o',
        object,
      ]);
      return object;
    });
    const built = join(folder, 'kernel.node');
    await run(compiler, [...flags, here('addon.cc'), ...(await Promise.all(objects)), ...LINK, '-o', built]);
    mkdirSync(dirname(target), { recursive: true });
    // a process may have loaded the old file, which stays as it is
    copyFileSync(built, `${target}.new`);
    writeFileSync(`${target}.sha256`, `${sha256(readFileSync(built))}\n`);
    renameSync(`${target}.new`, target);
    writeFileSync(`${target}.made`, made);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Beside this file, and beside the built engine. */
async function install(compiler, arch) {
  const [path, built] = ['.', '../../../dist/worker/engines/native'].map((folder) =>
    here(`${folder}/prebuilds/linux-${arch}/kernel.node`),
  );
  try {
    await compile(compiler, arch, path);
  } catch (error) {
    // what is left would be of other sources
    for (const file of [path, built]) rmSync(file, { force: true });
    throw error;
  }
  mkdirSync(dirname(built), { recursive: true });
  for (const name of ['', '.sha256']) {
    rmSync(`${built}${name}`, { force: true });
    copyFileSync(`${path}${name}`, `${built}${name}`);
  }
}

/** @param isRequired fail where a compiler is missing */
async function prebuild(isRequired) {
  for (const arch of Object.keys(WIDTHS)) {
    const compiler = compilerFor(arch);
    if (compiler !== undefined) {
      await install(compiler, arch);
      continue;
    }
    const message = `no compiler for ${arch}: apt install g++-${CROSS[arch].replace(/-g\+\+$/, '')}`;
    if (isRequired) throw new Error(message);
    console.error(`note: the package has no native kernel for linux-${arch}: ${message}`);
  }
}

async function main([what, file]) {
  if (what === '--prebuilds' || what === '--available') return prebuild(what === '--prebuilds');
  const { arch, platform } = process;
  const compiler = platform === 'linux' && arch in WIDTHS ? compilerFor(arch) : undefined;
  if (compiler === undefined) return;
  if (what === '--baseline') return compile(compiler, arch, file, { baseline: true });
  if (what === '--fused') return compile(compiler, arch, file, { baseline: true, rounding: FUSED[arch] });
  try {
    await install(compiler, arch);
  } catch (error) {
    // nobody must compile
    const [first] = String(error.stderr ?? error.message).split('\n');
    console.error(`note: the native kernel does not compile here (${first}); the simd engine computes the same bits`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
