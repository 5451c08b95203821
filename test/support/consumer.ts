import { execFile } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** What a strict project of a user checks; the declarations of the packages too. */
const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  target: 'es2023',
  module: 'nodenext',
  types: ['node'],
} as const;

/**
 * Compiles the modules of a folder where the package is installed, with this repository's compiler.
 * @param options over those of a strict project
 * @throws with the messages of the compiler
 */
export async function compile(folder: string, options: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const compilerOptions = { ...STRICT, typeRoots: [join(modules, '@types')], ...options };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  await promisify(execFile)(join(modules, '.bin', 'tsc'), ['-p', folder]).catch(({ stdout }: { stdout: string }) => {
    throw new Error(stdout);
  });
}

/** Makes the package importable in the folder as it is built here. */
export function linkPackage(folder: string): void {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  symlinkSync(fileURLToPath(new URL('../..', import.meta.url)), join(folder, 'node_modules', 'edgesweep'), 'dir');
}
