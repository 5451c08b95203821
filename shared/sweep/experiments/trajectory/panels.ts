/** A panel of a figure of trajectories: what it shows of a series. */
export type PanelFacts = {
  /** above it */
  title: string;
  /** column of the whole network, in the legend as Full; those of its layers have `_layer_` and the number behind it */
  column: string;
  /** columns of further curves of the network, by their names in the legend */
  others?: Readonly<Record<string, string>>;
  /** column of the network where the lines are values of a key; absent: `column` */
  ofKey?: string;
  scale: 'linear' | 'logarithmic';
  /** draws 2 / step size */
  edge?: true;
  /** the horizontal axis, whatever that of the others is */
  along?: 'cost';
  /** what a reader has to know where it is drawn */
  note?: string;
};

/** Every panel, by its name in sweep files. A new one is an entry here. */
export const PANEL_FACTS = {
  loss: { title: 'loss', column: 'loss', scale: 'logarithmic' },
  'loss-by-cost': {
    title: 'loss by cost',
    column: 'loss',
    scale: 'logarithmic',
    along: 'cost',
    note: 'cost in gradient equivalents: a gradient is 1, a loss alone 1/3, a Hessian-vector product 2',
  },
  sharpness: { title: 'sharpness', column: 'sharpness', scale: 'linear', edge: true },
  'gradient-norm': { title: 'gradient norm', column: 'gradient_norm', scale: 'logarithmic' },
  'step-size': { title: 'step size', column: 'step_size', scale: 'logarithmic' },
} as const satisfies Record<string, PanelFacts>;

export type Panel = keyof typeof PANEL_FACTS;
export const PANELS = Object.keys(PANEL_FACTS) as [Panel, ...Panel[]];
export const panelFacts = (panel: Panel): PanelFacts => PANEL_FACTS[panel];

/** What may be along the horizontal axis: iterations, or the sum of the step sizes before each. */
export const ALONG = ['iteration', 'time'] as const;
export type Along = (typeof ALONG)[number];
