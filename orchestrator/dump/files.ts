import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EdgesweepError, messageOf } from '../../shared/mod.ts';
import { encodeNpy } from './npy.ts';

/** A file of a dump: its path inside the folder, and what is in it. */
export type DumpFile = readonly [path: string, content: string | Uint8Array];

export const jsonFile = (path: string, value: object): DumpFile => [path, `${JSON.stringify(value, null, 2)}\n`];

type Data = { count: number; inputs: number; outputs: number; x: Float32Array; y: Float32Array };

/** @param prefix of the names */
export function dataFiles({ count, inputs, outputs, x, y }: Data, prefix = ''): DumpFile[] {
  return [
    [`${prefix}X.npy`, encodeNpy(x, [count, inputs])],
    [`${prefix}Y.npy`, encodeNpy(y, [count, outputs])],
  ];
}

type Layer = { inputs: number; weights: Float32Array; biases: Float32Array };

/** `weight-1.npy` (outputs x fan-in, each output's in PyTorch's order), `bias-1.npy`, `weight-2.npy`, ... */
export function layerFiles(layers: readonly Layer[], prefix = ''): DumpFile[] {
  return layers.flatMap(({ inputs, weights, biases }, l): DumpFile[] => [
    [`${prefix}weight-${l + 1}.npy`, encodeNpy(weights, [weights.length / inputs, inputs])],
    [`${prefix}bias-${l + 1}.npy`, encodeNpy(biases, [biases.length])],
  ]);
}

/**
 * The whole of a dump, or an error: files of two dumps in one folder would not be told apart. The place is looked at before the first
 * file is asked for, which may take a training.
 *
 * @param files what they throw is passed on
 * @throws EdgesweepError DIRECTORY_NOT_EMPTY, DISK
 */
export function writeFolder(folder: string, files: Iterable<DumpFile>): void {
  onDisk(folder, () => requireEmpty(folder));
  for (const [path, content] of files) {
    onDisk(folder, () => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    });
  }
}

function requireEmpty(folder: string): void {
  if (!existsSync(folder) || (statSync(folder).isDirectory() && readdirSync(folder).length === 0)) return;
  throw new EdgesweepError('DIRECTORY_NOT_EMPTY', 'the dump folder is not empty', {
    where: folder,
    expected: 'a new or empty folder',
    got: 'a file, or a folder with something in it',
    fix: 'remove it, or name another folder with --out',
  });
}

function onDisk(folder: string, action: () => void): void {
  try {
    action();
  } catch (cause) {
    if (cause instanceof EdgesweepError) throw cause;
    const got = messageOf(cause);
    const fix = 'fix the cause, or name another folder with --out';
    throw new EdgesweepError('DISK', 'cannot write the dump', { where: folder, got, fix, cause });
  }
}
