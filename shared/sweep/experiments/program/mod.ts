import { keysOfCells } from '../../../experiments/mod.ts';
import { type Json, PARAMETER_PREFIX, type ProgramCell } from '../../../experiments/program.ts';
import { nearest } from '../../../nearest.ts';
import { filesDigest } from '../../../programs/files.ts';
import type { Path, Problem } from '../../problems.ts';
import { repeatedKeys } from '../../table.ts';
import { defineKind, type SweepOf } from '../kind.ts';
import { filesOf } from './files.ts';
import { defaultsOf, parameterProblems } from './params.ts';
import { resolveProgram } from './resolve.ts';
import { programSweepSchema } from './schema.ts';

export type ProgramSweep = SweepOf<ReturnType<typeof programSweepSchema>>;

const byName = ([a]: readonly [string, Json], [b]: readonly [string, Json]): number => (a < b ? -1 : a > b ? 1 : 0);

export const program = defineKind({
  name: 'program',
  file: programSweepSchema,
  resolve: resolveProgram,
  cellMaker(sweep) {
    const { name, metrics } = sweep.program;
    const { search } = sweep;
    const settings: ProgramCell['program'] = {
      name,
      files: filesDigest(filesOf(sweep as ProgramSweep)),
      metrics: Object.keys(metrics).sort(),
      ...(search !== undefined && {
        search: {
          parameter: search.parameter,
          initialStepSize: search.initial,
          growth: search.growth,
          ceiling: search.ceiling,
        },
      }),
    };
    const defaults = Object.entries(defaultsOf(sweep));
    return (point): ProgramCell => {
      const chosen = Object.entries(point as Record<string, Json>).map(
        ([key, value]) => [key.slice(PARAMETER_PREFIX.length), value] as const,
      );
      const params = new Map([...defaults, ...chosen]);
      return { program: settings, params: Object.fromEntries([...params].sort(byName)) };
    };
  },
  problems: (cells, sweep) => parameterProblems(cells as readonly ProgramCell[], sweep),
  finish(sweep, cells) {
    const { table, figure } = sweep;
    const keys: [string, Path][] = [
      ...table.rows.map((key, i): [string, Path] => [key, ['table', 'rows', i]]),
      ...(['x', 'color', 'facet'] as const).flatMap((place): [string, Path][] => {
        const key = figure[place];
        return key === undefined ? [] : [[key, ['figure', place]]];
      }),
    ];
    return { sweep, problems: [...repeatedKeys({ ...table, columns: [] }), ...unknownKeys(keys, keysOfCells(cells))] };
  },
});

function unknownKeys(keys: readonly [string, Path][], all: readonly string[]): Problem[] {
  const known = all.filter((key) => key.startsWith(PARAMETER_PREFIX));
  return keys
    .filter(([key]) => !known.includes(key))
    .map(([key, path]) => {
      const meant = nearest(key, known);
      return {
        path,
        message: `no key \`${key}\` in the grid`,
        expected: `one of ${known.join(', ')}`,
        got: key,
        fix: meant === undefined ? 'use one of these keys' : `did you mean \`${meant}\`?`,
      };
    });
}
