import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { EdgesweepError, messageOf, type ProgramFile } from '../../shared/mod.ts';
import { hashFile, isFile } from '../../shared/programs/files.ts';
import type { ProgramSettings } from '../../shared/programs/settings.ts';

/** A program as one machine starts it. */
export type ProgramSpec = {
  name: string;
  /** the words that start it, without a shell */
  command: readonly string[];
  /** full path of the folder that its files are in */
  directory: string;
  files: readonly ProgramFile[];
  settings: ProgramSettings;
};

/**
 * The words with full paths: the executable, looked for on the PATH, and each word that is a file of the program's folder. Its working
 * directory is a folder of its own.
 * @throws EdgesweepError PROGRAM_MISSING
 */
export function resolveCommand(
  { name, command, directory }: Pick<ProgramSpec, 'name' | 'command' | 'directory'>,
  path: string,
): string[] {
  const [first, ...rest] = command;
  const inFolder = (word: string) => {
    const full = join(directory, word);
    return !isAbsolute(word) && isFile(full) ? full : word;
  };
  return [findExecutable(name, first, directory, path), ...rest.map(inFolder)];
}

function findExecutable(name: string, word: string, directory: string, path: string): string {
  const missing = (message: string, got: string, fix: string) =>
    new EdgesweepError('PROGRAM_MISSING', `the program \`${name}\` ${message}`, {
      where: word,
      expected: word.includes('/') ? `an executable file, from ${directory}` : 'an executable file on the PATH',
      got,
      fix,
    });
  const places = word.includes('/')
    ? [isAbsolute(word) ? word : join(directory, word)]
    : path
        .split(delimiter)
        .filter((folder) => folder !== '')
        .map((folder) => join(folder, word));
  const found = places.filter(isFile);
  const executable = found.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (executable !== undefined) return executable;
  if (found.length > 0)
    throw missing('is not executable', found[0], `run \`chmod +x ${found[0]}\`, or start it with its interpreter`);
  const beside = !word.includes('/') && isFile(join(directory, word));
  throw missing('is not found', 'no such file', beside ? `write \`./${word}\`` : 'install it, or correct the command');
}

/** Compares a program's files with the digests of the sweep. A file is hashed again when its size or its times change. */
export class FileCheck {
  readonly #directory: string;
  readonly #files: readonly ProgramFile[];
  readonly #stamps = new Map<string, string>();
  #checked = Number.NEGATIVE_INFINITY;

  constructor({ directory, files }: Pick<ProgramSpec, 'directory' | 'files'>) {
    this.#directory = directory;
    this.#files = files;
  }

  /** What is missing or differs; empty when all is as it should be. @param trusted milliseconds for which a good answer holds */
  problems(trusted = 0): string[] {
    if (performance.now() - this.#checked < trusted) return [];
    const problems = this.#look();
    if (problems.length === 0) this.#checked = performance.now();
    return problems;
  }

  #look(): string[] {
    return this.#files.flatMap(({ path, sha256 }) => {
      try {
        const { size, mtimeMs, ctimeMs, ino } = statSync(join(this.#directory, path));
        const stamp = `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
        if (this.#stamps.get(path) === stamp) return [];
        if (hashFile(this.#directory, path).sha256 !== sha256) return [`${path} differs`];
        this.#stamps.set(path, stamp);
        return [];
      } catch (error) {
        return [(error as { code?: string }).code === 'ENOENT' ? `${path} is missing` : `${path}: ${messageOf(error)}`];
      }
    });
  }
}
