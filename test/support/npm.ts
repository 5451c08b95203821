import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** npm without what the npm that runs these tests has told its children. */
export async function npm(words: readonly string[], cwd: string): Promise<string> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS|VITEST)/i.test(name)),
  );
  const { stdout } = await promisify(execFile)('npm', [...words], { cwd, env, maxBuffer: 1 << 26 });
  return stdout;
}

type Packed = { filename: string; size: number; unpackedSize: number };

/** Packs this repository, as it is built, into the folder. @returns sizes in bytes */
export async function packInto(folder: string): Promise<Packed & { paths: string[] }> {
  // built already; the build would disturb the tests beside this one
  const packed = JSON.parse(await npm(['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root));
  const [{ filename, size, unpackedSize, files }] = packed as [Packed & { files: { path: string }[] }];
  return { filename, size, unpackedSize, paths: files.map(({ path }) => path) };
}

/** Installs a package that lies in the folder there. */
export async function installPacked(filename: string, folder: string): Promise<void> {
  writeFileSync(join(folder, 'package.json'), '{"private": true}');
  await npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', `./${filename}`], folder);
}
