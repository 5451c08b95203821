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
  'gradient-norm': { heading: 'gradient norm', column: gradientNorm, along: iteration, logarithmic: true },
  'gauss-newton': {
    heading: 'sharpness, Gauss-Newton',
    column: sharpnessColumn('gaussNewton'),
    along: iteration,
    logarithmic: false,
    edge: 'hessian',
  },
  'test-loss': { heading: 'test loss', column: 'test_loss', along: iteration, logarithmic: true },
  accuracy: { heading: 'accuracy', column: 'accuracy', along: iteration, logarithmic: false },
  'test-accuracy': { heading: 'test accuracy', column: 'test_accuracy', along: iteration, logarithmic: false },
  'step-size': { heading: 'step size', column: stepSize, along: iteration, logarithmic: true },
} as const satisfies Record<string, PanelFacts>;

export type Panel = keyof typeof PANEL_FACTS;
export const PANELS = Object.keys(PANEL_FACTS) as [Panel, ...Panel[]];

export const panelFacts = (panel: Panel): PanelFacts => PANEL_FACTS[panel];
