import { EdgesweepError } from '../../shared/mod.ts';

/** A sweep as the server knows it. */
export type Known = { key: string; name: string };

/** What the user wrote, and what it means if it is a sweep file: `fileKey`. */
export type Wanted = { text: string; fileKey: string | undefined };

/**
 * The sweep that is meant: the one with that key, else the one that the file describes, else the only one of that name.
 * @throws EdgesweepError USAGE, with the list of those there are
 */
export function findSweep<T extends Known>({ text, fileKey }: Wanted, known: readonly T[]): T {
  const exact = known.find(({ key }) => key === text) ?? known.find(({ key }) => key === fileKey);
  if (exact !== undefined) return exact;
  const ofName = known.filter(({ name }) => sameName(name, text));
  if (ofName.length === 1) return ofName[0];
  const list = (sweeps: readonly Known[]) => sweeps.map(({ key }) => key).join('\n            ');
  if (ofName.length > 1) {
    throw new EdgesweepError('USAGE', `${ofName.length} sweeps on the server are named ${text}`, {
      where: text,
      expected: 'the key of one of them, or its file with the flags of its run',
      got: list(ofName),
      fix: 'use one of these keys',
    });
  }
  throw new EdgesweepError('USAGE', `the server knows no such sweep`, {
    where: text,
    expected: known.length === 0 ? 'a sweep on the server; it has none' : list(known),
    ...(fileKey !== undefined && { got: `${fileKey} (with the flags given)` }),
    fix:
      known.length === 0
        ? 'send one with `edgesweep run SWEEP --nats ...`'
        : 'use one of these keys or names, or the flags of its run',
  });
}

/** In keys, dots are written as underscores. */
const sameName = (a: string, b: string): boolean => a.replaceAll('.', '_') === b.replaceAll('.', '_');
