import { loadSweep } from '../../shared/sweep/mod.ts';
import { sweepPath } from '../directory/mod.ts';
import { dumpOf } from '../experiments/dumps.ts';
import type { RunLosses } from './wire.ts';

export type LossesJob = { directory: string; cell: number; run: number; rung: number; folders: readonly string[] };

/** Runs inside a thread: the losses of one training, as `dump` writes them. @returns undefined where `dump` writes none */
export function losses({ directory, cell, run, rung, folders }: LossesJob): RunLosses | undefined {
  const sweep = loadSweep(sweepPath(directory));
  const dump = dumpOf(sweep.experiment);
  if (dump === undefined || !('rung' in dump.options)) return undefined;
  let found: Float32Array | undefined;
  let stepSize: number | undefined;
  for (const [name, bytes] of dump.files(sweep as never, { cell, run, rung }, folders)) {
    if (name === 'losses.npy') found = valuesOf(bytes as Uint8Array);
    if (name === 'trial.json') ({ stepSize } = JSON.parse(Buffer.from(bytes).toString('utf8')));
  }
  if (found === undefined || stepSize === undefined) return undefined;
  return { rung, stepSize, losses: Array.from(found, (loss) => (Number.isFinite(loss) ? loss : null)) };
}

/** The float32 values of a `.npy` file of version 1.0, as `encodeNpy` writes it. */
function valuesOf(file: Uint8Array): Float32Array {
  const start = 10 + new DataView(file.buffer, file.byteOffset).getUint16(8, true);
  return new Float32Array(file.slice(start).buffer);
}
