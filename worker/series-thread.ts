import { decodeSeries, type Series } from '../shared/mod.ts';

/** What runs inside the thread of `decodeUntrusted`. */
export const decode = ({ file, rows }: { file: Uint8Array; rows: number }): Promise<Series> => decodeSeries(file, rows);
