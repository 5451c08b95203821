import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** For a package that holds the files of a data set as they are. */
export async function moveFiles(unpacked: string, folder: string): Promise<void> {
  for (const name of readdirSync(unpacked)) renameSync(join(unpacked, name), join(folder, name));
}
