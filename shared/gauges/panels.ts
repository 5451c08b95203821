import {
  BATCH_COLUMNS,
  COLUMNS,
  eigenvalueColumns,
  layerColumn,
  type Matrix,
  type Series,
  sharpnessColumn,
} from '../series/series.ts';

/** What a panel of a figure of trajectories shows. */
export type PanelFacts = {
  heading: string;
  /** of the whole network; curves of layers are of its columns of layers, where there are any */
  column: string;
  /** name of the curve of `column` where lines are blocks; absent: that of the whole network */
  named?: string;
  /** columns of further curves, by their names, where lines are blocks; layers are then not drawn */
  others?: Readonly<Record<string, string>>;
  /** column where the lines are the values of a key; absent: `column` */
  ofKey?: string;
  /** makes the whole network's values of other columns; undefined where these are missing */
  values?(series: Series): Float64Array | undefined;
  /** column along the horizontal axis; that of iterations may be replaced by time or distance */
  along: string;
  logarithmic: boolean;
  /** what a reader has to know where it is drawn */
  note?: string;
  /** a heat map of the spectral density in place of curves */
  heat?: true;
  /** draws the edge of optimisers whose edge is one of this matrix's eigenvalues */
  edge?: Matrix;
  /** that of plain gradient descent alone: there is none known for other optimisers */
  plain?: true;
};

const { iteration, loss, fullLoss, cost, gradientNorm, stepSize } = COLUMNS;

const sharpness = sharpnessColumn('hessian');

/** Curves of a panel of eigenvalues from each end, at most. */
const MOST_EIGENVALUES = 20;
const eigenvalueCurve = (end: 'largest' | 'smallest', k: number): [name: string, column: string] => [
  end === 'largest' ? `eigenvalue ${k}` : `smallest ${k}`,
  eigenvalueColumns('hessian', 'all', { end, k }).value,
];

/** lambda / max_l lambda_l */
function sharpnessRatio({ rows, columns }: Series): Float64Array | undefined {
  const layers: Float64Array[] = [];
  for (let layer = 1; columns.has(layerColumn(sharpness, layer)); layer++)
    layers.push(columns.get(layerColumn(sharpness, layer))!);
  const whole = columns.get(sharpness);
  if (whole === undefined || layers.length === 0) return undefined;
  return Float64Array.from({ length: rows }, (_, row) => whole[row] / Math.max(...layers.map((layer) => layer[row])));
}

/** Every panel, in the order in which a figure has them by default. */
export const PANEL_FACTS = {
  loss: { heading: 'loss', column: loss, along: iteration, logarithmic: true },
  'full-loss': { heading: 'loss of all examples', column: fullLoss, along: iteration, logarithmic: true },
  'loss-by-cost': {
    heading: 'loss by cost',
    column: loss,
    along: cost,
    logarithmic: true,
    note: 'cost in gradient equivalents: a gradient is 1, a loss alone 1/3, a Hessian-vector product 2',
  },
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
  'batch-sharpness': {
    heading: 'batch sharpness',
    column: BATCH_COLUMNS.ofRatios.value,
    along: iteration,
    logarithmic: false,
    edge: 'hessian',
    plain: true,
  },
  'batch-eigenvalue': {
    heading: 'sharpness of batches',
    column: BATCH_COLUMNS.largest.value,
    along: iteration,
    logarithmic: false,
    edge: 'hessian',
    plain: true,
  },
  'gradient-norm': { heading: 'gradient norm', column: gradientNorm, along: iteration, logarithmic: true },
  'step-size': { heading: 'step size', column: stepSize, along: iteration, logarithmic: true },
  'gauss-newton': {
    heading: 'sharpness, Gauss-Newton',
    column: sharpness,
    named: 'Hessian',
    others: { 'Gauss-Newton': sharpnessColumn('gaussNewton') },
    ofKey: sharpnessColumn('gaussNewton'),
    along: iteration,
    logarithmic: false,
    edge: 'hessian',
  },
  'test-loss': {
    heading: 'training and test loss',
    column: loss,
    named: 'training',
    others: { test: 'test_loss' },
    ofKey: 'test_loss',
    along: iteration,
    logarithmic: true,
  },
  accuracy: {
    heading: 'accuracy',
    column: 'accuracy',
    named: 'training',
    others: { test: 'test_accuracy' },
    ofKey: 'test_accuracy',
    along: iteration,
    logarithmic: false,
  },
  eigenvalues: {
    heading: 'eigenvalues',
    column: sharpness,
    others: Object.fromEntries([
      ...Array.from({ length: MOST_EIGENVALUES - 1 }, (_, i) => eigenvalueCurve('largest', i + 2)),
      ...Array.from({ length: MOST_EIGENVALUES }, (_, i) => eigenvalueCurve('smallest', i + 1)),
    ]),
    along: iteration,
    logarithmic: false,
    edge: 'hessian',
  },
  density: {
    heading: 'spectral density',
    column: 'density_products',
    along: iteration,
    logarithmic: false,
    heat: true,
    note: 'spectral density: share of the eigenvalues in a cell, logarithmic, from white (0.0001) to dark (0.3 or more)',
  },
  'eigenvector-mass': {
    heading: 'eigenvector mass',
    column: 'eigenvector_mass',
    along: iteration,
    logarithmic: false,
    note: 'eigenvector mass: share of each layer in the squared top eigenvector',
  },
  sharpening: {
    heading: 'sharpening',
    column: 'sharpening',
    along: iteration,
    logarithmic: false,
    note: 'sharpening: rate of change of the sharpness under gradient flow, and what each layer adds to it',
  },
  'sharpness-ratio': {
    heading: 'sharpness ratio',
    column: 'sharpness_ratio',
    values: sharpnessRatio,
    along: iteration,
    logarithmic: false,
    note: 'sharpness ratio: that of the network over the largest of its layers',
  },
  'flow-loss': {
    heading: 'loss',
    column: loss,
    others: { 'gradient flow': 'flow_loss', 'central flow': 'central_flow_predicted_loss' },
    ofKey: 'flow_loss',
    along: iteration,
    logarithmic: true,
    note: 'Full: gradient descent; central flow: predicted mean over its oscillation',
  },
  'flow-sharpness': {
    heading: 'sharpness',
    column: sharpness,
    others: { 'gradient flow': 'flow_sharpness', 'central flow': 'central_flow_sharpness' },
    ofKey: 'flow_sharpness',
    along: iteration,
    logarithmic: false,
    edge: 'hessian',
  },
  'flow-distance': {
    heading: 'distance from descent',
    column: 'flow_distance',
    named: 'gradient flow',
    others: { 'central flow': 'central_flow_distance' },
    along: iteration,
    logarithmic: true,
  },
} as const satisfies Record<string, PanelFacts>;

export type Panel = keyof typeof PANEL_FACTS;
export const PANELS = Object.keys(PANEL_FACTS) as [Panel, ...Panel[]];

export const panelFacts = (panel: Panel): PanelFacts => PANEL_FACTS[panel];

/** What may be along the horizontal axis of panels along iterations: these, or the sum of the step sizes or step lengths before each. */
export const ALONG = ['iteration', 'time', 'distance'] as const;
export type Along = (typeof ALONG)[number];
