import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeNpy } from '../../../orchestrator/dump/npy.ts';
import { makeFolder } from '../../support/mod.ts';
import { parseNpy, python, requirePython } from './support.ts';

const FLOATS = Float32Array.of(0, -0, 1.5, -3.4028234663852886e38, 1e-45, Number.POSITIVE_INFINITY);

test('what is written is read back, whatever the shape', () => {
  for (const shape of [[6], [2, 3], [3, 1, 2], [1, 6]]) {
    expect(parseNpy(Buffer.from(encodeNpy(FLOATS, shape)))).toEqual({ type: '<f4', shape, values: [...FLOATS] });
  }
  const integers = Int32Array.of(0, 1, -1, 2 ** 31 - 1, -(2 ** 31));
  expect(parseNpy(Buffer.from(encodeNpy(integers, [5])))).toEqual({ type: '<i4', shape: [5], values: [...integers] });
});

test('a view into a larger buffer is written alone', () => {
  const view = FLOATS.subarray(2, 5);
  expect(parseNpy(Buffer.from(encodeNpy(view, [3]))).values).toEqual([...view]);
});

test('NaN is kept', () => {
  expect(parseNpy(Buffer.from(encodeNpy(Float32Array.of(1, Number.NaN), [2]))).values).toEqual([1, Number.NaN]);
});

test('the first bytes are those of the specification', () => {
  const file = Buffer.from(encodeNpy(Int32Array.of(7), [1]));
  const header = `{'descr': '<i4', 'fortran_order': False, 'shape': (1,), }`.padEnd(117);
  expect(file.toString('latin1')).toBe(`\x93NUMPY\x01\x00\x76\x00${header}\n\x07\x00\x00\x00`);
});

test('headers of any length end at a multiple of 64', () => {
  for (let digits = 1; digits <= 60; digits++) {
    const shape = [1, ...Array.from({ length: digits }, () => 1)];
    expect(parseNpy(Buffer.from(encodeNpy(Float32Array.of(1), shape))).shape).toEqual(shape);
  }
});

test('NumPy reads the same values', (context) => {
  requirePython(context, 'numpy');
  const file = join(makeFolder(), 'a.npy');
  writeFileSync(file, encodeNpy(FLOATS, [2, 3]));
  const code = 'import numpy, sys; a = numpy.load(sys.argv[1]); print(a.dtype, a.shape, a.tobytes().hex())';
  expect(python(code, file).trim()).toBe(`float32 (2, 3) ${Buffer.from(FLOATS.buffer).toString('hex')}`);
});
