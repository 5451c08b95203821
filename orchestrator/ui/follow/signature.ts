import { stat } from 'node:fs/promises';

/** A file as it was, to see that it changed. */
export type Signature = string;

export async function signatureOf(path: string): Promise<Signature> {
  try {
    const { ino, size, mtimeMs } = await stat(path);
    return `${ino}:${size}:${mtimeMs}`;
  } catch {
    return 'none';
  }
}
