import type { ProgramFile } from '../../../experiments/program.ts';
import type { ProgramSweep } from './mod.ts';

/** The files of a sweep that was loaded: each has its digest. */
export const filesOf = ({ program }: Pick<ProgramSweep, 'program'>): ProgramFile[] => program.files as ProgramFile[];
