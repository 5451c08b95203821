/**
 * An array as a `.npy` file, version 1.0: magic, version, length of the header (uint16, little endian), header (a Python literal,
 * padded with spaces so that the data begin at a multiple of 64), then the values, little endian, row by row.
 * NumPy's specification: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * Our own because the libraries that write the format bring a network stack along (npyjs) or whole array libraries.
 *
 * @param shape its product is the number of values
 */
export function encodeNpy(values: Float32Array | Int32Array, shape: readonly number[]): Uint8Array {
  const float = values instanceof Float32Array;
  // a tuple of one has a comma too
  const tuple = shape.map((length) => `${length},`).join(' ');
  const fields = `{'descr': '${float ? '<f4' : '<i4'}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const start = 64 * Math.ceil((PREFIX + fields.length + 1) / 64);
  const header = `${fields.padEnd(start - PREFIX - 1)}\n`;
  const view = new DataView(new ArrayBuffer(start + 4 * values.length));
  const file = new Uint8Array(view.buffer);
  file.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]);
  view.setUint16(8, header.length, true);
  file.set(new TextEncoder().encode(header), PREFIX);
  for (const [i, value] of values.entries()) {
    if (float) view.setFloat32(start + 4 * i, value, true);
    else view.setInt32(start + 4 * i, value, true);
  }
  return file;
}

/** bytes before the header */
const PREFIX = 10;
