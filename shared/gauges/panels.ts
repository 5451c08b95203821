import { COLUMNS, type Matrix, sharpnessColumn } from '../series/series.ts';

/** What a panel of a figure of trajectories shows. */
export type PanelFacts = {
  heading: string;
  /** of the whole network; curves of layers are of its columns of layers, where there are any */
  column: string;
  /** column along the horizontal axis */
  along: string;
  logarithmic: boolean;
  /** draws the edge of optimisers whose edge is one of this matrix's eigenvalues */
  edge?: Matrix;
};

const { iteration, loss, cost, gradientNorm, stepSize } = COLUMNS;

/** Every panel, in the order in which a figure has them by default. */
export const PANEL_FACTS = {
  loss: { heading: 'loss', column: loss, along: iteration, logarithmic: true },
  'loss-by-cost': { heading: 'loss by cost', column: loss, along: cost, logarithmic: true },
  sharpness: {
    heading: 'sharpness',
    column: sharpnessColumn('hessian'),
    along: iteration,
    logarithmic: false,
    edge: 'hessian',
  },
  'preconditioned-sharpness': {
    heading: 'preconditioned sharpness',
    column: sharpnessColumn('preconditioned'),
    along: iteration,
    logarithmic: true,
    edge: 'preconditioned',
  },
  'gradient-norm': { heading: 'gradient norm', column: gradientNorm, along: iteration, logarithmic: true },
  'step-size': { heading: 'step size', column: stepSize, along: iteration, logarithmic: true },
} as const satisfies Record<string, PanelFacts>;

export type Panel = keyof typeof PANEL_FACTS;
export const PANELS = Object.keys(PANEL_FACTS) as [Panel, ...Panel[]];

export const panelFacts = (panel: Panel): PanelFacts => PANEL_FACTS[panel];
