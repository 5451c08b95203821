/** A worker node whose threads are those of the test: `poison-node.ts URL NAME THREADS THREAD_MODULE`. */
import { EdgesweepError } from '../../shared/mod.ts';
import { connectCluster, parseTimings } from '../../shared/protocol/mod.ts';
import { runNode } from '../../worker/node/mod.ts';

const [url, name, threads, module] = process.argv.slice(2);
const drain = new AbortController();
process.once('SIGTERM', () => drain.abort());
const note = (text: string) => process.stderr.write(`${name} ${text}\n`);
const timings = parseTimings(process.env.EDGESWEEP_TIMINGS ?? '{}');
const cluster = await connectCluster({ servers: [url], timings }, 'worker', name);
const options = {
  name,
  threads: Number(threads),
  engine: 'simd',
  thread: new URL(module, import.meta.url),
  drainTimeout: 5,
} as const;
try {
  await runNode(cluster, options, { drain: drain.signal, stop: new AbortController().signal }, note);
} catch (error) {
  if (!(error instanceof EdgesweepError)) throw error;
  note(`error [${error.code}]: ${error.message}`);
  process.exitCode = error.exitCode;
}
