import { EdgesweepError, errorLine, messageOf, type ProgramFile } from '../../shared/mod.ts';
import { filesDigest, hashFile, isInside } from '../../shared/programs/files.ts';
import type { ProgramNeed } from '../../shared/protocol/mod.ts';
import { type ProgramSpec, resolveCommand } from '../programs/mod.ts';

/** A program that this node's own command line allows. */
export type AllowedProgram = { name: string; command: readonly string[] };

export type NodePrograms = {
  /** How this node starts the program; undefined where it lacks its name or its files, which is reported once. */
  specOf(need: ProgramNeed): ProgramSpec | undefined;
  /** A task could not start it although it was here. */
  lost(need: ProgramNeed, error: EdgesweepError): void;
};

type Looked = { spec: ProgramSpec | undefined; at: number };

/**
 * Knows which programs this node may start, and whether their files are those of a sweep. What a sweep says of its program is a name,
 * digests and settings: it never names a command.
 * @param directory folder of the programs' files
 * @param again milliseconds until what was missing is looked for again
 * @param note called once for each program that this node cannot start
 */
export function keepPrograms(
  allowed: readonly AllowedProgram[],
  directory: string,
  path: string,
  again: number,
  note: (text: string) => void,
): NodePrograms {
  const looked = new Map<string, Looked>();
  const reported = new Set<string>();
  const keyOf = (need: ProgramNeed) => JSON.stringify([need.name, need.digest, need.settings]);
  const report = (need: ProgramNeed, why: string) => {
    const key = keyOf(need);
    if (reported.has(key)) return;
    reported.add(key);
    note(`this node takes no tasks of the program ${need.name}: ${why}`);
  };
  const find = (need: ProgramNeed): ProgramSpec | undefined => {
    const { name, settings } = need;
    const program = allowed.find((one) => one.name === name);
    if (program === undefined) {
      const names = allowed.map((one) => one.name).join(', ') || 'none';
      report(need, `it is not allowed here (allowed: ${names}); start the worker with --allow '${name}=COMMAND'`);
      return undefined;
    }
    const { files, problems } = filesHere(directory, need);
    if (problems.length > 0) {
      report(
        need,
        `files in ${directory} are not those of the sweep: ${problems.slice(0, 5).join(', ')}; copy them here`,
      );
      return undefined;
    }
    const spec = { name, command: program.command, directory, files, settings };
    try {
      resolveCommand(spec, path);
    } catch (error) {
      report(need, error instanceof EdgesweepError ? errorLine(error) : messageOf(error));
      return undefined;
    }
    reported.delete(keyOf(need));
    return spec;
  };
  return {
    specOf(need) {
      const key = keyOf(need);
      const last = looked.get(key);
      if (last?.spec !== undefined || (last !== undefined && performance.now() - last.at < again)) return last.spec;
      const spec = find(need);
      looked.set(key, { spec, at: performance.now() });
      return spec;
    },
    lost(need, error) {
      looked.set(keyOf(need), { spec: undefined, at: performance.now() });
      report(need, errorLine(error));
    },
  };
}

/** The files that a sweep needs, as they are here. */
function filesHere(directory: string, { files, digest }: ProgramNeed): { files: ProgramFile[]; problems: string[] } {
  const problems: string[] = [];
  const found = files.flatMap(([path, start]): ProgramFile[] => {
    if (!isInside(path)) problems.push(`${path} is outside the folder`);
    else {
      try {
        const file = hashFile(directory, path);
        if (file.sha256.startsWith(start)) return [file];
        problems.push(`${path} differs`);
      } catch (error) {
        problems.push(
          (error as { code?: string }).code === 'ENOENT' ? `${path} is missing` : `${path}: ${messageOf(error)}`,
        );
      }
    }
    return [];
  });
  if (problems.length === 0 && filesDigest(found) !== digest) problems.push('one of them differs');
  return { files: found, problems };
}
