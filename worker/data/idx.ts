import { LABELS } from '../../shared/mod.ts';
import { damaged } from './errors.ts';

/**
 * The IDX format: 0, 0, type of the values (8: unsigned byte), number of dimensions; then the length of each dimension, 32 bits, the
 * most significant byte first; then the values, the last dimension fastest. http://yann.lecun.com/exdb/mnist/
 */
const BYTES_OF = { labels: 0x0801, images: 0x0803 } as const;
const IMAGE_HEADER = 16;
const LABEL_HEADER = 8;

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const hex = (word: number) => `0x${word.toString(16).padStart(8, '0')}`;

/**
 * The pixels of the images, image by image and row by row.
 * @param bytes unpacked
 * @throws EdgesweepError DATA_DAMAGED
 */
export function readIdxImages(bytes: Uint8Array, file: string, side: number): Uint8Array {
  const count = readHeader(bytes, file, 'images', IMAGE_HEADER);
  for (const byte of [8, 12]) {
    const length = view(bytes).getUint32(byte);
    if (length === side) continue;
    const what = byte === 8 ? 'rows' : 'columns';
    throw damaged(file, byte, `images of the wrong size (unpacked)`, {
      expected: `${side} ${what}`,
      got: `${length} ${what}`,
    });
  }
  return values(bytes, file, IMAGE_HEADER, count, side * side);
}

/** @throws EdgesweepError DATA_DAMAGED */
export function readIdxLabels(bytes: Uint8Array, file: string): Uint8Array {
  const count = readHeader(bytes, file, 'labels', LABEL_HEADER);
  const labels = values(bytes, file, LABEL_HEADER, count, 1);
  const wrong = labels.findIndex((label) => label >= LABELS.length);
  if (wrong < 0) return labels;
  throw damaged(file, LABEL_HEADER + wrong, `example ${wrong} has an invalid label (unpacked)`, {
    expected: 'a label from 0 to 9',
    got: String(labels[wrong]),
  });
}

/** @returns the number of examples */
function readHeader(bytes: Uint8Array, file: string, what: keyof typeof BYTES_OF, length: number): number {
  if (bytes.length < length) {
    throw damaged(file, bytes.length, 'it ends within its header (unpacked)', {
      expected: `${length} bytes of header`,
      got: `${bytes.length} bytes`,
    });
  }
  const magic = view(bytes).getUint32(0);
  if (magic === BYTES_OF[what]) return view(bytes).getUint32(4);
  throw damaged(file, 0, `not an IDX file of ${what}: wrong magic number (unpacked)`, {
    expected: hex(BYTES_OF[what]),
    got: hex(magic),
  });
}

function values(bytes: Uint8Array, file: string, start: number, count: number, size: number): Uint8Array {
  const end = start + count * size;
  if (bytes.length === end && count > 0) return bytes.subarray(start);
  throw damaged(file, Math.min(bytes.length, end), 'its length does not match its header (unpacked)', {
    expected: count === 0 ? 'at least one example' : `${end} bytes for ${count} examples`,
    got: `${bytes.length} bytes`,
  });
}
