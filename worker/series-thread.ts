import { decodeSeries, type Series } from '../shared/mod.ts';

/** Runs inside the thread of `decodeUntrusted`. */
export const decode = ({ file, rows }: { file: Uint8Array; rows: number }): Promise<Series> => decodeSeries(file, rows);

/** Answers once the thread has loaded what it needs. */
export const ready = (): void => {};
