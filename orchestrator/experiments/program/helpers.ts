import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../shared/mod.ts';

/** Helpers for programs, by language. They are copied into projects, so that no package has to be installed there. */
export const HELPERS = { python: 'edgesweep_task.py', node: 'edgesweep-task.mjs' } as const;
export type Language = keyof typeof HELPERS;

export const helperText = (language: Language): string =>
  readFileSync(join(packageRoot(), 'docs', 'programs', HELPERS[language]), 'utf8');
