import { join, resolve } from 'node:path';
import { EdgesweepError, messageOf } from '../../../errors.ts';
import type { ProgramFile } from '../../../experiments/program.ts';
import type { Parsed } from '../../../lazily.ts';
import { byPath, hashFile, isFile, isInside, MOST_FILES, matchFiles } from '../../../programs/files.ts';
import { splitCommand } from '../../../programs/words.ts';
import type { Problem } from '../../problems.ts';
import type { programSweepSchema } from './schema.ts';

type Plan = Parsed<typeof programSweepSchema>;

/**
 * The plan with its command in words, its folder as a full path, and each file with the digest of its content. Files that have one, as in
 * the sweep file of a sweep directory, are left as they are.
 * @param folder of the sweep file
 */
export function resolveProgram(plan: Plan, folder: string): { plan: Plan; problems: Problem[] } {
  const { program } = plan;
  const directory = resolve(folder, program.directory ?? '.');
  const problems: Problem[] = [];
  const command = wordsOf(program.command, problems);
  const written = program.files ?? namedIn(command, directory);
  const files = written.flatMap((file, i): ProgramFile[] => {
    if (typeof file !== 'string') return [file];
    const found = filesOf(directory, file, ['program', 'files', i]);
    if ('problem' in found) problems.push(found.problem);
    return 'files' in found ? found.files : [];
  });
  const sorted = byPath([...new Map(files.map((file) => [file.path, file])).values()]);
  if (sorted.length > MOST_FILES) {
    problems.push({
      path: ['program', 'files'],
      message: 'the program has too many files',
      expected: `at most ${MOST_FILES}`,
      got: String(sorted.length),
      fix: 'list the files that results depend on, and leave data out',
    });
  }
  return { plan: { ...plan, program: { ...program, command, directory, files: sorted } }, problems };
}

function wordsOf(command: string | readonly string[], problems: Problem[]): string[] {
  if (typeof command !== 'string') return [...command];
  try {
    return splitCommand(command, 'program.command');
  } catch (error) {
    if (!(error instanceof EdgesweepError)) throw error;
    const { expected = '', got = '', fix = '' } = error.details;
    problems.push({ path: ['program', 'command'], message: error.message, expected, got, fix });
    return ['?'];
  }
}

/** The words of a command that are files of the program's folder. */
const namedIn = (command: readonly string[], directory: string): string[] =>
  command.map((word) => word.replace(/^\.\//, '')).filter((word) => isInside(word) && isFile(join(directory, word)));

function filesOf(
  directory: string,
  pattern: string,
  path: Problem['path'],
): { files: ProgramFile[] } | { problem: Problem } {
  const problem = (message: string, got: string, fix: string) => ({
    problem: { path, message, expected: `files below ${directory}`, got, fix },
  });
  if (!isInside(pattern)) {
    return problem(
      'a file of the program is outside its folder',
      pattern,
      'set `program.directory` to a folder above it',
    );
  }
  try {
    const files = matchFiles(directory, pattern).map((name) => hashFile(directory, name));
    if (files.length > 0) return { files };
    return problem(`no file \`${pattern}\``, 'no such file', 'correct the path, or set `program.directory`');
  } catch (error) {
    return problem(`\`${pattern}\` cannot be read`, messageOf(error), 'check the path and its permissions');
  }
}
