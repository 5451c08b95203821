/** A worker whose threads exit under some tasks: `mortal-worker.ts URL NAME FOLDER`. */
import { connectCluster } from '../../shared/protocol/mod.ts';
import { runNode } from '../../worker/node/mod.ts';

const [url, name, folder] = process.argv.slice(2);
// threads have the environment of their process
process.env.MORTAL_THREAD_DEATHS = folder;
const never = new AbortController().signal;
const cluster = await connectCluster({ servers: url.split(',') }, 'worker', name);
const thread = new URL('./mortal-thread.ts', import.meta.url);
await runNode(
  cluster,
  { name, threads: 1, engine: 'simd', thread, drainTimeout: 5 },
  { drain: never, stop: never },
  (text) => process.stderr.write(`${name} ${text}\n`),
);
