/**
 * Computes the golden outcomes again with the built package, on each engine, and compares bytes. Plain JavaScript, so that any
 * Node that edgesweep supports can run it:
 *
 *     node test/node-versions/check.mjs            on every engine of this machine
 *     node test/node-versions/check.mjs native     on this engine only
 */
import { readFileSync } from 'node:fs';
import canonicalize from 'canonicalize';
import { engineOf, runTask } from '../../dist/worker/mod.js';

/** Where Debian puts Fashion-MNIST, which the golden outcomes on images are of. */
const DATA = ['/usr/share/datasets'];

const golden = ['outcomes.jsonl', 'images.jsonl', 'extras.jsonl', 'trajectories.jsonl', 'graphs.jsonl'].flatMap(
  (name) =>
    readFileSync(new URL(`../golden/${name}`, import.meta.url), 'utf8')
      .trimEnd()
      .split('\n'),
);
/** Without a compiler there is no native engine. */
function isHere(engine) {
  try {
    return engineOf(engine).name === engine;
  } catch (error) {
    if (error.code !== 'ENGINE_MISSING') throw error;
    console.log(`not tested: ${engine}: ${error.message}`);
    return false;
  }
}

const named = process.argv.slice(2);
const engines = named.length > 0 ? named : ['reference', 'simd', 'native'].filter(isHere);
const lanes = engines.map((engine) => `${engine} (lanes: ${engineOf(engine).lanes})`).join(', ');
const differences = [];
for (const engine of engines) {
  for (const [i, line] of golden.entries()) {
    const { task } = JSON.parse(line);
    const got = canonicalize({ task, result: (await runTask(task, engine, { folders: DATA })).result });
    if (got !== line) differences.push(`line ${i + 1}, ${engine}:\n  expected ${line}\n  got      ${got}`);
  }
}
const verdict =
  differences.length === 0
    ? `${golden.length} golden outcomes equal to the byte on ${lanes}`
    : `${differences.length} outcomes DIFFER; the first is ${differences[0]}`;
console.log(`Node ${process.version} (V8 ${process.versions.v8}, ${process.platform} ${process.arch}): ${verdict}`);
process.exitCode = differences.length === 0 ? 0 : 1;
