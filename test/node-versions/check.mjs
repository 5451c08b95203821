/**
 * Computes the golden outcomes again with the built package, on both engines, and compares bytes. Plain JavaScript, so that any
 * Node that edgesweep supports can run it:
 *
 *     node test/node-versions/check.mjs
 */
import { readFileSync } from 'node:fs';
import canonicalize from 'canonicalize';
import { runTask } from '../../dist/worker/mod.js';

/** Where Debian puts Fashion-MNIST, which the golden outcomes on images are of. */
const DATA = ['/usr/share/datasets'];

const golden = ['outcomes.jsonl', 'images.jsonl', 'extras.jsonl', 'trajectories.jsonl'].flatMap((name) =>
  readFileSync(new URL(`../golden/${name}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n'),
);
const differences = [];
for (const engine of ['reference', 'simd']) {
  for (const [i, line] of golden.entries()) {
    const { task } = JSON.parse(line);
    const got = canonicalize({ task, result: (await runTask(task, engine, { folders: DATA })).result });
    if (got !== line) differences.push(`line ${i + 1}, ${engine}:\n  expected ${line}\n  got      ${got}`);
  }
}
const verdict =
  differences.length === 0
    ? `${golden.length} golden outcomes equal to the byte on both engines`
    : `${differences.length} outcomes DIFFER; the first is ${differences[0]}`;
console.log(`Node ${process.version} (V8 ${process.versions.v8}, ${process.platform} ${process.arch}): ${verdict}`);
process.exitCode = differences.length === 0 ? 0 : 1;
