/** A worker node whose thread is `poison-thread.mjs`: `poison-node.mjs URL NAME`. Of the built program, so that it starts as fast as any. */
import { connectCluster, parseTimings } from '../../dist/shared/protocol/mod.js';
import { runNode } from '../../dist/worker/node/mod.js';

const [url, name] = process.argv.slice(2);
const never = new AbortController().signal;
const cluster = await connectCluster(
  { servers: [url], timings: parseTimings(process.env.EDGESWEEP_TIMINGS) },
  'worker',
  name,
);
const thread = new URL('./poison-thread.mjs', import.meta.url);
await runNode(
  cluster,
  { name, threads: 1, engine: 'simd', thread, drainTimeout: 5 },
  { drain: never, stop: never },
  (text) => process.stderr.write(`${name} ${text}\n`),
);
