import { TRAJECTORY, type TrajectoryArithmetic } from '../vocabulary.ts';
import { batches } from './batches.ts';
import { density } from './density.ts';
import { centralFlow, flow } from './flow.ts';
import type { GaugedCell, GaugeFacts } from './gauge.ts';
import { gaussNewton } from './gauss-newton.ts';
import { preconditioned } from './preconditioned.ts';
import { sharpening } from './sharpening.ts';
import { sharpness } from './sharpness.ts';
import { test } from './test.ts';

export { type BatchSettings, batchSizeOf } from './batches.ts';
export { type DensitySettings, densityColumns } from './density.ts';
export type { FlowSettings } from './flow.ts';
export type { GaugedCell, GaugeFault } from './gauge.ts';
export { ALONG, type Along, PANELS, type Panel, type PanelFacts, panelFacts } from './panels.ts';
export { SHARPNESS_GRADIENT_NORM, sharpeningColumns } from './sharpening.ts';
export { hasClasses, TEST_COLUMNS } from './test.ts';

/** Every gauge, in the order of their columns. A new one is a file and a line here, its key in `trajectorySchema`, and how it measures. */
export const GAUGES = [
  sharpness,
  preconditioned,
  gaussNewton,
  batches,
  sharpening,
  flow,
  centralFlow,
  density,
  test,
] as const;
export type GaugeName = (typeof GAUGES)[number]['name'];

/** A gauge of a cell with its settings. */
export type CellGauge = { gauge: GaugeFacts<GaugeName>; settings: unknown };

/** The gauges that a cell has, in order. */
export function gaugesOf(cell: GaugedCell): CellGauge[] {
  const given = cell.trajectory as Readonly<Record<string, unknown>>;
  return GAUGES.map((gauge): CellGauge => ({ gauge, settings: given[gauge.name] })).filter(
    ({ gauge, settings }) => settings !== undefined || gauge.implied?.(cell),
  );
}

/** The arithmetic of a cell: it follows from the gauges that the cell has. */
export const trajectoryArithmetic = (cell: GaugedCell): TrajectoryArithmetic =>
  gaugesOf(cell).find(({ gauge }) => gauge.arithmetic !== undefined)?.gauge.arithmetic ?? TRAJECTORY;
