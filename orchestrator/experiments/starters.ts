import type { ExperimentName } from '../../shared/mod.ts';
import { starter as bisect } from './bisect/starter.ts';
import { starter as map } from './map/starter.ts';
import { starter as maximalStepSize } from './maximal-step-size/starter.ts';
import { starter as phases } from './phases/starter.ts';
import { starter as program, starterFiles as programFiles } from './program/starter.ts';
import { starter as survival } from './survival/starter.ts';
import { starter as trajectory } from './trajectory/starter.ts';

/** A commented sweep file of each experiment that runs in a second or two; `name` is missing. Apart from the views, which are slow to load. */
export const STARTERS: { [Name in ExperimentName]: string } = {
  'maximal-step-size': maximalStepSize,
  trajectory,
  survival,
  bisect,
  phases,
  program,
  map,
};

/** Files that a starter needs beside it, by name. */
export const STARTER_FILES: { [Name in ExperimentName]?: () => Readonly<Record<string, string>> } = {
  program: programFiles,
};
