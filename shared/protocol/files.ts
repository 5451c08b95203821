import type { JetStreamClient } from '@nats-io/jetstream';
import type { Cluster } from './connect.ts';
import { type Published, publishOnce } from './publish.ts';

/** A file is on the server in parts of this size, in bytes, a message each: half of what no message exceeds. */
export const PART_BYTES = 128 * 1024;
/** Nobody reads a longer one, in bytes. A series of a million iterations and a hundred columns is shorter. */
export const LARGEST_FILE = 2 ** 30;
/** Parts under way at once, as long as all are answered in time. */
const AT_ONCE = 4;

const partsOf = (bytes: number): number => Math.ceil(bytes / PART_BYTES);

/**
 * Publishes a file, part by part, each acknowledged by the server; a part that is there already stays as it is.
 * @param onTrouble told what kept parts from being stored; true: they are tried again
 * @param signal aborted when the rest is not to be sent
 * @returns whether the server has all
 */
export async function putFile(
  js: JetStreamClient,
  file: Uint8Array,
  subjectOf: (part: number) => string,
  onTrouble: (published: Exclude<Published, 'stored' | 'exists'>) => Promise<boolean>,
  signal: AbortSignal,
): Promise<boolean> {
  const put = (part: number) =>
    publishOnce(js, subjectOf(part), file.subarray(part * PART_BYTES, (part + 1) * PART_BYTES));
  let atOnce = AT_ONCE;
  for (let first = 0; first < partsOf(file.length); ) {
    if (signal.aborted) return false;
    const published = await Promise.all(upTo(first, partsOf(file.length), atOnce).map(put));
    const trouble = published.find((one) => one === 'full' || one === 'unknown');
    if (trouble === undefined) first += atOnce;
    else if (!(await onTrouble(trouble))) return false;
    // they share the line, which may be slow
    if (trouble === 'unknown') atOnce = 1;
  }
  return true;
}

/**
 * Reads a file of so many bytes, by direct gets, which need no right but that to the subjects. Nothing is believed of `bytes`: no more
 * memory is taken than has come.
 * @returns undefined when a part is missing, or of another length than it has to be
 * @throws when nobody answers
 */
export async function getFile(
  { jsm }: Cluster,
  stream: string,
  bytes: number,
  subjectOf: (part: number) => string,
): Promise<Uint8Array | undefined> {
  if (bytes > LARGEST_FILE) return undefined;
  const parts: Uint8Array[] = [];
  const get = (part: number) => jsm.direct.getMessage(stream, { last_by_subj: subjectOf(part) });
  for (let first = 0; first < partsOf(bytes); first += AT_ONCE) {
    for (const message of await Promise.all(upTo(first, partsOf(bytes)).map(get))) {
      const length = Math.min(PART_BYTES, bytes - parts.length * PART_BYTES);
      if (message?.data.length !== length) return undefined;
      parts.push(message.data);
    }
  }
  return Buffer.concat(parts);
}

/** The parts from `first` on that are under way at once. */
const upTo = (first: number, count: number, atOnce = AT_ONCE): number[] =>
  Array.from({ length: Math.min(atOnce, count - first) }, (_, i) => first + i);
